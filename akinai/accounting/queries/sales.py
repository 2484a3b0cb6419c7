"""売上を読む: the daily sums by day or month, channel and category, beside the year before and what was aimed at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Sum

from akinai.accounting.models import DailySales, RevenueEntry, SalesTarget
from akinai.accounting.rules.periods import Period, first_of, percent
from akinai.core.business_days import month_end

SUMS = """coalesce(sum(orders), 0)::int, coalesce(sum(quantity), 0)::int, coalesce(sum(goods_yen), 0)::bigint,
  coalesce(sum(charges_yen), 0)::bigint, coalesce(sum(cuts_yen), 0)::bigint, coalesce(sum(returns_yen), 0)::bigint,
  coalesce(sum(net_yen), 0)::bigint, coalesce(sum(tax_yen), 0)::bigint, coalesce(sum(gross_yen), 0)::bigint,
  coalesce(sum(cost_yen), 0)"""
# The period and the one a year before; they overlap when the period is longer than a year.
TWICE = "CROSS JOIN (VALUES (false, %(first)s::date, %(last)s::date), (true, %(first_before)s, %(last_before)s)) w(before, a, b)"
WHERE = "(%(channel)s::bigint IS NULL OR d.channel_id = %(channel)s) AND (%(category)s::text IS NULL OR d.category = %(category)s)"
SERIES = f"""
SELECT w.before, date_trunc(%(unit)s, d."on")::date, {SUMS} FROM accounting_dailysales d {TWICE}
WHERE d."on" BETWEEN w.a AND w.b AND {WHERE} GROUP BY 1, 2
"""
PARTS = f"""
SELECT w.before, d.channel_id, d.category, grouping(d.channel_id), {SUMS} FROM accounting_dailysales d {TWICE}
WHERE d."on" BETWEEN w.a AND w.b AND {WHERE} GROUP BY GROUPING SETS ((w.before, d.channel_id), (w.before, d.category))
"""
PRODUCTS = f"""
SELECT w.before, r.sku_id, sum(r.quantity)::int, sum(r.net_yen)::bigint, sum(r.cost_yen)
FROM accounting_revenueentry r {TWICE} WHERE r.sku_id IS NOT NULL AND r."on" BETWEEN w.a AND w.b
  AND (%(channel)s::bigint IS NULL OR r.channel_id = %(channel)s) AND (%(category)s::text IS NULL OR r.category = %(category)s)
GROUP BY 1, 2
"""
SHOWN_PRODUCTS = 100


@dataclass(frozen=True, slots=True)
class Sales:
    """売上の合計, 税抜 unless named otherwise."""

    orders: int = 0
    quantity: int = 0
    goods_yen: int = 0
    charges_yen: int = 0
    cuts_yen: int = 0
    returns_yen: int = 0
    net_yen: int = 0
    tax_yen: int = 0
    gross_yen: int = 0
    cost_yen: Decimal = Decimal(0)

    @property
    def cost_whole(self) -> int:
        """原価 in whole yen."""
        return round(self.cost_yen)

    @property
    def margin_yen(self) -> int:
        return self.net_yen - self.cost_whole

    @property
    def margin_percent(self) -> float | None:
        return percent(self.margin_yen, self.net_yen)


NOTHING = Sales()


@dataclass(frozen=True, slots=True)
class Row:
    """1 行: a day, a month, a channel, a category or a product; now and a year before."""

    key: Any
    label: str
    now: Sales
    before: Sales
    aim_yen: int | None = None
    share: float | None = None
    end: date | None = None  # the last day that the row stands for

    @property
    def ratio(self) -> float | None:
        """前年比(%)."""
        return percent(self.now.net_yen, self.before.net_yen)

    @property
    def reached(self) -> float | None:
        """目標に対する割合(%)."""
        return percent(self.now.net_yen, self.aim_yen or 0)


def _ask(sql: str, period: Period, channel: int | None, category: str | None) -> list[Any]:
    first_before, last_before = period.before
    with connection.cursor() as cursor:
        cursor.execute(sql, {
            "first": period.first, "last": period.last, "first_before": first_before, "last_before": last_before,
            "unit": period.unit, "channel": channel, "category": category,
        })  # fmt: skip
        return cursor.fetchall()


def series(period: Period, *, channel: int | None = None, category: str | None = None) -> list[Row]:
    """Every day or month of the period in order, with its target where one is set for the whole month."""
    found = {
        (before, point): Sales(*sums) for before, point, *sums in _ask(SERIES, period, channel, category)
    }
    aims = targets(period, channel) if category is None else {}
    rows = []
    for point in period.points():
        then = point.replace(year=point.year - 1) if (point.month, point.day) != (2, 29) else None
        rows.append(Row(
            point, period.label(point), found.get((False, point), NOTHING),
            found.get((True, then), NOTHING) if then else NOTHING,
            _aim(aims, point, period.unit), end=period.end_of(point),
        ))  # fmt: skip
    return rows


def targets(period: Period, channel: int | None) -> dict[date, int]:
    """月 → 目標, of the channel or of the whole company."""
    rows = SalesTarget.objects.filter(month__gte=first_of(period.first), month__lte=period.last)
    rows = rows.filter(channel=None) if channel is None else rows.filter(channel_id=channel)
    return dict(rows.values_list("month", "net_yen"))


def _aim(aims: Mapping[date, int], point: date, unit: str) -> int | None:
    """The month's aim, or its even share of a day."""
    aim = aims.get(first_of(point))
    if aim is None or unit == "month":
        return aim
    return round(aim / month_end(point).day)


