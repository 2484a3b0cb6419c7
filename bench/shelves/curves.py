"""What a fixed reorder point costs at a given fill rate: its knobs are swept over the judged days and the cost read off the curve."""

from __future__ import annotations

from dataclasses import dataclass
from functools import reduce
from operator import add

from bench.shelves.life import Lives, live
from bench.shelves.policies import Fixed
from bench.shelves.world import World

SAFETY_DAYS = (
    -14,
    -10,
    -7,
    -5,
    -3,
    -1,
    0,
    1,
    2,
    3,
    4,
    5,
    7,
    9,
    11,
    14,
    17,
    21,
    25,
    30,
    36,
    43,
    52,
    62,
    75,
    90,
    120,
    180,
    365,
)
DAYS_PER_ORDER = (7, 14, 21, 30, 45, 60, 90)
USUAL_DAYS_PER_ORDER = 30


@dataclass(frozen=True, slots=True)
class Bill:
    """What a policy cost, in yen by cause, and what it served."""

    carrying: float
    ordering: float
    lost: float
    served: float
    wanted: float

    @property
    def total(self) -> float:
        return self.carrying + self.ordering + self.lost

    @property
    def fill(self) -> float:
        return self.served / self.wanted

    def __add__(self, other: Bill) -> Bill:
        return Bill(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))

    def towards(self, other: Bill, share: float) -> Bill:
        """The point on the straight line to another bill."""
        ends = ((getattr(self, name), getattr(other, name)) for name in self.__slots__)
        return Bill(*(here + share * (there - here) for here, there in ends))


def bill(lives: Lives, row: int = 0) -> Bill:
    """The bill of one policy of a life."""
    wanted = float(lives.wanted.sum())
    return Bill(
        float(lives.holding[row].sum()),
        float(lives.ordering[row].sum()),
        float(lives.missed[row].sum()),
        wanted - float(lives.lost[row].sum()),
        wanted,
    )


def together(bills: list[Bill]) -> Bill:
    return reduce(add, bills)


@dataclass(frozen=True)
class Curve:
    """The bills of one `days_per_order` by rising safety days."""

    days_per_order: int
    bills: list[Bill]

    def at(self, fill: float) -> Bill:
        """The bill at this fill rate, between the first setting that serves as much and the one before.

        The first setting where even that serves more; the fullest where none serves as much.
        """
        for before, here in zip([None, *self.bills], self.bills, strict=False):
            if here.fill >= fill:
                gap = here.fill - before.fill if before else 0.0
                return before.towards(here, (fill - before.fill) / gap) if before and gap > 0 else here
        return max(self.bills, key=lambda one: one.fill)

    @property
    def cheapest(self) -> Bill:
        return min(self.bills, key=lambda one: one.total)


def curves(world: World) -> list[Curve]:
    """One curve per `DAYS_PER_ORDER`."""
    found = []
    for days in DAYS_PER_ORDER:
        lives = live(world, Fixed(world, SAFETY_DAYS, days), every=world.days + 1)
        found.append(Curve(days, [bill(lives, row) for row in range(len(SAFETY_DAYS))]))
    return found


def best_at(found: list[Curve], fill: float) -> Bill:
    """The cheapest of the curves at this fill rate; of those that do not reach it, the fullest."""
    bills = [curve.at(fill) for curve in found]
    enough = [one for one in bills if one.fill >= fill - 1e-9]
    return min(enough, key=lambda one: one.total) if enough else max(bills, key=lambda one: one.fill)


def usual_at(found: list[Curve], fill: float) -> Bill:
    """The curve of a month's demand per order at this fill rate."""
    return next(curve for curve in found if curve.days_per_order == USUAL_DAYS_PER_ORDER).at(fill)
