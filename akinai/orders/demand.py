"""需要: what customers ordered, per SKU and day; fills the port of purchasing. Whoever ordered a set wanted its parts."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection

from akinai.orders.services import turns
from akinai.purchasing.replenish import Sale
from akinai.stock.queries import business_day_start

# The day of ordering, not of shipping: what could not be shipped was wanted all the same. A set counts by the parts it was
# promised with, and where nothing was promised (orders shipped before they came here) by those it has now.
WANTED = """
WITH line AS (
  SELECT l.sku_id, k.is_set, o.number || '/' || l.line_no AS reference,
    (o.ordered_at AT TIME ZONE 'Asia/Tokyo')::date AS day, l.quantity - l.taken_out AS pieces
  FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id JOIN catalog_sku k ON k.id = l.sku_id
  WHERE o.ordered_at >= %s AND o.ordered_at < %s AND o.state <> 'cancelled'
), promised AS (
  SELECT l.reference, r.sku_id, l.day, l.pieces * r.per_set AS pieces FROM line l
  JOIN stock_reservation r ON r.reference = l.reference AND r.set_sku_id = l.sku_id AND r.state <> 'released'
  WHERE l.is_set
), wanted AS (
  SELECT sku_id, day, pieces FROM line WHERE NOT is_set
  UNION ALL SELECT sku_id, day, pieces FROM promised
  UNION ALL SELECT p.part_sku_id, l.day, l.pieces * p.quantity FROM line l
    JOIN catalog_setpart p ON p.set_sku_id = l.sku_id
    WHERE l.is_set AND NOT EXISTS (SELECT FROM promised m WHERE m.reference = l.reference)
)
SELECT sku_id, day, sum(pieces)::int FROM wanted GROUP BY 1, 2 HAVING sum(pieces) > 0
"""


FROM_SUBSCRIPTIONS = WANTED.replace(
    "o.state <> 'cancelled'",
    "o.state <> 'cancelled' AND EXISTS (SELECT FROM orders_subscriptionturn t WHERE t.order_id = o.id)",
)


class OrderedPieces:
    """The demand that orders tell."""

    def sales(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """Pieces per SKU and day, both days inclusive. One query."""
        return _wanted(WANTED, first_on, last_on)

    def repeated(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """Those of `sales` that 定期購入 ordered. One query."""
        return _wanted(FROM_SUBSCRIPTIONS, first_on, last_on)

    def planned(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """定期購入: pieces per SKU and day of delivery that are not ordered yet. Three queries."""
        pieces = turns.planned_pieces(first_on, last_on)
        return [Sale(sku, day, count) for (sku, day), count in pieces.items()]


def _wanted(statement: str, first_on: date, last_on: date) -> list[Sale]:
    with connection.cursor() as cursor:
        cursor.execute(
            statement, [business_day_start(first_on), business_day_start(last_on + timedelta(days=1))]
        )
        return [Sale(sku, day, pieces) for sku, day, pieces in cursor.fetchall()]
