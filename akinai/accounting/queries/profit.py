"""真の粗利を読む: per channel, product and order, with fees, points, shipping and packing by the dated rates."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from akinai.accounting.models import CostRate
from akinai.accounting.rules.periods import Period
from akinai.accounting.rules.selling import Profit, Rate, Sold

# One row per order of the period: what it earned then and how it left.
SOLD = """
SELECT r.order_id, r.channel_id, min(r."on") AS "on", greatest(sum(r.counts), 0)::int AS orders,
  sum(r.net_yen) FILTER (WHERE r.kind <> 'paid_points') AS net, sum(r.gross_yen) FILTER (WHERE r.kind <> 'paid_points') AS gross,
  sum(r.cost_yen) AS cost
FROM accounting_revenueentry r WHERE r."on" BETWEEN %(first)s AND %(last)s
  AND (%(channel)s::bigint IS NULL OR r.channel_id = %(channel)s) GROUP BY 1, 2
"""
LEFT = """
SELECT s.order_id, min(s.carrier) AS carrier, sum(s.parcel_count)::int AS parcels FROM shipping_shipment s
WHERE s.state IN ('shipped', 'delivered') AND s.order_id IN (SELECT order_id FROM sold) GROUP BY 1
"""
GROUPS = f"""
WITH sold AS MATERIALIZED ({SOLD}), gone AS ({LEFT})
SELECT s.channel_id, c.code, o.payment, coalesce(g.carrier, ''), o.ship_prefecture,
  width_bucket(s."on", %(eras)s::date[]) AS era, min(s."on"), sum(s.orders)::int, coalesce(sum(g.parcels) FILTER (WHERE s.orders > 0), 0)::int,
  coalesce(sum(s.net), 0)::bigint, coalesce(sum(s.gross), 0)::bigint, sum(s.cost)
FROM sold s JOIN orders_order o ON o.id = s.order_id JOIN channels_channel c ON c.id = s.channel_id
LEFT JOIN gone g ON g.order_id = s.order_id GROUP BY 1, 2, 3, 4, 5, 6
"""
# The newest first, page by page; the parcels of those that are shown.
ORDERS = f"""
WITH sold AS ({SOLD}), page AS MATERIALIZED (
  SELECT * FROM sold ORDER BY "on" DESC, order_id DESC OFFSET %(skip)s LIMIT %(take)s
)
SELECT o.number, c.name, c.code, o.payment, coalesce(g.carrier, ''), o.ship_prefecture, s."on", s.orders,
  CASE WHEN s.orders > 0 THEN coalesce(g.parcels, 0) ELSE 0 END, coalesce(s.net, 0)::bigint, coalesce(s.gross, 0)::bigint, s.cost
FROM page s JOIN orders_order o ON o.id = s.order_id JOIN channels_channel c ON c.id = s.channel_id
LEFT JOIN LATERAL ({LEFT.split(" AND s.order_id IN", maxsplit=1)[0]} AND s.order_id = o.id GROUP BY 1) g ON true
ORDER BY s."on" DESC, s.order_id DESC
"""
COUNT = """
SELECT count(DISTINCT order_id) FROM accounting_revenueentry
WHERE "on" BETWEEN %(first)s AND %(last)s AND (%(channel)s::bigint IS NULL OR channel_id = %(channel)s)
"""
PRODUCTS = """
SELECT r.channel_id, r.sku_id, sum(r.quantity)::int, sum(r.net_yen)::bigint, sum(r.cost_yen) FROM accounting_revenueentry r
WHERE r."on" BETWEEN %(first)s AND %(last)s AND r.sku_id IS NOT NULL
  AND (%(channel)s::bigint IS NULL OR r.channel_id = %(channel)s) GROUP BY 1, 2
"""


@dataclass(frozen=True, slots=True)
class Row:
    """1 行: a channel, a product or an order, with its profit."""

    key: Any
    label: str
    profit: Profit
    note: str = ""
    on: date | None = None
    quantity: int = 0


def rates() -> list[Rate]:
    """Every rate that was ever set."""
    rows = CostRate.objects.values_list("kind", "subject", "zone", "since", "percent", "yen")
    return [Rate(*row) for row in rows]


def _ask(
    sql: str,
    period: Period,
    channel: int | None,
    told: Sequence[Rate],
    skip: int = 0,
    take: int | None = None,
) -> list[Any]:
    eras = sorted({rate.since for rate in told}) or [date(1900, 1, 1)]
    with connection.cursor() as cursor:
        cursor.execute(sql, {
            "first": period.first, "last": period.last, "channel": channel, "eras": eras, "skip": skip, "take": take,
        })  # fmt: skip
        return cursor.fetchall()


def by_channel(
    period: Period, names: Mapping[int, str], *, channel: int | None, told: Sequence[Rate]
) -> list[Row]:
    """店舗別, the most profitable first."""
    found: dict[int, Profit] = {}
    for channel_id, code, payment, carrier, prefecture, _, on, orders, parcels, net, gross, cost in _ask(
        GROUPS, period, channel, told
    ):
        one = Sold(code, payment, carrier, prefecture, on, orders, parcels, net, gross, cost)
        found.setdefault(channel_id, Profit()).add(one, told)
    rows = [Row(pk, names.get(pk, ""), profit) for pk, profit in found.items()]
    return sorted(rows, key=lambda row: -row.profit.profit_yen)


def by_product(
    period: Period, channels: Sequence[Row], *, channel: int | None, told: Sequence[Rate]
) -> list[Row]:
    """商品別. Selling costs of a channel are shared over its goods by sales, as nobody can tell which piece they were for."""
    part = {
        row.key: Decimal(row.profit.spent_yen) / row.profit.net_yen if row.profit.net_yen > 0 else Decimal(0)
        for row in channels
    }
    found: dict[int, tuple[Profit, list[int]]] = {}
    for channel_id, sku_id, quantity, net, cost in _ask(PRODUCTS, period, channel, told):
        profit, pieces = found.setdefault(sku_id, (Profit(), [0]))
        profit.net_yen += net
        profit.cost_yen += cost
        profit.spent["channel"] += round(net * part.get(channel_id, Decimal(0)))
        pieces[0] += quantity
    rows = [Row(pk, str(pk), profit, quantity=pieces[0]) for pk, (profit, pieces) in found.items()]
    return sorted(rows, key=lambda row: -row.profit.profit_yen)


def count_orders(period: Period, *, channel: int | None) -> int:
    """How many orders `by_order` has."""
    return int(_ask(COUNT, period, channel, [])[0][0])


def by_order(
    period: Period, *, channel: int | None, told: Sequence[Rate], skip: int = 0, take: int | None = None
) -> list[Row]:
    """受注別, the newest first: all, or so many from `skip` on."""
    rows = []
    for number, name, code, payment, carrier, prefecture, on, orders, parcels, net, gross, cost in _ask(
        ORDERS, period, channel, told, skip, take
    ):
        profit = Profit()
        profit.add(Sold(code, payment, carrier, prefecture, on, orders, parcels, net, gross, cost), told)
        rows.append(Row(number, number, profit, name, on))
    return rows


def total(rows: Sequence[Row]) -> Profit:
    """合計."""
    whole = Profit()
    for row in rows:
        whole.orders += row.profit.orders
        whole.net_yen += row.profit.net_yen
        whole.cost_yen += row.profit.cost_yen
        for kind, yen in row.profit.spent.items():
            whole.spent[kind] += yen
    return whole
