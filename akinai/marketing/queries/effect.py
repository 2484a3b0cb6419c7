"""クーポンの効果, and what one customer or order has of both."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import connection
from django.db.models import QuerySet, Sum

from akinai.core import clock
from akinai.core.gathering import gather
from akinai.marketing.models import Coupon, CouponCode, CouponUse, PointEntry
from akinai.marketing.services import points

# Uses that were not taken back, with what their orders came to.
EFFECT = """
SELECT count(*)::int, coalesce(sum(u.yen), 0)::bigint, coalesce(sum(o.total_yen), 0)::bigint,
  count(*) FILTER (WHERE u.is_first_order)::int, count(DISTINCT u.person)::int
FROM marketing_couponuse u JOIN orders_order o ON o.id = u.order_id
WHERE u.coupon_id = %s AND u.reverses_id IS NULL AND NOT EXISTS (SELECT FROM marketing_couponuse r WHERE r.reverses_id = u.id)
"""
PER_DAY = """
SELECT d::date, count(u.id)::int FROM generate_series(%(first)s::date, %(last)s::date, '1 day') d
LEFT JOIN marketing_couponuse u ON (u.at AT TIME ZONE 'Asia/Tokyo')::date = d::date AND u.coupon_id = %(coupon)s AND u.reverses_id IS NULL
GROUP BY 1 ORDER BY 1
"""
CHART_DAYS = 30


@dataclass(frozen=True, slots=True)
class Effect:
    """効果 of a coupon: uses that stand, what they took off, what their orders came to, how many customers were new."""

    orders: int
    saved_yen: int
    sales_yen: int
    first_orders: int
    people: int
    per_day: list[tuple[str, int]]

    @property
    def average_yen(self) -> int:
        return self.sales_yen // self.orders if self.orders else 0

    @property
    def cost_percent(self) -> float | None:
        """値引 as a part of what would have been charged without it."""
        whole = self.sales_yen + self.saved_yen
        return round(self.saved_yen * 100 / whole, 1) if whole else None


def effect_of(coupon_id: int) -> Effect:
    """Two queries."""
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(EFFECT, [coupon_id])
        orders, saved, sales, first, people = cursor.fetchone()
        cursor.execute(
            PER_DAY, {"first": today - timedelta(days=CHART_DAYS - 1), "last": today, "coupon": coupon_id}
        )
        days = [(f"{day:%-m/%-d}", count) for day, count in cursor.fetchall()]
    return Effect(orders, saved, sales, first, people, days)


def perks_of_customer(customer_id: int) -> dict[str, Any]:
    """ポイントとクーポン of one customer: balance, what is over next, the latest entries and uses. One query."""
    lots = (
        points.live_lots(customer_id)
        .values("expires_on")
        .annotate(n=Sum("left_points"))
        .order_by("expires_on")
    )
    by_day, entries, uses = gather(
        lots, _entries().filter(customer_id=customer_id)[:8], _uses().filter(customer_id=customer_id)[:5]
    )
    first = next((lot for lot in by_day if lot["expires_on"]), {"expires_on": None, "n": 0})
    return {
        "balance": sum(lot["n"] for lot in by_day), "next_on": first["expires_on"], "next_points": first["n"],
        "entries": entries, "uses": uses,
    }  # fmt: skip


def perks_of_member(customer_id: int) -> dict[str, Any]:
    """What a member may see of his own: as of a customer, with the codes he was given and may still use."""
    today = clock.today()
    codes = CouponCode.objects.select_related("coupon").filter(
        customer_id=customer_id, is_used=False, coupon__is_active=True
    )
    alive = codes.exclude(expires_on__lt=today).exclude(coupon__ends_on__lt=today)
    return {**perks_of_customer(customer_id), "codes": list(alive.order_by("expires_on", "pk")[:20])}


def perks_of_order(order_id: int) -> dict[str, Any]:
    """What one order used and earned."""
    return {
        "entries": list(_entries().filter(order_id=order_id)[:20]),
        "uses": list(_uses().filter(order_id=order_id)),
    }


def code_of_order(order_id: int) -> str:
    """The code that this order was placed with, as it is typed; "" for none."""
    used = _uses().filter(order_id=order_id, reverses=None).first()
    return (used.code.code if used.code else used.coupon.code) if used else ""


def _entries() -> QuerySet[PointEntry]:
    return PointEntry.objects.select_related("order").order_by("-pk")


def _uses() -> QuerySet[CouponUse]:
    return CouponUse.objects.select_related("coupon", "order", "code").order_by("-pk")


def coupons_to_give() -> list[tuple[str, str, int]]:
    """(code, name, yen) of the coupons of a fixed sum that can be given to one person now, by name."""
    rows = Coupon.givable().filter(kind=Coupon.Kind.YEN, by_code_only=True).order_by("amount", "name")
    return list(rows.values_list("code", "name", "amount"))
