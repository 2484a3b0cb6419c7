"""注文者・送付先 from columns: the fields of a row tell by their names what they are (buyer_last, ship_zip1 …)."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from akinai.adapters.channels.words.findings import Code, Findings
from akinai.adapters.channels.words.places import prefecture, split_prefecture, without_prefecture
from akinai.adapters.channels.words.rows import ParsedRow, column_fields
from akinai.orders.ports import Address, DestinationDraft, LineDraft


@dataclass(frozen=True, slots=True)
class _Names:
    """Fields of one person in one kind of row; () where the mall has no such column."""

    name: tuple[str, ...]
    kana: tuple[str, ...]
    company: tuple[str, ...]
    postal: tuple[str, ...]
    prefecture: tuple[str, ...]
    city: tuple[str, ...]
    line1: tuple[str, ...]
    line2: tuple[str, ...]
    phone: tuple[str, ...]
    email: tuple[str, ...]


MOST_PIECES = 99_999
type Wishes = Callable[[Any], tuple[date | None, str]]
_seen: dict[tuple[type[ParsedRow], str], _Names] = {}


def _names(kind: type[ParsedRow], who: str) -> _Names:
    if (kind, who) not in _seen:
        _seen[kind, who] = _found(kind, who)
    return _seen[kind, who]


def _found(kind: type[ParsedRow], who: str) -> _Names:
    known = {item.name for item in column_fields(kind)}

    def of(*names: str) -> tuple[str, ...]:
        return tuple(f"{who}_{name}" for name in names if f"{who}_{name}" in known)

    return _Names(
        name=of("last", "first") or of("name"),
        kana=of("last_kana", "first_kana") or of("kana"),
        company=of("company", "section"),
        postal=of("zip1", "zip2") or of("zip"),
        prefecture=of("prefecture"),
        city=of("city"),
        line1=of("address1"),
        line2=of("address2", "address3"),
        phone=of("phone1", "phone2", "phone3") or of("phone"),
        email=of("email"),
    )


def person(f: Findings, row: ParsedRow, who: str, *, state: str | None = None) -> Address:
    """The `who` ("buyer" or "ship") of an order. `state` where the mall tells the prefecture in its own way.

    An address that begins with its prefecture is told apart from it.
    """
    names = _names(type(row), who)
    if state is None:
        state = prefecture("".join(getattr(row, name) for name in names.prefecture))
    line1 = f.texts(row, names.line1, 200)
    if not state:
        state, line1 = split_prefecture(line1)
    return Address(
        name=f.texts(row, names.name, 100, join=" "),
        kana=f.texts(row, names.kana, 100, join=" "),
        company=f.texts(row, names.company, 100, join=" "),
        postal_code=f.postal(row, *names.postal, prefecture=state),
        prefecture=state,
        city=without_prefecture(state, f.texts(row, names.city, 100)),
        line1=without_prefecture(state, line1),
        line2=f.texts(row, names.line2, 200, join=" "),
        phone=f.phone(row, *names.phone),
        email=f.texts(row, names.email, 254),
    )


def note_destinations(f: Findings, rows: Sequence[ParsedRow], by: str = "", *, is_told: bool = False) -> None:
    """複数送付先: said with the names. `by` is the field that tells destinations apart, without it name and place do;
    `is_told` when the mall says so itself. The first destination becomes the order's; `elsewhere` keeps the others.
    """
    ids = [_place(row, by) for row in rows]
    if len(dict.fromkeys(one for one in ids if any(one))) < 2 and not is_told:
        return
    fields = _names(type(rows[0]), "ship").name
    names = [" ".join(filter(None, (getattr(row, name) for name in fields))) for row in rows]
    listed = "、".join(dict.fromkeys(name for name in names if name))
    message = (
        f"送付先が複数あります（{listed}）。最初の送付先の注文として取り込みました。"
        f"ほかの送付先は明細の原データにあります。注文を送付先ごとに分けてください。"
    )
    f.note(Code.MULTI_SHIP, message, rows[0], by or fields[0], value=listed)


def other_destinations(
    f: Findings, rows: Sequence[ParsedRow], lines: Sequence[LineDraft], by: str, wishes: Wishes
) -> tuple[DestinationDraft, ...] | None:
    """送付先 beside the first one, each with its lines, where the mall leaves no doubt: every row names its destination by the
    mall's own number (`by`), and the rows of one number tell one place. None where it does; then a person shares the lines out.

    In: `rows` and the `lines` made of them, one by one. `wishes`: day and time of day of a row.
    """
    groups: dict[str, list[int]] = {}
    for at, row in enumerate(rows):
        groups.setdefault(getattr(row, by).strip(), []).append(at)
    if (
        "" in groups
        or len(rows) != len(lines)
        or any(_differ([rows[at] for at in ats]) for ats in groups.values())
    ):
        return None
    found = []
    for number, ats in list(groups.items())[1:]:
        row = rows[ats[0]]
        to, (day, slot) = person(f, row, "ship"), wishes(row)
        pieces = tuple((lines[at].line_no, lines[at].quantity) for at in ats if lines[at].quantity > 0)
        if not (to.name and to.line1 and pieces) or max(count for _, count in pieces) > MOST_PIECES:
            return None
        found.append(DestinationDraft(to, pieces, day, slot, number))
    return tuple(found)


def _differ(rows: Sequence[ParsedRow]) -> bool:
    """Do these rows, which ought to tell one destination, tell several?"""
    return len({_place(row, "") for row in rows}) > 1


def _place(row: ParsedRow, by: str) -> tuple[str, ...]:
    """What tells one destination from another; nothing but blanks where the row leaves it out."""
    if by:
        return (getattr(row, by),)
    names = _names(type(row), "ship")
    return tuple(getattr(row, name) for name in (*names.name, *names.postal, *names.line1))


def elsewhere(row: ParsedRow, head: ParsedRow) -> dict[str, str]:
    """The destination's columns of a line that goes to another place than its order, to be kept with the line."""
    names = _names(type(row), "ship")
    place = (*names.name, *names.postal, *names.city, *names.line1, *names.line2, *names.phone)
    if row is head or all(getattr(row, name) == getattr(head, name) for name in place):
        return {}
    if not any(getattr(row, name) for name in (*names.name, *names.line1)):
        return {}  # told on the first row only
    columns = [item.name for item in column_fields(type(row)) if item.name.startswith("ship_")]
    return {row.header(name): getattr(row, name) for name in columns if getattr(row, name)}


def with_elsewhere(rows: Sequence[ParsedRow], raws: Sequence[Mapping[str, str]]) -> list[dict[str, str]]:
    """The lines' own columns, with another destination's beside them."""
    return [{**raw, **elsewhere(row, rows[0])} for row, raw in zip(rows, raws, strict=True)]
