"""売上台帳 → 仕訳: one entry per slip. 売掛金 against sales, charges and cuts, with the tax on lines of its own."""

from __future__ import annotations

from akinai.accounting.ports import Source

HEADS = """
SELECT 'sales:' || e.slip AS key, e."on", CASE e.event WHEN 'ship' THEN '売上 ' WHEN 'unship' THEN '売上取消 ' ELSE '返品・値引 ' END
    || CASE WHEN e.event IN ('credit', 'return') THEN e.slip || ' ' ELSE '' END || o.number || ' ' || o.channel_order_no AS memo,
  CASE e.event WHEN 'credit' THEN e.slip WHEN 'return' THEN split_part(e.slip, '/', 1) ELSE o.number END AS document,
  e.order_id, e.channel_id, c.name AS partner
FROM accounting_revenueentry e JOIN orders_order o ON o.id = e.order_id JOIN channels_channel c ON c.id = e.channel_id
WHERE e.line_no = 1 AND NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'sales:' || e.slip)
"""
SQL = """
WITH sums AS MATERIALIZED (
  SELECT h.key, CASE WHEN e.kind = 'paid_points' THEN 'collectors'
      WHEN e.event IN ('credit', 'return') OR e.kind IN ('discount', 'points') THEN 'cuts'
      WHEN e.kind = 'goods' THEN 'sales' ELSE 'charges' END AS role,
    CASE WHEN e.event IN ('credit', 'return') THEN 'r' ELSE 's' END || e.rate AS tax_class,
    -sum(e.net_yen)::bigint AS yen, -sum(e.tax_yen)::bigint AS tax_yen
  FROM books_heads h JOIN accounting_revenueentry e ON e.slip = substr(h.key, 7) GROUP BY 1, 2, 3
)
SELECT key, role, yen, CASE role WHEN 'collectors' THEN '' ELSE tax_class END AS tax_class, tax_yen, false AS is_tax FROM sums
UNION ALL SELECT key, 'tax_received', sum(tax_yen), tax_class, 0, true FROM sums GROUP BY key, tax_class
UNION ALL SELECT key, 'receivable', -sum(yen + tax_yen), '', 0, false FROM sums GROUP BY key
"""
SOURCE = Source("sales", "売上台帳", SQL, order=10, heads=HEADS)
