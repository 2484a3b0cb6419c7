"""売上台帳 → 仕訳: one entry per slip. 売掛金 against sales, charges and cuts, with the tax on lines of its own."""

from __future__ import annotations

from akinai.accounting.ports import Source

SQL = """
WITH fresh AS (
  SELECT e.*, o.number, o.channel_order_no, c.name AS channel FROM accounting_revenueentry e
  JOIN orders_order o ON o.id = e.order_id JOIN channels_channel c ON c.id = e.channel_id
  WHERE NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'sales:' || e.slip)
), lines AS (
  SELECT slip, CASE WHEN kind = 'paid_points' THEN 'collectors' WHEN event IN ('credit', 'return') OR kind IN ('discount', 'points') THEN 'cuts'
      WHEN kind = 'goods' THEN 'sales' ELSE 'charges' END AS role,
    -net_yen AS yen, -tax_yen AS tax_yen, false AS is_tax,
    CASE WHEN kind = 'paid_points' THEN '' WHEN event IN ('credit', 'return') THEN 'r' || rate ELSE 's' || rate END AS tax_class
  FROM fresh
  UNION ALL
  SELECT slip, 'tax_received', -tax_yen, 0, true, CASE WHEN event IN ('credit', 'return') THEN 'r' ELSE 's' END || rate FROM fresh
  WHERE tax_yen <> 0
  UNION ALL
  SELECT slip, 'receivable', gross_yen, 0, false, '' FROM fresh
), heads AS (
  SELECT DISTINCT ON (slip) slip, "on", event, order_id, channel_id, channel, number, channel_order_no FROM fresh ORDER BY slip, id
)
SELECT 'sales:' || h.slip AS key, h."on", CASE h.event WHEN 'ship' THEN '売上 ' WHEN 'unship' THEN '売上取消 ' ELSE '返品・値引 ' END
    || CASE WHEN h.event IN ('credit', 'return') THEN h.slip || ' ' ELSE '' END || h.number || ' ' || h.channel_order_no AS memo,
  CASE h.event WHEN 'credit' THEN h.slip WHEN 'return' THEN split_part(h.slip, '/', 1) ELSE h.number END AS document, h.order_id, h.channel_id, h.channel AS partner,
  l.role, l.yen, l.tax_class, l.tax_yen, l.is_tax
FROM lines l JOIN heads h ON h.slip = l.slip
"""
SOURCE = Source("sales", "売上台帳", SQL, order=10)
