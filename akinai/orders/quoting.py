"""見積り: what an order comes to while it is being typed: total and tax per rate, rounded once per rate. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from akinai.core.tax import RateTotal, Rounding, TaxLine, share, tax_by_rate


@dataclass(frozen=True, slots=True)
class Quote:
    """合計と税. `is_cut_too_much`: the discount is more than there is to pay."""

    goods_yen: int
    total_yen: int
    taxes: tuple[RateTotal, ...]
    is_cut_too_much: bool = False


def quote(
    goods: Iterable[tuple[int, int]],
    *,
    fees_yen: int,
    discount_yen: int,
    standard_rate: int,
    rounding: Rounding,
) -> Quote:
    """`goods`: (rate, 税込 yen). Fees bear the standard rate; a discount is shared over the rates by what they charge."""
    by_rate: dict[int, int] = defaultdict(int)
    for rate, amount in goods:
        by_rate[rate] += amount
    goods_yen = sum(by_rate.values())
    if fees_yen:
        by_rate[standard_rate] += fees_yen
    charged = sum(by_rate.values())
    if discount_yen > charged:
        return Quote(goods_yen, 0, (), is_cut_too_much=True)
    if discount_yen:
        for rate, part in zip(by_rate, share(discount_yen, list(by_rate.values())), strict=True):
            by_rate[rate] -= part
    lines = [TaxLine(amount, rate) for rate, amount in by_rate.items() if amount]
    taxes = tax_by_rate(lines, rounding=rounding, inclusive=True)
    return Quote(goods_yen, charged - discount_yen, tuple(taxes))
