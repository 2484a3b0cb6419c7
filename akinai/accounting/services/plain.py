"""ふつうの受注の売上の記帳: one statement writes the rows of all orders that are charged in the usual way.

The same sums as `drafts.draft_of` and `rules.earning`, which stay the word on it (tests/test_plain.py holds this to them). What
is not usual (外税, three rates under a cut, one SKU on two lines, sets, amounts that do not add up) is left to them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import connection

from akinai.accounting.services.facts import COSTS
from akinai.core import clock
from akinai.core.tax import RATES, Rounding

# 端数処理 of the tax within a sum that is not negative.
WITHIN = {
    Rounding.DOWN: "g.gross * g.rate / (100 + g.rate)",
    Rounding.HALF_UP: "(2 * g.gross * g.rate + 100 + g.rate) / (2 * (100 + g.rate))",
    Rounding.UP: "(g.gross * g.rate + 99 + g.rate) / (100 + g.rate)",
}
STANDARD = (
    "CASE "
    + " ".join(f"WHEN day >= '{rates.since}' THEN {rates.standard}" for rates in reversed(RATES))
    + " END"
)


def _part(amount: str, first: str, second: str) -> str:
    """The first of two parts of an amount by the largest remainder; equal remainders go to the first."""
    whole, a, b = f"nullif({first} + {second}, 0)", f"({amount}) * ({first})", f"({amount}) * ({second})"
    return (
        f"coalesce(({a}) / {whole} + (({a}) %% {whole} + ({b}) %% {whole} >= {whole}"
        f" AND ({a}) %% {whole} >= ({b}) %% {whole})::int, 0)"
    )


# What the statement reads, in tables of this transaction whose sizes the planner knows.
ASKED = f"""
CREATE TEMP TABLE books_asked ON COMMIT DROP AS
SELECT a.id, a.number, a.channel_id, a.turn, a.day, a.total_yen, a.shipping_yen, a.cod_fee_yen, a.payment_fee_yen, a.wrapping_yen,
  a.adjustment_yen, a.discount_yen, a.points_yen, a.taxes, {STANDARD} AS standard,
  CASE jsonb_typeof(taxes) WHEN 'array' THEN taxes <> '[]' ELSE false END AS by_mall
FROM (
  SELECT o.*, t.turn, (coalesce(o.shipped_at, o.ordered_at) AT TIME ZONE 'Asia/Tokyo')::date AS day
  FROM unnest(%(ids)s::bigint[], %(turns)s::int[]) t(id, turn) JOIN orders_order o ON o.id = t.id
) a
WHERE outer_tax_yen = 0 AND least(shipping_yen, cod_fee_yen, payment_fee_yen, wrapping_yen, discount_yen, points_yen) >= 0
"""
CHARGED = """
CREATE TEMP TABLE books_charged ON COMMIT DROP AS
SELECT l.order_id, l.line_no::bigint AS at, 'goods' AS kind, l.tax_rate::int AS rate, l.unit_price_yen * l.quantity AS yen,
  l.quantity, l.id AS line, l.sku_id, coalesce(c.name, '') AS category, l.price_includes_tax AS is_usual
FROM books_asked a JOIN orders_orderline l ON l.order_id = a.id
LEFT JOIN catalog_sku s ON s.id = l.sku_id LEFT JOIN catalog_product p ON p.id = s.product_id
LEFT JOIN catalog_category c ON c.id = p.category_id WHERE l.quantity > 0
UNION ALL
SELECT a.id, 1000000000 + x.at, x.kind, a.standard, x.yen, 0, NULL, NULL, '', true FROM books_asked a CROSS JOIN LATERAL (VALUES
  (1, 'shipping', a.shipping_yen), (2, 'fee', a.cod_fee_yen), (3, 'fee', a.payment_fee_yen), (4, 'fee', a.wrapping_yen),
  (5, 'other', greatest(a.adjustment_yen, 0))) x(at, kind, yen) WHERE x.yen <> 0
