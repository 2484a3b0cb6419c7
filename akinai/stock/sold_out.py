"""売り切れの日: on which days nothing of a SKU was left to sell at closing time. Reads the ledger."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db import connection

CLOSED = """
WITH moved AS (
  SELECT e.sku_id, (e.at AT TIME ZONE 'Asia/Tokyo')::date AS day, sum(e.quantity) AS pieces
  FROM stock_stockentry e JOIN stock_location p ON p.id = e.location_id AND p.is_sellable
  WHERE e.sku_id = ANY(%s) AND e.at < %s::date + 1 GROUP BY 1, 2
), closing AS (
  SELECT sku_id, day, sum(pieces) OVER w AS left_over, lead(day) OVER w AS next_day FROM moved
  WINDOW w AS (PARTITION BY sku_id ORDER BY day)
)
SELECT sku_id, d::date FROM closing,
  generate_series(greatest(day, %s::date), least(coalesce(next_day - 1, %s::date), %s::date), interval '1 day') AS d
WHERE left_over <= 0
"""


def sold_out_days(sku_ids: Sequence[int], *, first_on: date, last_on: date) -> list[tuple[int, date]]:
    """(SKU, day) of every day from `first_on` to `last_on` that ended with nothing left. One query."""
    with connection.cursor() as cursor:
        cursor.execute(CLOSED, [list(sku_ids), last_on, first_on, last_on, last_on])
        return [(sku, day) for sku, day in cursor.fetchall()]
