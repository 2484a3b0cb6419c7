"""需要: what customers ordered, per SKU and day; fills the port of purchasing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db import connection

from akinai.purchasing.replenish import Sale
from akinai.stock.queries import business_day_start

# The day of ordering, not of shipping: what could not be shipped was wanted all the same.
WANTED = """
SELECT l.sku_id, (o.ordered_at AT TIME ZONE 'Asia/Tokyo')::date AS day, sum(l.quantity - l.taken_out)::int AS pieces
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id
WHERE o.ordered_at >= %s AND o.ordered_at < %s AND o.state <> 'cancelled' AND l.sku_id IS NOT NULL
GROUP BY 1, 2 HAVING sum(l.quantity - l.taken_out) > 0
"""


class OrderedPieces:
    """The demand that orders tell."""

    def sales(self, *, first_on: date, last_on: date) -> Iterable[Sale]:
        """Pieces per SKU and day, both days inclusive. One query."""
        with connection.cursor() as cursor:
            cursor.execute(
                WANTED, [business_day_start(first_on), business_day_start(last_on + timedelta(days=1))]
            )
            return [Sale(sku, day, pieces) for sku, day, pieces in cursor.fetchall()]
