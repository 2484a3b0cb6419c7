"""重複した明細: lines that say the same goods once more, when one of each adds up to what the channel charges. Pure.

Never a guess. Lines that are alike in everything may go by one act, for it does not matter which of them stays. Where
only the code differs, a person says which one is right.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol


class Told(Protocol):
    """A line as the channel told it: a draft's or an order's."""

    @property
    def line_no(self) -> int: ...
    @property
    def sku_code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def options(self) -> str: ...
    @property
    def quantity(self) -> int: ...
    @property
    def unit_price_yen(self) -> int: ...
    @property
    def tax_rate(self) -> int: ...
    @property
    def price_includes_tax(self) -> bool: ...
    @property
    def subtotal_yen(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Group:
    """The same goods told more than once: the lines in their order. `is_alike`: they have one code, too."""

    lines: tuple[Told, ...]
    is_alike: bool


@dataclass(frozen=True, slots=True)
class Repeats:
    """What repeats in one order; empty when nothing does, or when the sum would not be right without it."""

    groups: tuple[Group, ...] = ()
    lines: int = 0  # how many lines with pieces there are

    def __bool__(self) -> bool:
        return bool(self.groups)

    @property
    def is_alike(self) -> bool:
        """No choice is needed: in every group all lines say the same."""
        return all(group.is_alike for group in self.groups)

    @property
    def left(self) -> int:
        """How many lines stay."""
        return self.lines - sum(len(group.lines) - 1 for group in self.groups)

    @property
    def step(self) -> str:
        """2行→1行."""
        return f"{self.lines}行→{self.left}行"

    def out(self, *, keep: Collection[int] = (), which: str = "") -> frozenset[int] | None:
        """Numbers of the lines that go. None when a group leaves a choice that was not made.

        `keep`: the line of each group that stays; `which`: "first" or "last" where `keep` names none.
        """
        gone: set[int] = set()
        for group in self.groups:
            numbers = [line.line_no for line in group.lines]
            named = [no for no in numbers if no in keep]
            if len(named) > 1 or (not named and not group.is_alike and which not in ("first", "last")):
                return None
            stays = named[0] if named else numbers[-1] if which == "last" else numbers[0]
            gone.update(no for no in numbers if no != stays)
        return frozenset(gone)

    @property
    def text(self) -> str:
        """The way out, as the exception tells it."""
        if self.is_alike:
            return f"重複した明細を外すと（{self.step}）、合計が合います。"
        return f"同じ商品の明細が商品コードだけ違って重なっています。正しい方を選ぶと（{self.step}）、合計が合います。"


def find(lines: Iterable[Told], goods_yen: int) -> Repeats:
    """重複: alike in name, options, quantity, price and tax; one of each is exactly 商品代, all of them are not."""
    alike: dict[tuple[object, ...], list[Told]] = {}
    count = total = 0
    for line in lines:
        if line.quantity > 0:
            told = (
                line.name,
                line.options,
                line.quantity,
                line.unit_price_yen,
                line.tax_rate,
                line.price_includes_tax,
            )
            alike.setdefault(told, []).append(line)
            count, total = count + 1, total + line.subtotal_yen
    once = sum(same[0].subtotal_yen for same in alike.values())
    if once != goods_yen or total == goods_yen:
        return Repeats()
    groups = (
        Group(tuple(same), len({_goods(line) for line in same}) == 1)
        for same in alike.values()
        if len(same) > 1
    )
    return Repeats(tuple(groups), count)


def _goods(line: Told) -> object:
    """What the line is: our SKU where it is known, else the code as told."""
    return getattr(line, "sku_id", None) or line.sku_code
