"""売れる速さ in words a person can multiply: 3.2 個 per day, or 1.24 個 in 30 days. Pure.

Rounded to three digits *before* anything is computed from it, so that the sentence's numbers multiply out.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

SLOW_BELOW = 0.1
# Less than a piece in ten years: it does not sell.
STILL_BELOW = 1 / 3650
MONTH = 30


@dataclass(frozen=True, slots=True)
class Pace:
    """`pieces` in `days` days (1, or 30 for what sells slowly)."""

    pieces: Decimal
    days: int

    @property
    def per_day(self) -> float:
        """Pieces per day."""
        return float(self.pieces) / self.days

    def over(self, days: Decimal) -> int:
        """Whole pieces in `days` days, halves up."""
        return int((self.pieces * days / self.days).quantize(Decimal(1), ROUND_HALF_UP))


def pace(per_day: float) -> Pace:
    """A rate in pieces per day → three digits of it, 0 for what hardly sells at all; ValueError below 0."""
    if per_day < 0:
        raise ValueError(f"negative rate: {per_day}")
    if per_day < STILL_BELOW:
        return Pace(Decimal(0), 1)
    days = 1 if per_day >= SLOW_BELOW else MONTH
    pieces = per_day * days
    return Pace(Decimal(f"{pieces:.0f}" if pieces >= 100 else f"{pieces:.3g}"), days)
