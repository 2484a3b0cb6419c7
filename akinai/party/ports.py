"""What hangs on a customer in other rooms (顧客についていくもの): it follows when two customers become one, and goes back,
and it is told to the person who asks for it (開示).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from django.db.models import Model, QuerySet
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


class Holder(Protocol):
    """One room that holds personal data of customers (個人データを持つ部屋)."""

    code: str

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        """Everything it holds of this person (of all customers that were joined into one by 名寄せ)."""
        ...


HOLDERS: dict[str, Holder] = {}


def register_holder(holder: Holder) -> None:
    """Called from an AppConfig.ready. The order of the file is the order of registration."""
    HOLDERS[holder.code] = holder


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
