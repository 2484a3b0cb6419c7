"""商品カード: a product as it stands in a row of others: picture, name, price, and whether it can be bought now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from akinai.catalog import public
from akinai.stock import queries as stock


@dataclass(frozen=True, slots=True)
class Card:
    """商品カード. `price_yen` 税込, the lowest of its SKUs; `is_from`: others cost more. `free`: pieces that can be bought."""

    shown: public.Shown
    free: int

    @property
    def is_sold_out(self) -> bool:
        return not self.free and not self.shown.may_backorder


def by_codes(codes: Sequence[str]) -> list[Card]:
    """Cards of the public products with these codes, in this order."""
    return cards(public.shown_by_codes(codes))


def cards(shown: Sequence[public.Shown]) -> list[Card]:
    """Cards in the order given: one more query for the stock of all of them."""
    levels = stock.levels([pk for one in shown for pk in one.sku_ids])
    return [Card(one, sum(levels[pk].free for pk in one.sku_ids)) for one in shown]
