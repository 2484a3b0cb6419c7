"""商品カード: a product as it stands in a row of others: picture, name, price, and whether it can be bought now."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from akinai.catalog import public
from akinai.catalog import queries as catalog
from akinai.content import moments
from akinai.stock import queries as stock


@dataclass(frozen=True, slots=True)
class Card:
    """商品カード. `price_yen` 税込, the lowest of its SKUs; `is_from`: others cost more. `free`: pieces that can be bought."""

    shown: public.Shown
    free: int

    @property
    def is_sold_out(self) -> bool:
        return not self.free and not self.shown.may_backorder


def by_ids(ids: Iterable[int]) -> list[Card]:
    """Cards of the public products with these ids, in no order of their own."""
    return cards(public.shown_by_ids(ids))


def cards(shown: Sequence[public.Shown]) -> list[Card]:
    """Cards in the order given: one more query for the stock of all of them."""
    free = stock.free(pk for one in shown for pk in one.sku_ids)
    if planned := moments.prices():
        shown = _as_planned(shown, planned)
    return [Card(one, sum(free[pk] for pk in one.sku_ids)) for one in shown]


def _as_planned(shown: Sequence[public.Shown], planned: dict[int, int]) -> list[public.Shown]:
    """The cards with the prices of another moment, for the preview of staff."""
    rows = catalog.sku_rows(pk for one in shown for pk in one.sku_ids if planned.keys() & set(one.sku_ids))
    priced: list[public.Shown] = []
    for one in shown:
        prices = [planned.get(pk, rows[pk].price_yen) for pk in one.sku_ids if pk in rows]
        if prices:
            one = replace(one, price_yen=min(prices), is_from=min(prices) != max(prices))
        priced.append(one)
    return priced
