"""商品ページの中身: everything the page of one product shows, from the rows of the office."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from akinai.catalog import public
from akinai.catalog import queries as catalog
from akinai.catalog.former_price import former_prices
from akinai.catalog.selling import Terms
from akinai.content.cards import Card
from akinai.core import clock
from akinai.core.gathering import gather
from akinai.shop import plans
from akinai.shop.promising import Sending, sending
from akinai.shop.related import related
from akinai.shop.stock_words import Availability, availability
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.catalog.models import Product, Sku
    from akinai.shop.models import PlanOffer


@dataclass(frozen=True, slots=True)
class Choice:
    """選べるSKU. `former_yen`: the former price that may be shown, None when none may. `values`: its value on each axis.
    `is_waiting`: nothing is there and nobody knows when more comes, so that no day of delivery can be told."""

    sku: Sku
    stock: Availability
    former_yen: int | None
    goods_on: date | None
    values: tuple[str, ...] = ()
    is_waiting: bool = False

    @property
    def off_percent(self) -> int:
        return round(100 - self.sku.price_yen * 100 / self.former_yen) if self.former_yen else 0


@dataclass(frozen=True, slots=True)
class ProductPage:
    """商品ページ. `chosen` is what the page opens with."""

    product: Product
    shown: public.Shown
    choices: tuple[Choice, ...]
    chosen: Choice
    axes: tuple[public.ShownAxis, ...]
    pictures: tuple[public.Seen, ...]
    attributes: tuple[tuple[str, str, str], ...]
    related: tuple[Card, ...]
    sending: Sending
    plan: PlanOffer | None = None

    @property
    def plan_yen(self) -> int:
        """定期便の単価 of the chosen SKU."""
        return self.plan_yen_of(self.chosen)

    def plan_yen_of(self, choice: Choice) -> int:
        return plans.price_of(choice.sku.price_yen, self.plan.percent) if self.plan else choice.sku.price_yen

    @property
    def has_former(self) -> bool:
        """Was any of the SKUs dearer before?"""
        return any(one.former_yen for one in self.choices)

    @property
    def low_yen(self) -> int:
        return min(one.sku.price_yen for one in self.choices)

    @property
    def high_yen(self) -> int:
        return max(one.sku.price_yen for one in self.choices)


def page_of(product: Product, *, code: str, prefecture: str, has_related: bool = True) -> ProductPage:
    """The page of a public product. `code`: the SKU that was asked for; without it the first that can be bought."""
    beside = related(product) if has_related else []
    shown = public.shown([product, *beside])
    skus = public.skus_of(product)
    free = stock.free(pk for one in shown for pk in one.sku_ids)
    product.free_pieces = {pk: free[pk] for pk in shown[0].sku_ids}  # type: ignore[attr-defined]
    told, attributes, offers = gather(
        public.values_of(skus), catalog.attribute_rows(product), plans.offered([product.pk])
    )
    axes, values = public.axes_of(skus, told)
    choices = _choices(skus, free, values)
    chosen = next((one for one in choices if one.sku.code == code), None) or _first(choices)
    cards = [Card(one, sum(free[pk] for pk in one.sku_ids)) for one in shown[1:]]
    return ProductPage(
        product, shown[0], choices, chosen, axes, tuple(public.pictures_of(product)),
        tuple((one.title, one.value, one.measure) for one in attributes), tuple(cards),
        sending(prefecture, goods_yen=chosen.sku.price_yen, goods_on=chosen.goods_on, temperature=product.temperature),
        next(iter(offers), None),
    )  # fmt: skip


def free_of(product: Product, sku_ids: Sequence[int]) -> Mapping[int, int]:
    """買える数 of the SKUs of a product; where its page has asked already, without asking again."""
    known: Mapping[int, int] = getattr(product, "free_pieces", {})
    return known if known.keys() >= set(sku_ids) else stock.free(sku_ids)


def _first(choices: Sequence[Choice]) -> Choice:
    return next((one for one in choices if one.stock.can_buy), choices[0])


def _choices(
    skus: Sequence[Sku], free: dict[int, int], values: dict[int, tuple[str, ...]]
) -> tuple[Choice, ...]:
    today = clock.today()
    terms = _terms(skus)
    comes = _arrivals([sku.pk for sku in skus if not free[sku.pk]])
    former = former_prices(skus, now=clock.now())
    made = []
    for sku in skus:
        told, day = terms[sku.pk], comes.get(sku.pk)
        words = availability(free[sku.pk], told, today=today, comes_on=day)
        goods_on = told.release_on if told.is_preorder(today) else day if not free[sku.pk] else None
        is_waiting = not free[sku.pk] and goods_on is None
        made.append(Choice(sku, words, former.get(sku.pk), goods_on, values.get(sku.pk, ()), is_waiting))
    return tuple(made)


def _terms(skus: Sequence[Sku]) -> dict[int, Terms]:
    """販売の条件; asked of the catalogue only where a set waits for its parts."""
    if any(sku.is_set for sku in skus):
        return dict(catalog.terms_of([sku.pk for sku in skus]))
    return {
        sku.pk: Terms(sku.code, sku.may_backorder, sku.backorder_limit, sku.preorder_until, sku.release_on)
        for sku in skus
    }


def _arrivals(sku_ids: Sequence[int]) -> dict[int, date]:
    """The day on which the next piece can be promised, of SKUs that have none."""
    return stock.next_day(sku_ids) if sku_ids else {}
