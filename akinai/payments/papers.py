"""督促状 as PDF: the step's own text on a sheet with address, amount and day, one page a letter. Writes nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from akinai.billing.papers import address_of
from akinai.core import typeset
from akinai.core.money import yen
from akinai.party import queries as party
from akinai.payments import services
from akinai.ui.formats import long_date

if TYPE_CHECKING:
    from akinai.payments.models import Due, DunningAct, DunningStep

TEMPLATE = Path(__file__).resolve().parent / "typst" / "letter.typ"
RULE, FACT = "─", "■"
TITLE = "督促状"


@dataclass(frozen=True, slots=True)
class Letter:
    """書面 1 通: the act, what is owed now, and the step with its text."""

    act: DunningAct
    due: Due
    step: DunningStep


def letters_pdf(letters: Sequence[Letter], *, on: date) -> bytes:
    """All these letters, dated `on`, in one file to print."""
    issuer = party.issuer_of(party.company())
    data = {"issuer": issuer, "letters": [_letter(one, on, party.signature(issuer)) for one in letters]}
    return typeset.render(TEMPLATE, data, tagged=False)


def _letter(one: Letter, on: date, signature: str) -> dict[str, Any]:
    values = services.values_of(one.due, on=on)
    subject, body = services.letter(one.due, one.step, on=on)
    postal, address = _where(one.due)
    return {
        "recipient": values["宛名"], "postal": postal, "address": address, "on": long_date(on), "title": TITLE,
        "amount": yen(one.due.owed_yen), "due": long_date(one.due.due_on), "late": values["超過日数"],
        "number": f"{one.due.number}-{one.act.pk}", "parts": parts_of(body, drop=(values["宛名"], TITLE, subject), signature=signature),
    }  # fmt: skip


def _where(due: Due) -> tuple[str, str]:
    """(郵便番号, 住所) of who owes: as the statement names him, else as he ordered."""
    if due.statement:
        return _split(due.statement.recipient_address)
    if due.order:
        return _split(address_of(due.order.buyer_postal_code, due.order.buyer_address))
    return "", ""


def _split(address: str) -> tuple[str, str]:
    if address.startswith("〒"):
        postal, _, rest = address.removeprefix("〒").partition(" ")
        return postal, rest
    return "", address


def parts_of(body: str, *, drop: Sequence[str], signature: str) -> list[Mapping[str, Any]]:
    """The text without what the sheet says already (name, title, signature): paragraphs, and tables of ■ lines."""
    text = body.strip().removesuffix(signature.strip()).strip()
    parts: list[Mapping[str, Any]] = []
    for chunk in _chunks(text):
        if not parts and " ".join(chunk).strip() in drop:
            continue
        if chunk[0].startswith(FACT):
            parts.append({"kind": "facts", "rows": _rows(chunk)})
        else:
            parts.append({"kind": "text", "text": "\n".join(chunk)})
    return parts


def _chunks(text: str) -> list[list[str]]:
    """Lines that belong together: blank lines and rules part them, and so does the first ■."""
    found: list[list[str]] = [[]]
    for line in text.splitlines():
        plain = line.strip()
        if not plain or not plain.strip(RULE):
            found.append([])
            continue
        if plain.startswith(FACT) and found[-1] and not found[-1][0].startswith(FACT):
            found.append([])
        found[-1].append(plain)
    return [chunk for chunk in found if chunk]


def _rows(chunk: Sequence[str]) -> list[list[str]]:
    """■ 名前　値 → [名前, 値]; a line without a mark goes on with the value before."""
    rows: list[list[str]] = []
    for line in chunk:
        if line.startswith(FACT):
            name, _, value = line.removeprefix(FACT).strip().replace("　", " ").partition(" ")
            rows.append([name, value.strip()])
        else:
            rows[-1][1] += f"\n{line}"
    return rows
