"""担当の割り当て by skill and load. Pure."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Hand:
    """A colleague who takes tickets: the kinds (none: every kind), how many at most, how many he has."""

    staff_id: int
    kinds: frozenset[str]
    most: int | None
    load: int
    name: str = ""

    def may_take(self, kind: str) -> bool:
        """Has he the skill, and room for one more?"""
        return (not self.kinds or kind in self.kinds) and (self.most is None or self.load < self.most)


def pick(kind: str, hands: Collection[Hand]) -> Hand | None:
    """The one with the fewest live tickets; of equals the one who knows fewer kinds, so that the versatile stay free."""
    able = [hand for hand in hands if hand.may_take(kind)]
    return min(able, key=lambda hand: (hand.load, len(hand.kinds) or 99, hand.staff_id), default=None)
