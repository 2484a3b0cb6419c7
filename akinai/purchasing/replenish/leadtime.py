"""納期: how many days an order takes, and how far that strays, from real receipts. Pure.

Few receipts lean on what the supplier promised; a late order that is still open counts with the days it has taken so
far, so a supplier cannot look quick by not delivering.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from math import sqrt

UNKNOWN_DAYS = 14
PROMISE_COUNTS = 3
PROMISE_SPREAD = 0.25
TENTH = Decimal("0.1")


@dataclass(frozen=True, slots=True)
class Arrival:
    """発注 1 件の到着. `received_on` None: not here yet. `quantity` pieces (分納: one row per part)."""

    ordered_on: date
    received_on: date | None
    quantity: int = 1


@dataclass(frozen=True, slots=True)
class LeadTime:
    """納期: mean and standard deviation in calendar days (one decimal), how many receipts tell, and the promise."""

    days: Decimal
    spread: Decimal
    receipts: int
    promised: int | None = None

    def __post_init__(self) -> None:
        if self.days < 0 or self.spread < 0:
            raise ValueError(f"negative lead time: {self.days} ± {self.spread}")


def lead_time(arrivals: Iterable[Arrival], *, promised: int | None = None, today: date) -> LeadTime:
    """Mean and spread of the days from order to arrival, weighted by pieces, leaning on `promised` days.

    The promise counts like three receipts, with a quarter of itself as spread (at least a day). Nothing known: 14 days.
    Arrivals before their order are passed over.
    """
    taken = [(one, _days(one, today)) for one in arrivals if one.quantity > 0]
    known = [(days, one.quantity) for one, days in taken if one.received_on is not None and days >= 0]
    mean = _mean(known) if known else None
    late = [
        days for one, days in taken if one.received_on is None and days > (mean or promised or UNKNOWN_DAYS)
    ]
    weights = [(days, Decimal(pieces)) for days, pieces in known]
    usual = Decimal(sum(pieces for _, pieces in known)) / len(known) if known else Decimal(1)
    weights += [(days, usual) for days in late]
    return _leaned(weights, len(known) + len(late), promised)


def _days(one: Arrival, today: date) -> int:
    return ((one.received_on or today) - one.ordered_on).days


def _mean(known: list[tuple[int, int]]) -> float:
    return sum(days * pieces for days, pieces in known) / sum(pieces for _, pieces in known)


def _leaned(weights: list[tuple[int, Decimal]], count: int, promised: int | None) -> LeadTime:
    """Measured and promised together; each receipt counts by its share of the pieces."""
    base = float(UNKNOWN_DAYS if promised is None else promised)
    prior = 0.0 if count >= PROMISE_COUNTS and promised is None else float(PROMISE_COUNTS)
    total = float(sum(weight for _, weight in weights)) or 1.0
    shares = [(days, float(weight) / total * count) for days, weight in weights]
    mean = (prior * base + sum(days * share for days, share in shares)) / (prior + count)
    width = max(PROMISE_SPREAD * base, 1.0) ** 2
    square = PROMISE_COUNTS * width + sum((days - mean) ** 2 * share for days, share in shares)
    return LeadTime(_tenth(mean), _tenth(sqrt(square / (PROMISE_COUNTS + count))), count, promised)


def _tenth(value: float) -> Decimal:
    return Decimal(repr(value)).quantize(TENTH, ROUND_HALF_UP)
