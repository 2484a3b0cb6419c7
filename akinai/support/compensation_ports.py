"""補償を実行する: the rooms that hold money, goods, coupons and points do it; the flows fill these ways."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Wanted:
    """補償 1 件 as it is to be carried out. `number` names the fact: the same again is the same."""

    number: str
    complaint: str
    kind: str
    yen: int
    reason: str
    order_id: int | None = None
    customer_id: int | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    is_unsent: bool = False  # of what is taken back: the money has not reached the customer


@dataclass(frozen=True, slots=True)
class Carried:
    """What came of it: the document it stands on (CN-…, SO-…, a coupon's code) and a sentence for the thread."""

    document: str
    words: str


@dataclass(frozen=True, slots=True)
class Offer:
    """クーポン that may be given: its code, its name, and what it is worth."""

    code: str
    title: str
    yen: int


class Way(Protocol):
    """One kind of compensation. Both run in the caller's transaction and raise DomainError where they cannot."""

    def carry(self, wanted: Wanted, *, by: Staff | None) -> Carried:
        """Do it."""
        ...

    def undo(self, wanted: Wanted, document: str, *, reason: str, by: Staff | None) -> str:
        """Take it back. Out: a sentence for the thread. Refused where it has gone its way already."""
        ...


_ways: dict[str, Way] = {}
_offers: list[Any] = []


def fill(kind: str, way: Way) -> None:
    """Bring a kind of compensation into use (called from AppConfig.ready)."""
    _ways[kind] = way


def fill_offers(offers: Any) -> None:
    """Who knows which coupons may be given."""
    _offers[:] = [offers]


def kinds() -> Sequence[str]:
    """The kinds that somebody carries out."""
    return tuple(_ways)


def way_of(kind: str) -> Way:
    """Raises DomainError for a kind that nobody carries out."""
    if kind not in _ways:
        raise DomainError("この補償は、いまは実行できません。", way_out="別の種類を選んでください。")
    return _ways[kind]


def offers() -> Sequence[Offer]:
    """クーポン that may be given now."""
    return _offers[0]() if _offers else ()
