"""売上になる受注を読む: what billing's rules need of many orders, in few statements and without wide rows."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from akinai.accounting.rules.earning import Sold
from akinai.billing.services import Charges, Line, MallTax

ORDERS = """
SELECT o.id, o.number, o.channel_id, (coalesce(o.shipped_at, o.ordered_at) AT TIME ZONE 'Asia/Tokyo')::date, o.total_yen,
  o.shipping_yen, o.cod_fee_yen, o.payment_fee_yen, o.wrapping_yen, o.outer_tax_yen, o.adjustment_yen, o.discount_yen,
  o.points_yen, o.taxes
FROM orders_order o WHERE o.id = ANY(%s) ORDER BY o.id
"""
LINES = """
SELECT l.order_id, l.id, l.sku_id, coalesce(c.name, ''), l.quantity, l.unit_price_yen, l.tax_rate, l.price_includes_tax, l.name
FROM orders_orderline l LEFT JOIN catalog_sku s ON s.id = l.sku_id LEFT JOIN catalog_product p ON p.id = s.product_id
LEFT JOIN catalog_category c ON c.id = p.category_id
WHERE l.order_id = ANY(%s) AND l.quantity > 0 ORDER BY l.order_id, l.line_no
"""
# What left from elsewhere moved no stock: it is reckoned at the 移動平均原価 of the day it is recorded.
COSTS = """
SELECT s.order_id, v.sku_id, -sum(v.value_yen) FROM shipping_shipment s
JOIN stock_valueentry v ON v.reference = s.number AND v.kind IN ('issue', 'reversal')
WHERE s.order_id = ANY(%(ids)s) AND s.state IN ('shipped', 'delivered') GROUP BY 1, 2 HAVING sum(v.value_yen) <> 0
UNION ALL
SELECT o.id, l.sku_id, round(sum(l.quantity * v.value_yen / v.quantity), 4) FROM orders_order o
JOIN orders_orderline l ON l.order_id = o.id JOIN stock_stockvalue v ON v.sku_id = l.sku_id AND v.quantity > 0
WHERE o.id = ANY(%(ids)s) AND o.shipped_outside AND l.quantity > 0 GROUP BY 1, 2
"""

# Of each order: how often it left, whether the last turn is still open, and what that turn's shipping rows add up to. The
# parcels of an order in parts stand in one turn; what one of them takes back names it.
STANDING = """
SELECT DISTINCT ON (order_id) * FROM (
  SELECT order_id, turn, bool_or(event = 'unship' AND shipment_id IS NULL) AS is_taken_back,
    coalesce(sum(gross_yen) FILTER (WHERE event = 'ship' OR event = 'unship' AND shipment_id IS NOT NULL), 0) AS shipped_yen
  FROM accounting_revenueentry WHERE %(all)s OR order_id = ANY(%(ids)s) GROUP BY order_id, turn
) turns ORDER BY order_id, turn DESC
"""


@dataclass(slots=True)
class Fact:
    """One order as the ledger of sales takes it."""

    order_id: int
    number: str
    channel_id: int
    on: date
    charges: Charges
    sold: list[Sold] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    costs: dict[int, Decimal] = field(default_factory=dict)


def read(order_ids: Sequence[int]) -> list[Fact]:
    """These orders, in rising order of their ids. Four statements for any number of them."""
    ids = list(order_ids)
    goods, sold, names = _lines(ids)
    costs: dict[int, dict[int, Decimal]] = defaultdict(dict)
    for order_id, sku_id, cost in _costs(ids):
        costs[order_id][sku_id] = cost
    return [
        Fact(
            pk, number, channel_id, on, _charges(goods.get(pk, []), amounts, taxes), sold.get(pk, []), names.get(pk, []),
            costs.get(pk, {}),
        )
        for pk, number, channel_id, on, *amounts, taxes in rows(ORDERS, ids)
    ]  # fmt: skip


def _costs(ids: list[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(COSTS, {"ids": ids})
        return cursor.fetchall()


def rows(sql: str, ids: list[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, [ids])
        return cursor.fetchall()


def _lines(ids: list[int]) -> tuple[dict[int, list[Line]], dict[int, list[Sold]], dict[int, list[str]]]:
    goods: dict[int, list[Line]] = defaultdict(list)
    sold: dict[int, list[Sold]] = defaultdict(list)
    names: dict[int, list[str]] = defaultdict(list)
    for order_id, pk, sku_id, category, pieces, price, rate, inclusive, name in rows(LINES, ids):
        goods[order_id].append(Line("goods", name, pieces, price, price * pieces, rate, inclusive))
        sold[order_id].append(Sold(pk, sku_id, category, pieces))
        names[order_id].append(name)
    return goods, sold, names


def _charges(goods: list[Line], amounts: list[int], taxes: Any) -> Charges:
    import json

    total, shipping, cod, fee, wrapping, outer, adjustment, discount, points = amounts
    told = json.loads(taxes) if isinstance(taxes, str) else taxes
    return Charges(
        goods=goods, total_yen=total, shipping_yen=shipping, cod_fee_yen=cod, payment_fee_yen=fee, wrapping_yen=wrapping,
        discount_yen=discount, points_yen=points, adjustment_yen=adjustment, outer_tax_yen=outer,
        mall_taxes=[MallTax(int(t["rate"]), int(t["charged_yen"]), int(t["tax_yen"])) for t in told or ()],
    )  # fmt: skip
