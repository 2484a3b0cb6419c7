"""仕訳の記帳: whatever the ledgers say and the journal does not, in few statements for any number of facts.

The key of a fact is unique in the journal, so posting twice posts once. One poster at a time: the second finds it done.
"""

from __future__ import annotations

from datetime import date, timedelta

from django.db import connection, transaction

from akinai.accounting.models import BookSettings
from akinai.accounting.ports import Source, sources
from akinai.core import clock, closing, numbering

COLLECT = """
CREATE TEMP TABLE books_lines ON COMMIT DROP AS
SELECT s.key, greatest(min(s."on"), %(open)s::date) AS "on", min(s.memo) AS memo, min(s.document) AS document,
  min(s.order_id) AS order_id, min(s.channel_id) AS channel_id, min(s.partner) AS partner, s.role,
  sum(s.yen)::bigint AS yen, s.tax_class, sum(s.tax_yen)::bigint AS tax_yen, s.is_tax
FROM ({source}) s WHERE s."on" >= %(starts)s AND s."on" <= %(upto)s
GROUP BY s.key, s.role, s.tax_class, s.is_tax HAVING sum(s.yen) <> 0 OR sum(s.tax_yen) <> 0
"""
HEADS = """
CREATE TEMP TABLE books_heads ON COMMIT DROP AS
SELECT DISTINCT ON (key) key, "on", memo, document, order_id, channel_id, partner FROM books_lines ORDER BY key
"""
# The same where a source tells its facts apart.
HEADS_TOLD = """
CREATE TEMP TABLE books_heads ON COMMIT DROP AS
SELECT h.key, greatest(h."on", %(open)s::date) AS "on", h.memo, h.document,
  h.order_id, h.channel_id, h.partner
FROM ({heads}) h WHERE h."on" >= %(starts)s AND h."on" <= %(upto)s
"""
LINES_TOLD = """
CREATE TEMP TABLE books_lines ON COMMIT DROP AS SELECT * FROM ({source}) s WHERE s.yen <> 0 OR s.tax_yen <> 0
"""
# A fact that moves no yen makes no entry.
NOTHING = "DELETE FROM books_heads h WHERE NOT EXISTS (SELECT FROM books_lines l WHERE l.key = h.key)"
# Entries and their lines in one statement, so that the guards see both. Debits first, in the order of the accounts; the tax
# below what it belongs to.
WRITE = """
WITH made AS (
  INSERT INTO accounting_journalentry (number, "on", source, key, memo, document, order_id, channel_id, partner, at)
  SELECT n.number, h."on", %(source)s, h.key, left(h.memo, 200), left(h.document, 60), h.order_id, h.channel_id,
    left(h.partner, 120), %(now)s
  FROM (SELECT *, row_number() OVER (ORDER BY "on", key) AS no FROM books_heads) h
  JOIN unnest(%(numbers)s::text[]) WITH ORDINALITY AS n(number, no) ON n.no = h.no ORDER BY h.no
  RETURNING id, key, "on"
)
INSERT INTO accounting_journalline (entry_id, line_no, side, account_id, "on", yen, tax_class, tax_yen, is_tax)
SELECT e.id, row_number() OVER (PARTITION BY e.id ORDER BY l.yen + l.tax_yen < 0, l.is_tax, a.code, l.tax_class),
  CASE WHEN l.yen > 0 OR (l.yen = 0 AND l.tax_yen > 0) THEN 'debit' ELSE 'credit' END, a.id, e."on", abs(l.yen), l.tax_class,
  CASE WHEN l.yen > 0 OR (l.yen = 0 AND l.tax_yen > 0) THEN l.tax_yen ELSE -l.tax_yen END, l.is_tax
FROM books_lines l JOIN made e ON e.key = l.key JOIN accounting_account a ON a.role = l.role
"""


@transaction.atomic
def post_upto(day: date | None = None) -> int:
    """仕訳にする: every fact up to that day (today) that has no entry yet. Out: how many entries were written."""
    day = day or clock.today()
    starts = BookSettings.objects.values_list("starts_on", flat=True).get(pk=1) or date(1900, 1, 1)
    last = closing.closed_until()
    bounds = {"starts": starts, "upto": day, "open": last + timedelta(days=1) if last else starts}
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('akinai.books.post'))")
        cursor.execute('CREATE TEMP TABLE books_touched (order_id bigint, "on" date) ON COMMIT DROP')
    done = sum(_post(source, bounds) for source in sources())
    from akinai.accounting.services.advances import ADVANCES
    from akinai.accounting.services.goods import post_values

    done += _post(Source("advance", "前受金の振替", ADVANCES), bounds) + post_values(bounds)
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE books_touched")
    return done


def _collect(source: Source, bounds: dict[str, date]) -> int:
    """The facts that have no entry yet, in two tables of this transaction. Out: how many."""
    with connection.cursor() as cursor:
        if not source.heads:
            cursor.execute(COLLECT.format(source=source.sql), bounds)
            cursor.execute(HEADS)
            return cursor.rowcount
        cursor.execute(HEADS_TOLD.format(heads=source.heads), bounds)
        count = cursor.rowcount
        cursor.execute("ANALYZE books_heads")
        cursor.execute(LINES_TOLD.format(source=source.sql))
        cursor.execute(NOTHING)
        return count - cursor.rowcount


def _post(source: Source, bounds: dict[str, date]) -> int:
    count = _collect(source, bounds)
    with connection.cursor() as cursor:
        if count:
            cursor.execute("ANALYZE books_lines")
            cursor.execute(
                WRITE,
                {"source": source.code, "numbers": numbering.take("journal", count), "now": clock.now()},
            )
            cursor.execute(
                'INSERT INTO books_touched SELECT order_id, max("on") FROM books_heads WHERE order_id IS NOT NULL GROUP BY 1'
            )
        cursor.execute("DROP TABLE books_lines, books_heads")
    return count
