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
    corrections: dict[str, int] = field(
        default_factory=dict
    )  # by lot, what counts and adjustments have changed at MAIN so far

    def corrected(self, parts: Parts) -> None:
        for lot, count in parts:
            self.corrections[lot] = self.corrections.get(lot, 0) + count

    def is_stale(self, lot: str, then: dict[str, int]) -> bool:
        """Has anybody corrected this lot, or the goods as a whole, since `then`?"""
        mine = self.corrections.get(lot, 0) != then.get(lot, 0)
        return mine or sum(self.corrections.values()) != sum(then.values())

    def count_off(self, differences: dict[str, int]) -> Parts | None:
        """What counts lot by lot change at MAIN; None where promises would rest on nothing. What is found goes to its lot, what
        is missing leaves it; what the lot no longer has leaves from the next lots, good ones first."""
        there, parts, rest = dict(self.at[MAIN]), [], 0
        for lot, change in sorted(differences.items(), key=lambda one: one[1] < 0):
            whole = max(change, -there.get(lot, 0))
            there[lot] = there.get(lot, 0) + whole
            parts += [(lot, whole)] if whole else []
            rest += whole - change
        if sum(there.values()) < rest:
            return None
        for lot in sorted(self.lots, key=lambda lot: lot in self.expired):
            count = min(rest, there.get(lot, 0))
            there[lot] = there.get(lot, 0) - count
            parts += [(lot, -count)] if count else []
            rest -= count
        good = sum(count for lot, count in there.items() if lot not in self.expired)
        return None if good < self.held else parts

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

    def take(self, place: str, pieces: int, *, good: bool = False) -> Parts:
        """The first to expire first; with `good` none that has expired."""
        parts = []
        for lot in self.lots:
            if good and lot in self.expired:
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
