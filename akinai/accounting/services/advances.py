"""前受金の振替: what was paid before the goods left becomes payment of the sale; what was taken back is 前受金 again.

Of an order that left in part, what was paid beyond the parcels that are gone stays 前受金; what they earned beyond that is
owed. Only orders that this posting touched are looked at: all others were settled when they were touched last.
"""

from __future__ import annotations

ADVANCES = """
WITH touched AS (SELECT order_id, max("on") AS "on" FROM books_touched GROUP BY 1),
balances AS (
  SELECT t.order_id, greatest(t."on", max(e."on")) AS "on", count(DISTINCT e.id) FILTER (WHERE e.source = 'advance') AS moves,
    coalesce(sum(CASE l.side WHEN 'debit' THEN l.yen ELSE -l.yen END) FILTER (WHERE a.role = 'advance'), 0) AS advance,
    coalesce(sum(CASE l.side WHEN 'debit' THEN l.yen ELSE -l.yen END) FILTER (WHERE a.role = 'receivable'), 0) AS receivable
  FROM touched t JOIN accounting_journalentry e ON e.order_id = t.order_id
  JOIN accounting_journalline l ON l.entry_id = e.id JOIN accounting_account a ON a.id = l.account_id
  WHERE a.role IN ('advance', 'receivable') GROUP BY t.order_id, t."on"
), moved AS (
  SELECT b.*, o.number, o.channel_id, c.name AS channel,
    CASE WHEN o.state IN ('shipped', 'completed') OR o.in_parts AND b.receivable + b.advance > 0 THEN -b.advance
      ELSE b.receivable END AS yen
  FROM balances b JOIN orders_order o ON o.id = b.order_id JOIN channels_channel c ON c.id = o.channel_id
)
SELECT 'advance:' || m.order_id || ':' || m.moves + 1 AS key, m."on", '前受金の振替 ' || m.number AS memo, m.number AS document,
  m.order_id, m.channel_id, m.channel AS partner, x.role, x.yen, '' AS tax_class, 0 AS tax_yen, false AS is_tax
FROM moved m CROSS JOIN LATERAL (VALUES ('advance', m.yen), ('receivable', -m.yen)) AS x(role, yen) WHERE m.yen <> 0
"""