"""
COST = f"""
CREATE TEMP TABLE books_costs ON COMMIT DROP AS
SELECT order_id, sku_id, sum(cost) AS cost, count(*) AS n FROM ({COSTS}) c(order_id, sku_id, cost) GROUP BY 1, 2
"""
RATES_OF = """
by_rate AS MATERIALIZED (
  SELECT order_id, rate, sum(yen)::bigint AS gross, count(*) FILTER (WHERE kind = 'goods') AS goods, bool_and(is_usual) AS is_usual
  FROM books_charged GROUP BY 1, 2
), whole AS MATERIALIZED (
  SELECT order_id, array_agg(rate ORDER BY rate DESC) AS r, array_agg(gross ORDER BY rate DESC) AS g, sum(gross) AS gross
  FROM by_rate GROUP BY 1 HAVING sum(goods) > 0 AND bool_and(is_usual AND gross >= 0)
), mall AS MATERIALIZED (
  SELECT a.id AS order_id, (t->>'rate')::int AS rate, (t->>'charged_yen')::bigint AS charged, (t->>'tax_yen')::bigint AS tax
  FROM books_asked a CROSS JOIN LATERAL jsonb_array_elements(a.taxes) t WHERE a.by_mall
)"""
# OFFSET 0: each step is worked out once, and not again in every place of the next one that names it.
# 値引・ポイント・負の調整額 over the rates, one after the other; what lies between our lines and the mall's amounts per rate.
CUT = f"""
cut AS MATERIALIZED (
  SELECT a.id AS order_id, x.at, x.kind, x.rate, x.yen FROM books_asked a JOIN whole w ON w.order_id = a.id
  CROSS JOIN LATERAL (SELECT w.g[1] AS g1, coalesce(w.g[2], 0) AS g2, greatest(-a.adjustment_yen, 0) AS less) s
  CROSS JOIN LATERAL (SELECT {_part("a.discount_yen", "g1", "g2")} AS d1 OFFSET 0) d
  CROSS JOIN LATERAL (SELECT g1 - d1 AS h1, g2 - (a.discount_yen - d1) AS h2 OFFSET 0) h
  CROSS JOIN LATERAL (SELECT {_part("a.points_yen", "h1", "h2")} AS p1 OFFSET 0) p
  CROSS JOIN LATERAL (SELECT h1 - p1 AS i1, h2 - (a.points_yen - p1) AS i2 OFFSET 0) i
  CROSS JOIN LATERAL (SELECT {_part("less", "i1", "i2")} AS n1 OFFSET 0) n
  CROSS JOIN LATERAL (VALUES (1, 'discount', w.r[1], -d1), (2, 'discount', w.r[2], d1 - a.discount_yen),
    (3, 'points', w.r[1], -p1), (4, 'points', w.r[2], p1 - a.points_yen),
    (5, 'other', w.r[1], -n1), (6, 'other', w.r[2], n1 - less)) x(at, kind, rate, yen)
  WHERE NOT a.by_mall AND x.yen <> 0
  UNION ALL
  SELECT order_id, 100 - rate, CASE WHEN gap < 0 THEN 'discount' ELSE 'other' END, rate, gap FROM (
    SELECT coalesce(m.order_id, b.order_id) AS order_id, coalesce(m.rate, b.rate) AS rate,
      coalesce(m.charged, 0) - coalesce(b.gross, 0) AS gap
    FROM mall m FULL JOIN (SELECT b.* FROM by_rate b JOIN books_asked a ON a.id = b.order_id WHERE a.by_mall) b
      ON b.order_id = m.order_id AND b.rate = m.rate
  ) x WHERE gap <> 0
  UNION ALL
  SELECT a.id, 101, 'paid_points', 0, -a.points_yen FROM books_asked a JOIN (SELECT order_id, sum(charged) AS charged FROM mall GROUP BY 1) m
    ON m.order_id = a.id WHERE a.points_yen <> 0 AND m.charged = a.total_yen + a.points_yen
), told AS MATERIALIZED (
  SELECT order_id, at, kind, rate, yen, quantity, line, sku_id, category FROM books_charged WHERE order_id IN (SELECT order_id FROM whole)
  UNION ALL SELECT order_id, 1000000010 + at, kind, rate, yen, 0, NULL, NULL, '' FROM cut WHERE order_id IN (SELECT order_id FROM whole)
)"""
# Tax once per rate, as the mall says or within the gross; then the orders that add up and hide nothing unusual.
TAXED = """
taxed AS MATERIALIZED (
  SELECT g.order_id, g.rate, g.gross, g.first, g.priced, coalesce(m.tax, {within}) AS tax FROM (
    SELECT order_id, rate, sum(yen)::bigint AS gross, min(at) AS first,
      coalesce(sum(yen) FILTER (WHERE kind <> 'paid_points'), 0) AS priced
    FROM told GROUP BY 1, 2
  ) g LEFT JOIN mall m ON m.order_id = g.order_id AND m.rate = g.rate
), plain AS MATERIALIZED (
  SELECT t.order_id FROM taxed t JOIN books_asked a ON a.id = t.order_id JOIN whole w ON w.order_id = t.order_id
  WHERE a.by_mall OR cardinality(w.r) <= 2 AND a.discount_yen + a.points_yen + greatest(-a.adjustment_yen, 0) <= w.gross
  GROUP BY t.order_id HAVING sum(t.gross) = min(a.total_yen) AND min(t.priced) >= 0 AND bool_and(t.tax = 0 OR t.gross > 0)
  EXCEPT SELECT order_id FROM mall GROUP BY order_id, rate HAVING count(*) > 1
  EXCEPT SELECT c.order_id FROM books_costs c LEFT JOIN told t ON t.order_id = c.order_id AND t.sku_id = c.sku_id
    GROUP BY c.order_id, c.sku_id HAVING count(t.line) <> 1 OR min(c.n) > 1
)"""
# Each row's share of the tax of its rate, by the largest remainder.
SHARED = """
shared AS (
  SELECT t.*, x.first, x.tax, x.gross, f.part, f.rest,
    row_number() OVER (PARTITION BY t.order_id, t.rate ORDER BY f.rest DESC, t.at) AS luck,
    x.tax - sum(f.part) OVER (PARTITION BY t.order_id, t.rate) AS left_over
  FROM told t JOIN plain USING (order_id) JOIN taxed x USING (order_id, rate)
  CROSS JOIN LATERAL (SELECT ((x.tax * t.yen) %% nullif(x.gross, 0) + x.gross) %% nullif(x.gross, 0) AS rest) r
  CROSS JOIN LATERAL (SELECT coalesce((x.tax * t.yen - r.rest) / nullif(x.gross, 0), 0) AS part, coalesce(r.rest, 0) AS rest) f
), numbered AS (
  SELECT s.*, s.part + (s.luck <= s.left_over)::int AS tax_yen, row_number() OVER (PARTITION BY s.order_id ORDER BY s.first, s.at) AS no
  FROM shared s
)"""
WRITE = """
WITH {rates}, {cut}, {taxed}, {shared}, written AS (
  INSERT INTO accounting_revenueentry (order_id, order_line_id, sku_id, channel_id, category, "on", event, kind, slip, turn,
    counts, quantity, rate, net_yen, tax_yen, gross_yen, cost_yen, line_no, at)
  SELECT n.order_id, n.line, n.sku_id, a.channel_id, n.category, greatest(a.day, %(open)s::date), 'ship', n.kind,
    a.number || '/S' || a.turn, a.turn, (n.no = 1)::int, n.quantity, n.rate, n.yen - n.tax_yen, n.tax_yen, n.yen,
    coalesce(c.cost, 0), n.no, %(now)s
  FROM numbered n JOIN books_asked a ON a.id = n.order_id LEFT JOIN books_costs c ON c.order_id = n.order_id AND c.sku_id = n.sku_id
  ORDER BY n.order_id, n.no
  RETURNING order_id
)
SELECT (SELECT array_agg(order_id) FROM plain), count(*) FROM written
"""


MANY = 30  # orders; fewer go by the rules, which need no tables


def write(turns: Mapping[int, int], rounding: Rounding, *, open_on: date | None) -> tuple[set[int], int]:
    """売上の行 of those among the orders (→ turn) that are charged in the usual way.

    Out: which orders they were, and how many rows were written. A day before `open_on` is booked on it.
    """
    if len(turns) < MANY:
        return set(), 0
    statement = WRITE.format(
        rates=RATES_OF, cut=CUT, taxed=TAXED.format(within=WITHIN[rounding]), shared=SHARED
    )
    told = {"ids": list(turns), "turns": list(turns.values()), "open": open_on, "now": clock.now()}
    with connection.cursor() as cursor:
        for table in (ASKED, CHARGED, COST):
            cursor.execute(table, told)
        cursor.execute("ANALYZE books_asked, books_charged, books_costs")
        # Between tables of one batch a nested loop is never the way, but the planner cannot know how many rows a WITH has.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(statement, told)
        done, rows = cursor.fetchone()
        cursor.execute("SET LOCAL enable_nestloop = on")
        cursor.execute("DROP TABLE books_asked, books_charged, books_costs")
    return set(done or ()), rows
