"""What hangs on a customer in other rooms (顧客についていくもの): it follows when two customers become one, and goes back,
it is told to the person who asks for it (開示), and it goes when it is no longer to be held (消去).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Exists, Model, Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.utils.timezone import localtime

if TYPE_CHECKING:
    from akinai.staff.models import Staff


class Follower(Protocol):
    """One room. Everything happens in the transaction of the merge."""

    code: str

    def tell(self, customer_id: int) -> Sequence[tuple[str, str]]:
        """(what, how much) of it this customer has, for the preview."""
        ...

    def refuse(self, kept: int, gone: int, choice: str) -> tuple[str, str] | None:
        """Why the two cannot become one, and the way out. `choice`: whose terms hold, "kept" or "gone"."""
        ...

    def follow(self, kept: int, gone: int, choice: str, *, by: Staff | None) -> Any:
        """Move it from `gone` to `kept`. Out: JSON that `go_back` needs."""
        ...

    def go_back(self, kept: int, gone: int, moved: Any, *, by: Staff | None) -> None:
        """Move back what was moved then; what came to `kept` since stays there."""
        ...


FOLLOWERS: dict[str, Follower] = {}


def register_follower(follower: Follower) -> None:
    """Called from an AppConfig.ready."""
    FOLLOWERS[follower.code] = follower


@dataclass(frozen=True, slots=True)
class Section:
    """What one room holds of a person: rows of plain words, and files (name, bytes)."""

    title: str
    rows: Sequence[Mapping[str, str]] = ()
    files: Sequence[tuple[str, bytes]] = ()


@dataclass(frozen=True, slots=True)
class Traces:
    """What a person is found by: mail addresses, words that name him, and the rows that are his (label of the model → keys)."""

    mails: frozenset[str] = frozenset()
    words: frozenset[str] = frozenset()
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Erasee:
    """消去する本人: all customers that were joined into one, with the traces that every room knows of him.

    `mails` are his alone: no other customer has them. All lower case.
    """

    customer_ids: Sequence[int]
    mails: Sequence[str] = ()
    words: Sequence[str] = ()
    rows: Mapping[str, Sequence[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hindrance:
    """Why a person cannot be erased yet, and what is to be done first. `url` leads there."""

    what: str
    way_out: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """One kind of data of a person in a room: what becomes of it.

    With a `law` it is kept until the day, in these `columns` ("table.column"). Otherwise `blank` is written over it, or
    the rows go where nothing is to be written; `act` does what one UPDATE cannot, before that. `erased_at` marks rows that the
    database lets change only once.
    """

    title: str
    rows: QuerySet[Any]
    blank: Mapping[str, Any] | None = None
    act: Callable[[QuerySet[Any]], object] | None = None
    law: str = ""
    until: date | None = None
    columns: Sequence[str] = ()


class Holder(Protocol):
    """One room that holds personal data of customers (個人データを持つ部屋)."""

    code: str

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        """Everything it holds of this person (of all customers that were joined into one by 名寄せ)."""
        ...

    def trace(self, customer_ids: Sequence[int]) -> Traces:
        """What this room knows the person by."""
        ...

    def hinder(self, customer_ids: Sequence[int]) -> Sequence[Hindrance]:
        """What must be finished before the person can be erased."""
        ...

    def shares(self, erasee: Erasee) -> Sequence[Share]:
        """What becomes of the person's data here. Nothing is changed by asking."""
        ...


HOLDERS: dict[str, Holder] = {}


def register_holder(holder: Holder) -> None:
    """Called from an AppConfig.ready. The order of the file is the order of registration."""
    HOLDERS[holder.code] = holder


@dataclass(frozen=True, slots=True)
class Finding:
    """What a colleague wrote for himself and where the person may be named: a person decides, for the name may be another's.

    `key` names it ("views:12"). `is_sure`: a whole word of the person stands in it (his address, his full name). `stays`: why it
    cannot go, "" where it can.
    """

    key: str
    text: str
    by: str
    is_sure: bool = False
    stays: str = ""


class Finder(Protocol):
    """Somewhere staff write freely, beside the rows that are the person's own."""

    code: str
    title: str

    def find(self, words: Sequence[str], parts: Sequence[str]) -> Sequence[Finding]:
        """Where one of the person's words stands, or a part of his name."""
        ...

    def take(self, keys: Sequence[int]) -> int:
        """Erase these. Out: how many."""
        ...


FINDERS: dict[str, Finder] = {}


def register_finder(finder: Finder) -> None:
    """Called from an AppConfig.ready."""
    FINDERS[finder.code] = finder


@dataclass(frozen=True, slots=True)
class Timer:
    """保存期間 of one kind: what goes of itself when its days are over.

    `rows(before)` are those whose days ended before then and that neither the law nor anything open keeps; `take` does it to a
    batch of them in one transaction. `law`: why they go, or why they may not go sooner than after `least` days.
    """

    code: str
    title: str
    law: str
    days: int
    rows: Callable[[datetime], QuerySet[Any]]
    take: Callable[[QuerySet[Any]], object]
    least: int = 1


TIMERS: dict[str, Timer] = {}


def register_timer(timer: Timer) -> None:
    """Called from an AppConfig.ready. The order of the screen is the order of registration."""
    TIMERS[timer.code] = timer


type Need = Callable[[], Exists]
NEEDS: list[Need] = []


def register_need(need: Need) -> None:
    """Called from an AppConfig.ready. `need()`: is there a row that still needs the customer `OuterRef("pk")` by name?"""
    NEEDS.append(need)


def keys_of(*found: QuerySet[Any]) -> dict[str, list[int]]:
    """These rows as `Traces` tells them: label of the model → keys."""
    return {rows.model._meta.label_lower: list(rows.values_list("pk", flat=True)) for rows in found}


def mentions(rows: QuerySet[Any], words: Sequence[str], *fields: str) -> QuerySet[Any]:
    """Of these rows those in which one of the words stands in a field (of text or JSON)."""
    if not words:
        return rows.none()
    found = Q()
    for name in fields:
        rows = rows.alias(**{f"{name}_words": Cast(name, TextField())})
        for word in words:
            found |= Q(**{f"{name}_words__icontains": word})
    return rows.filter(found)


def told(rows: QuerySet[Any], *fields: str) -> list[dict[str, str]]:
    """Rows as plain words, by the Japanese names of their fields; a field with choices says its word."""
    return [{_title(row, name): _word(row, name) for name in fields} for row in rows]


def _title(row: Model, name: str) -> str:
    return str(getattr(row._meta.get_field(name), "verbose_name", name))


def _word(row: Model, name: str) -> str:
    display = getattr(row, f"get_{name}_display", None)
    value = display() if display else getattr(row, name)
    if isinstance(value, datetime):
        return f"{localtime(value):%Y-%m-%d %H:%M}"
    if isinstance(value, bool):
        return "はい" if value else "いいえ"
    return "" if value is None else str(value)
