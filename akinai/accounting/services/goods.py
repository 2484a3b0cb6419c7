"""原価の仕訳: movements of goods become one entry a day and kind, in whole yen that never drift from the ledger.

Values have fractions of a yen. Each entry is what the sum so far comes to in yen less what was posted before, so 商品 is the
value of the stock to the yen, always.
"""

from __future__ import annotations

from datetime import date

from django.db import connection

from akinai.core import clock, numbering

VALUES = """
CREATE TEMP TABLE books_values ON COMMIT DROP AS
SELECT v.id, greatest((v.at AT TIME ZONE 'Asia/Tokyo')::date, %(open)s::date) AS "on", x.stream, x.role, x.contra, x.amount
FROM stock_valueentry v
LEFT JOIN stock_valueentry r ON r.id = v.reverses_id
LEFT JOIN stock_stockentry s ON s.id = coalesce(r.stock_entry_id, v.stock_entry_id)
CROSS JOIN LATERAL (SELECT CASE coalesce(r.kind, v.kind)
  WHEN 'receipt' THEN CASE WHEN s.kind = 'opening' THEN 'opening' ELSE 'uninvoiced' END
  WHEN 'issue' THEN 'cogs' WHEN 'adjustment' THEN 'shrinkage' WHEN 'writedown' THEN 'writedown' ELSE 'uninvoiced' END AS contra) k
CROSS JOIN LATERAL (VALUES (k.contra, 'goods', k.contra, v.value_yen),
  (k.contra || '+', 'cogs', CASE k.contra WHEN 'cogs' THEN 'uninvoiced' ELSE k.contra END, v.expensed_yen)
) AS x(stream, role, contra, amount)
WHERE NOT EXISTS (SELECT FROM accounting_postedvalue p WHERE p.value_id = v.id)
  AND (v.at AT TIME ZONE 'Asia/Tokyo')::date BETWEEN %(starts)s AND %(upto)s
  AND (x.amount <> 0 OR x.role = 'goods')
"""
DAYS = """
CREATE TEMP TABLE books_days ON COMMIT DROP AS
WITH before AS (
  SELECT e.document AS stream, sum(e.exact_yen) AS exact,
    sum((SELECT sum(CASE l.side WHEN 'debit' THEN l.yen ELSE -l.yen END) FROM accounting_journalline l
         WHERE l.entry_id = e.id AND l.line_no = 1)) AS yen, count(*) AS n
  FROM accounting_journalentry e WHERE e.source = 'value' GROUP BY 1
), days AS (SELECT stream, role, contra, "on", sum(amount) AS exact FROM books_values GROUP BY 1, 2, 3, 4),
running AS (
  SELECT d.*, coalesce(b.n, 0) + row_number() OVER w AS nth, coalesce(b.yen, 0) AS yen_before,
    round(coalesce(b.exact, 0) + sum(d.exact) OVER w) AS upto
  FROM days d LEFT JOIN before b ON b.stream = d.stream WINDOW w AS (PARTITION BY d.stream ORDER BY d."on")
)
SELECT row_number() OVER (ORDER BY "on", stream) AS no, stream, role, contra, "on", exact, nth,
  (upto - lag(upto, 1, yen_before) OVER (PARTITION BY stream ORDER BY "on"))::bigint AS yen FROM running
"""
# Line 1 is what the stream adds to; a day that comes to less than nothing turns round.
WRITE = """
WITH made AS (
  INSERT INTO accounting_journalentry (number, "on", source, key, memo, document, partner, exact_yen, at)
  SELECT n.number, d."on", 'value', 'value:' || d.stream || ':' || d.nth,
    CASE rtrim(d.stream, '+') WHEN 'cogs' THEN '売上原価' WHEN 'uninvoiced' THEN '商品の入荷' WHEN 'opening' THEN '期首・初期在庫'
      WHEN 'shrinkage' THEN '在庫の調整・棚卸差異' WHEN 'writedown' THEN '商品評価損' ELSE d.stream END
      || CASE WHEN right(d.stream, 1) = '+' THEN '（売れた分の付帯費用）' ELSE '' END || to_char(d."on", ' YYYY/MM/DD'),
    d.stream, '', d.exact, %(now)s
  FROM books_days d JOIN unnest(%(numbers)s::text[]) WITH ORDINALITY AS n(number, no) ON n.no = d.no ORDER BY d.no
  RETURNING id, key, "on"
)
INSERT INTO accounting_journalline (entry_id, line_no, side, account_id, "on", yen, tax_class, tax_yen, is_tax)
SELECT e.id, x.no, CASE WHEN (d.yen >= 0) = (x.no = 1) THEN 'debit' ELSE 'credit' END, a.id, e."on", abs(d.yen), '', 0, false
FROM books_days d JOIN made e ON e.key = 'value:' || d.stream || ':' || d.nth
CROSS JOIN LATERAL (VALUES (1, d.role), (2, d.contra)) AS x(no, role) JOIN accounting_account a ON a.role = x.role
"""
POSTED = """
INSERT INTO accounting_postedvalue (value_id, entry_id)
SELECT v.id, e.id FROM books_values v JOIN books_days d ON d.stream = v.stream AND d."on" = v."on"
JOIN accounting_journalentry e ON e.key = 'value:' || d.stream || ':' || d.nth WHERE v.role = 'goods' ORDER BY v.id
"""


def post_values(bounds: dict[str, date]) -> int:
    """The movements of goods that no entry has, in the transaction of the one who posts. Out: how many entries."""
    with connection.cursor() as cursor:
        cursor.execute(VALUES, bounds)
        cursor.execute(DAYS)
        count = cursor.rowcount
        if count:
            cursor.execute("ANALYZE books_values")
            numbers = numbering.take("journal", count)
            cursor.execute(WRITE, {"numbers": numbers, "now": clock.now()})
            cursor.execute(POSTED)
        cursor.execute("DROP TABLE books_values, books_days")
    return count
