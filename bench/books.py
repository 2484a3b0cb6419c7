"""script/bench books: 100,000 shipments become sales and entries, and the reports read them, against SQL written by hand.

`record` is the ledger of sales by billing's own rules, `post` the journal with its balance guard, `again` both when there is
nothing to do. The limit is one INSERT … SELECT per table without tax per document, cost or guard: no program can be faster.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

from bench.ground import say, start

ORDERS = 100_000
SHIPPED = """
INSERT INTO orders_order (number, channel_id, channel_order_no, state, ordered_at, received_at, location_id, buyer_name, buyer_kana,
  buyer_company, buyer_email, buyer_phone, buyer_postal_code, buyer_address, ship_name, ship_kana, ship_company, ship_phone,
  ship_postal_code, ship_prefecture, ship_city, ship_line1, ship_line2, payment, payment_label, payment_settled, amounts_known,
  goods_yen, shipping_yen, cod_fee_yen, payment_fee_yen, wrapping_yen, outer_tax_yen, adjustment_yen, discount_yen, points_yen,
  total_yen, paid_yen, taxes, delivery_slot, delivery_method, carrier, customer_note, shop_note, gift_note, is_remote_island,
  shipped_outside, shipment_progress, invoice_progress, payment_progress, shipped_at, content_digest, source_line, raw, search_text)
SELECT 'BK-' || n, c.id, 'bench-' || n, 'completed', t.at, t.at, l.id, '', '', '', '', '', '', '', '', '', '', '', '',
  (ARRAY['東京都', '大阪府', '沖縄県', '北海道'])[1 + n %% 4], '', '', '', 'card', '', true, true,
  3240, 700, 0, 0, 0, 0, 0, 100, 0, 3840, 0, '[]', '', '', '', '', '', '', false, true, 'not_needed', 'not_needed', 'none', t.at, '', 0,
  '{}', ''
FROM generate_series(%(have)s + 1, %(count)s) n
CROSS JOIN LATERAL (SELECT now() - (n %% 365) * interval '1 day' AS at) t
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS k, count(*) OVER () AS of FROM channels_channel) c ON c.k = n %% c.of
CROSS JOIN (SELECT id FROM stock_location WHERE is_default) l
"""
LINES = """
INSERT INTO orders_orderline (order_id, line_no, sku_id, sku_code, name, options, quantity, unit_price_yen, tax_rate,
  price_includes_tax, channel_line_no, raw)
SELECT o.id, k, s.id, s.code, '商品', '', 1, 1080, 8, true, '', '{}' FROM orders_order o CROSS JOIN generate_series(1, 3) k
JOIN (SELECT id, code, row_number() OVER (ORDER BY id) - 1 AS at, count(*) OVER () AS of FROM catalog_sku) s
  ON s.at = (o.id * 7 + k * 13) %% s.of
WHERE o.number LIKE 'BK-%%' AND NOT EXISTS (SELECT FROM orders_orderline x WHERE x.order_id = o.id)
"""
LIMIT_RECORD = """
CREATE TEMP TABLE limit_revenue AS
SELECT l.order_id, l.id AS line, l.sku_id, o.channel_id, o.shipped_at::date AS "on", l.tax_rate, l.unit_price_yen * l.quantity AS gross,
  l.unit_price_yen * l.quantity - l.unit_price_yen * l.quantity * l.tax_rate / (100 + l.tax_rate) AS net
FROM orders_orderline l JOIN orders_order o ON o.id = l.order_id WHERE o.number LIKE 'BK-%%'
"""
LIMIT_POST = """
CREATE TEMP TABLE limit_lines AS
SELECT order_id, x.side, sum(x.yen) AS yen FROM limit_revenue r
CROSS JOIN LATERAL (VALUES ('debit', r.gross), ('credit', r.net), ('tax', r.gross - r.net)) x(side, yen) GROUP BY 1, 2
"""
WARM = 7


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    begin = time.monotonic()
    found = act()
    return round(time.monotonic() - begin, 2), found


def sql(statement: str, **told: Any) -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(statement, told)
        return cursor.rowcount


def main(count: int = ORDERS) -> None:
    start()
    from django.db import transaction

    from akinai.accounting import services
    from akinai.core import proofs
    from bench.ground import goods

    goods(500, pieces=0)
    have = orders_there()
    if have < count:
        with transaction.atomic():
            sql(SHIPPED, count=count, have=have)
            sql(LINES)
            sql("ANALYZE orders_order")
            sql("ANALYZE orders_orderline")
    seconds, rows = timed(services.record_missing)
    say(figure="record", orders=count, rows=rows, seconds=seconds)
    seconds, entries = timed(services.post_upto)
    say(figure="post", entries=entries, seconds=seconds)
    seconds, again = timed(lambda: services.record_missing() + services.post_upto())
    say(figure="again", written=again, seconds=seconds)
    say(figure="limit_record", seconds=timed(lambda: sql(LIMIT_RECORD))[0])
    say(figure="limit_post", seconds=timed(lambda: sql(LIMIT_POST))[0])
    sql("VACUUM ANALYZE accounting_revenueentry")
    sql("VACUUM ANALYZE accounting_dailysales")
    sql("VACUUM ANALYZE accounting_journalline")
    _pages()
    named = {
        "revenue_is_what_was_shipped",
        "daily_sales_are_their_entries",
        "journal_balances",
        "journal_sales_are_the_ledger",
    }
    broken = [one.name for one in proofs.run_all() if one.name in named and one.broken]
    say(figure="proofs", broken=broken)


def orders_there() -> int:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM orders_order WHERE number LIKE 'BK-%%'")
        return int(cursor.fetchone()[0])


def _pages() -> None:
    """Milliseconds and statements of each report, warm, the middle of several."""
    from django.contrib.auth import get_user_model
    from django.db import connection
    from django.test import Client

    user = get_user_model().objects.get_or_create(
        username="bench-books", defaults={"is_superuser": True, "display_name": "bench"}
    )[0]
    client = Client()
    client.force_login(user)
    today = date.today()
    month = f"first={today - timedelta(days=30)}&last={today}"
    year = f"unit=month&first={today - timedelta(days=364)}&last={today}"
    pages = {
        "sales_month": f"sales/?{month}", "sales_year": f"sales/?{year}", "sales_year_by_channel": f"sales/?{year}&view=channel",
        "sales_month_by_product": f"sales/?{month}&view=product", "sales_year_by_product": f"sales/?{year}&view=product",
        "profit_month": f"profit/?{month}", "profit_month_by_product": f"profit/?{month}&view=product",
        "profit_month_by_order": f"profit/?{month}&view=order", "profit_year": f"profit/?{year}", "journal": "journal/",
        "revenue": "sales/rows/", "trial_month": f"trial/?{month}", "closing": "closing/",
    }  # fmt: skip
    for name, path in pages.items():
        took = []
        asked = 0

        def count(execute: Any, *told: Any) -> Any:
            nonlocal asked
            asked += 1
            return execute(*told)

        with connection.execute_wrapper(count):
            assert client.get(f"/office/accounting/{path}").status_code == 200, path
        for _ in range(WARM):
            begin = time.monotonic()
            client.get(f"/office/accounting/{path}")
            took.append(time.monotonic() - begin)
        say(figure=name, ms=round(sorted(took)[len(took) // 2] * 1000, 1), queries=asked)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS)
