"""対象外の入金明細 → 仕訳: money at the bank that is no customer's. What is brought back is answered by the opposite.

The key ends with the role that the money was booked to last, so that a changed mind moves it from there.
"""

from __future__ import annotations

from akinai.accounting.ports import Source

SQL = """
WITH told AS (
  SELECT s.line_id, b."on", b.amount_yen, b.account_id, CASE WHEN s.state <> 'set_aside' THEN 'none' ELSE CASE s.aside_reason
    WHEN 'interest' THEN 'interest' WHEN 'own_transfer' THEN 'transfer' WHEN 'settlement' THEN 'collectors'
    WHEN 'returned' THEN 'none' ELSE 'suspense' END END AS target, s.note
  FROM payments_banklinestatus s JOIN payments_bankline b ON b.id = s.line_id
), booked AS (
  SELECT DISTINCT ON (document) document, split_part(key, ':', 3)::int AS nth, split_part(key, ':', 4) AS role
  FROM accounting_journalentry WHERE source = 'bank' ORDER BY document, id DESC
), moved AS (
  SELECT t.*, coalesce(b.nth, 0) + 1 AS next, coalesce(b.role, 'none') AS present
  FROM told t LEFT JOIN booked b ON b.document = 'BANK-' || t.line_id WHERE t.target <> coalesce(b.role, 'none')
)
SELECT 'bank:' || m.line_id || ':' || m.next || ':' || m.target AS key, m."on",
  '入金明細 ' || CASE WHEN m.target = 'none' THEN '対象外の取消' ELSE '対象外 ' || m.note END AS memo,
  'BANK-' || m.line_id AS document, NULL::bigint AS order_id, NULL::bigint AS channel_id, '' AS partner, x.role, x.yen,
  '' AS tax_class, 0 AS tax_yen, false AS is_tax
FROM moved m CROSS JOIN LATERAL (VALUES
  (CASE WHEN m.present = 'none' THEN 'bank' ELSE m.present END, m.amount_yen),
  (CASE WHEN m.target = 'none' THEN 'bank' ELSE m.target END, -m.amount_yen)
) AS x(role, yen)
"""
SOURCE = Source("bank", "対象外の入金明細", SQL, order=30)
