"""The same rules in plain Python: dictionaries and lists, nothing of the product's code."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

MAIN, SHOP, WAY = "MAIN", "SHOP", "TRANSIT"
UNKNOWN = "ロット不明"
type Parts = list[tuple[str, int]]


def cents(amount: Decimal) -> Decimal:
    return amount.quantize(Decimal("0.0001"), ROUND_HALF_UP)


@dataclass
class Goods:
    """One SKU: where it lies lot by lot, who waits for it, and what it is worth. Lots are listed as they leave."""

    lots: tuple[str, ...]  # ("",) where lots are not tracked
    at: dict[str, dict[str, int]] = field(default_factory=lambda: {MAIN: {}, SHOP: {}, WAY: {}})
    queue: dict[int, list[int]] = field(default_factory=dict)  # line → [wanted, held], by age
    pieces: int = 0
    value: Decimal = Decimal(0)
    expired: set[str] = field(default_factory=set)  # lots whose day has passed
    corrections: int = 0  # what counts and adjustments have changed at MAIN so far

    def lies(self, place: str) -> int:
        return sum(self.at[place].values())

    def good(self, place: str) -> int:
        """Pieces that may still be shipped."""
        return sum(count for lot, count in self.at[place].items() if lot not in self.expired)

    def keeps_promises(self, lot: str, pieces: int) -> bool:
        """Would the promises still rest on good pieces when so many of this lot left MAIN?"""
        return self.good(MAIN) - (0 if lot in self.expired else pieces) >= self.held

    def settle(self) -> None:
        """Promises that rest on expired pieces wait again, the newest first."""
        over = self.held - self.good(MAIN)
        for line in sorted(self.queue, reverse=True):
            give = max(0, min(over, self.queue[line][1]))
            self.queue[line][1] -= give
            over -= give
        self.serve()

    @property
    def held(self) -> int:
        return sum(held for _, held in self.queue.values())

    def can_leave(self, place: str, pieces: int) -> bool:
        return self.lies(place) - pieces >= (self.held if place == MAIN else 0)

    def put(self, place: str, lot: str, pieces: int) -> None:
        self.at[place][lot] = self.at[place].get(lot, 0) + pieces
        if place == MAIN:
            self.serve()

    def take(self, place: str, pieces: int, *, ships: bool = False) -> Parts:
        parts = []
        for lot in self.lots:
            if ships and lot in self.expired:
                continue
            count = min(pieces, self.at[place].get(lot, 0))
            if count:
                self.at[place][lot] -= count
                parts.append((lot, count))
                pieces -= count
        assert not pieces
        return parts

    def serve(self) -> None:
        free = max(0, self.good(MAIN) - self.held)
        for line in sorted(self.queue):
            wanted, held = self.queue[line]
            more = min(free, wanted - held)
            self.queue[line][1] += more
            free -= more

    def worth(self, pieces: int, told: Decimal | None = None) -> Decimal:
        """The yen that so many pieces bring or take, by moving average."""
        if pieces >= 0:
            change = told if told is not None else pieces * (self.value / self.pieces if self.pieces else 0)
        elif self.pieces + pieces == 0:
            change = -self.value
        elif told is not None and self.value + told > 0:
            change = told
        else:
            change = self.value / self.pieces * pieces
        change = cents(Decimal(change))
        self.pieces, self.value = self.pieces + pieces, self.value + change
        return change