def parts(
    period: Period, names: Mapping[int, str], *, channel: int | None = None, category: str | None = None
) -> tuple[list[Row], list[Row]]:
    """(by channel, by category), the largest first. `names` of the channels by id."""
    channels: dict[Any, dict[bool, Sales]] = {}
    categories: dict[Any, dict[bool, Sales]] = {}
    for before, channel_id, name, is_category, *sums in _ask(PARTS, period, channel, category):
        key, kept = (name, categories) if is_category else (channel_id, channels)
        kept.setdefault(key, {})[before] = Sales(*sums)
    return _ranked(channels, lambda pk: names.get(pk, "")), _ranked(
        categories, lambda text: text or "送料・値引など（分類なし）"
    )


def _ranked(found: Mapping[Any, Mapping[bool, Sales]], label: Any) -> list[Row]:
    whole = sum(two.get(False, NOTHING).net_yen for two in found.values())
    rows = [
        Row(key, label(key), two.get(False, NOTHING), two.get(True, NOTHING),
            share=percent(two.get(False, NOTHING).net_yen, whole))
        for key, two in found.items()
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (-row.now.net_yen, row.label))


def products(period: Period, *, channel: int | None = None, category: str | None = None) -> list[Row]:
    """商品別 before cuts of whole orders, the largest first; `key` is the SKU's id. Names are the caller's."""
    found: dict[Any, dict[bool, Sales]] = {}
    for before, sku_id, quantity, net, cost in _ask(PRODUCTS, period, channel, category):
        found.setdefault(sku_id, {})[before] = Sales(
            quantity=quantity, goods_yen=net, net_yen=net, cost_yen=cost
        )
    return _ranked(found, str)


def total_of(first: date, last: date) -> int:
    """売上（税抜） of some days."""
    found = DailySales.objects.filter(on__gte=first, on__lte=last).aggregate(net=Sum("net_yen"))["net"]
    return found or 0


def goods_net(order_id: int) -> int:
    """商品の売上（税抜） of one order after its cuts and what came back: without 送料 and fees."""
    kind = RevenueEntry.Kind
    rows = RevenueEntry.objects.filter(
        order_id=order_id, kind__in=[kind.GOODS, kind.DISCOUNT, kind.POINTS, kind.OTHER]
    )
    return rows.aggregate(net=Sum("net_yen"))["net"] or 0


def total(rows: Sequence[Row]) -> Row:
    """合計 over rows that have nothing in common."""
    aims = [row.aim_yen for row in rows if row.aim_yen is not None]
    return Row(
        None,
        "合計",
        _added([row.now for row in rows]),
        _added([row.before for row in rows]),
        sum(aims) if aims else None,
    )


def _added(sums: Sequence[Sales]) -> Sales:
    names = Sales.__slots__
    return Sales(*(sum(getattr(one, name) for one in sums) for name in names))  # type: ignore[arg-type]
