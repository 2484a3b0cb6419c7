"""A customer of the own shop who orders with coupons and points, for tests of marketing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils import timezone

from akinai.accounting.tests import life
from akinai.channels import services as channels
from akinai.core import clock
from akinai.marketing.models import Coupon, PointEntry, PointLot
from akinai.marketing.services import coupons, points
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.party.models import Customer
from akinai.party.services import Person, ensure_customers
from tests import cast


@dataclass(frozen=True)
class Bought:
    sku_id: int
    product_id: int
    subtotal_yen: int


def customer(mark: str = "AOKI") -> Customer:
    person = Person(f"見本 {mark}", email=f"{mark.lower()}@example.com")
    return Customer.objects.get(pk=ensure_customers([person]).ids[person.identity])


def coupon(code: str = "AKI500", **changes: Any) -> Coupon:
    made = {"name": "秋のクーポン", "kind": "yen", "amount": 500, **changes}
    return Coupon.objects.create(code=code, **made)


def order(no: str, *wanted: tuple[str, int, int], mark: str = "AOKI", code: str = "", spend: int = 0, **changes: Any) -> Order:  # fmt: skip
    """An order of the own shop, its coupon and points used in the transaction that places it."""
    from django.db import transaction

    goods = sum(count * price for _, count, price in wanted)
    cut = changes.pop("discount_yen", 0)
    shipping = changes.get("shipping_yen", 0)
    channel = channels.ensure("own", "自社サイト", "own")
    told = cast.draft(
        no, *wanted, buyer=cast.somebody(mark), ship_to=cast.somebody(mark), taxes=(), discount_yen=cut, points_yen=spend,
        ordered_at=clock.now() - timedelta(minutes=1), total_yen=goods + shipping - cut - spend, **changes,
    )  # fmt: skip
    with transaction.atomic():
        placed = orders.place(told, channel=channel, by=None)
        made = Order.objects.get(pk=placed.created[0])
        if code:
            coupons.use(code, order_id=made.pk, yen=cut)
        if spend:
            assert made.customer_id
            points.spend(made.customer_id, spend, order_id=made.pk)
    return made


def ledger_of(who: Customer) -> tuple[int, int, int]:
    """(balance, sum of the entries, sum of what is left of the lots)."""
    entries = sum(PointEntry.objects.filter(customer=who).values_list("points", flat=True))
    lots = sum(PointLot.objects.filter(customer=who).values_list("left_points", flat=True))
    return points.balance(who.pk), entries, lots


def later(days: int) -> Any:
    return clock.told(timezone.now() + timedelta(days=days))


__all__ = ["life"]
