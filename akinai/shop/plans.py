"""定期便 as a buyer chooses it: what is offered, what it costs each time, and the days that follow from the first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from django.db.models import QuerySet

from akinai.orders.intervals import Interval, order_day
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import IntervalKind
from akinai.shop.models import PlanOffer
from akinai.shop.models.plans import PLANS
from akinai.shop.paying import Offer

# Paid each time: by the card that the provider keeps, at the door, by the bill, or by transfer.
RECURRING = (PaymentKind.CARD, PaymentKind.COD, PaymentKind.DEFERRED, PaymentKind.BANK_TRANSFER)
DAYS_BEFORE = 3  # open days before the delivery on which a turn becomes an order
YEAR = timedelta(days=365)
NOT_THIS_WAY = "定期便ではご利用いただけません。"
# A number for the コンビニ would have to be fetched and paid anew each time.
WHY_NOT = {PaymentKind.CONVENIENCE.value: f"毎回のお支払いのお手続きが必要なため、{NOT_THIS_WAY}"}


@dataclass(frozen=True, slots=True)
class Plan:
    """定期便 of an order: what comes after its first parcel. All yen 税込; `goods`: (title, pieces, price of one)."""

    code: str
    first_on: date
    goods: tuple[tuple[str, int, int], ...]
    shipping_yen: int = 0
    cod_fee_yen: int = 0
    least_turns: int = 1

    @property
    def words(self) -> str:
        return PLANS[self.code]

    @property
    def interval(self) -> Interval:
        return interval_of(self.code, self.first_on)

    @property
    def next_on(self) -> date:
        """お届け of the second turn."""
        return self.interval.after(self.first_on)

    @property
    def until(self) -> date:
        """The last day on which the second turn can still be skipped or stopped."""
        return order_day(self.next_on, DAYS_BEFORE) - timedelta(days=1)

    @property
    def goods_yen(self) -> int:
        return sum(pieces * yen for _, pieces, yen in self.goods)

    @property
    def each_yen(self) -> int:
        """お支払い of every turn after the first."""
        return self.goods_yen + self.shipping_yen + self.cod_fee_yen

    @property
    def turns_in_a_year(self) -> int:
        return len(list(self.interval.days(self.first_on, self.first_on + YEAR - timedelta(days=1))))


def interval_of(code: str, first: date) -> Interval:
    """お届けの間隔 of a plan whose first delivery is on this day."""
    every = int(code[1:])
    if code.startswith("w"):
        return Interval(IntervalKind.WEEKS, every)
    return Interval(IntervalKind.MONTH_DAY, every, day=first.day)


def offers_of(product_ids: Iterable[int]) -> dict[int, PlanOffer]:
    """商品 → its 定期便, of those that are open to it. One query."""
    return {one.product_id: one for one in offered(product_ids)}


def offered(product_ids: Iterable[int]) -> QuerySet[PlanOffer]:
    """定期便 of these products as a question, for pages that gather it with others."""
    return PlanOffer.objects.filter(is_on=True, product__in=set(product_ids))


def price_of(price_yen: int, percent: int) -> int:
    """定期便の単価: the fractions of a yen are the buyer's."""
    return price_yen - -(-price_yen * percent // 100)


def for_plan(offers: list[Offer]) -> list[Offer]:
    """The ways of paying, those refused that cannot be paid each time."""
    return [
        one
        if one.refusal or one.kind in RECURRING
        else replace(one, refusal=WHY_NOT.get(one.kind, NOT_THIS_WAY))
        for one in offers
    ]
