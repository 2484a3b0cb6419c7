"""The demo company's own order history as daily series, and whether there is enough of it."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from bench.shelves.retail import Basket, SalesDays

LEAST_DAYS, LEAST_SKUS, LEAST_LINES = 120, 20, 1_000

BASKETS = """
SELECT (ordered_at AT TIME ZONE 'Asia/Tokyo')::date, order_id, sku_id, sum(quantity)
FROM orders_orderline JOIN orders_order ON orders_order.id = order_id
WHERE sku_id IS NOT NULL AND state <> 'cancelled' AND orders_orderline.sku_code NOT LIKE 'BENCH-%%'
AND (ordered_at AT TIME ZONE 'Asia/Tokyo')::date >= %s
GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
"""
LINES = """
SELECT sku_id, (ordered_at AT TIME ZONE 'Asia/Tokyo')::date, sum(quantity),
       percentile_disc(0.5) WITHIN GROUP (ORDER BY unit_price_yen), count(*)
FROM orders_orderline JOIN orders_order ON orders_order.id = order_id
WHERE sku_id IS NOT NULL AND state <> 'cancelled' AND orders_orderline.sku_code NOT LIKE 'BENCH-%%'
AND (ordered_at AT TIME ZONE 'Asia/Tokyo')::date >= %s
GROUP BY 1, 2 ORDER BY 1, 2
"""
# The demo company remembers single months of last year; a history is what came without such a hole.
SINCE = """
SELECT max(day) FROM (
  SELECT day, day - lag(day) OVER (ORDER BY day) AS gap FROM
    (SELECT DISTINCT (ordered_at AT TIME ZONE 'Asia/Tokyo')::date AS day FROM orders_order WHERE state <> 'cancelled') days
) gaps WHERE gap IS NULL OR gap > 30
"""
Series = dict[str, dict[date, int]]


def read() -> tuple[Series, dict[str, int], int]:
    """Pieces per SKU and day, a price per SKU in yen, and the number of order lines; the demo shop is opened if need be."""
    from bench import ground

    ground.start()
    from django.db import connection

    from akinai.flows.open_demo_shop import open_demo_shop

    open_demo_shop()
    series: Series = defaultdict(dict)
    prices, lines = {}, 0
    with connection.cursor() as cursor:
        cursor.execute(SINCE)
        since = cursor.fetchone()[0]
        cursor.execute(LINES, [since])
        for sku, day, pieces, price, count in cursor.fetchall():
            series[f"SKU-{sku}"][day] = int(pieces)
            prices[f"SKU-{sku}"] = int(price)
            lines += count
    return series, prices, lines


def baskets(prices: dict[str, int]) -> SalesDays:
    """The same history order by order, for drawing a longer one from it. The database must be up (`read`)."""
    from django.db import connection

    found: dict[date, dict[int, Basket]] = defaultdict(lambda: defaultdict(dict))
    with connection.cursor() as cursor:
        cursor.execute(SINCE)
        since = cursor.fetchone()[0]
        cursor.execute(BASKETS, [since])
        for day, order, sku, pieces in cursor.fetchall():
            found[day][order][f"SKU-{sku}"] = int(pieces)
    lines = sum(len(basket) for day in found.values() for basket in day.values())
    return SalesDays(
        tuple(found), tuple(tuple(day.values()) for day in found.values()), dict(prices), lines, 0, 0
    )


def too_little(series: Series, lines: int) -> str:
    """Why the history does not serve, or ""."""
    days = [day for one in series.values() for day in one]
    length = (max(days) - min(days)).days + 1 if days else 0
    if length >= LEAST_DAYS and len(series) >= LEAST_SKUS and lines >= LEAST_LINES:
        return ""
    return (
        f"the company's history is too short to judge by: {length} days, {len(series)} SKUs, {lines} lines "
        f"(needed: {LEAST_DAYS}, {LEAST_SKUS}, {LEAST_LINES})"
    )
