"""入金 → 仕訳: one entry per payment. What comes before the goods left is 前受金, what belongs to no order 預り金.

Money that changes between an order and 預り金 stands in two rows of payments; the order's row tells it all. What a credit
note takes off a customer's debt is no money: the note itself has lowered the receivable. The fee that a payer kept is a
purchase from the bank (課税仕入 10 %).
"""

from __future__ import annotations

from akinai.accounting.ports import Source

SQL = """
SELECT 'payment:' || p.id AS key, p.received_on AS "on",
  CASE p.source WHEN 'bank' THEN '入金 ' WHEN 'fee' THEN '振込手数料 ' WHEN 'short' THEN '入金不足 ' WHEN 'refund' THEN '返金 '
    WHEN 'credit' THEN '預り金 ' WHEN 'credit_used' THEN '預り金の充当 ' WHEN 'carrier' THEN '代引回収 '
    WHEN 'channel' THEN '決済会社の入金 ' ELSE '入金 ' END
    || CASE WHEN p.reverses_id IS NULL THEN '' ELSE '（取消）' END || p.number || coalesce(' ' || o.number, '') AS memo,
  p.number AS document, p.order_id, o.channel_id, coalesce(c.name, '') AS partner, x.role, x.yen, x.tax_class, x.tax_yen, x.is_tax
FROM payments_payment p LEFT JOIN orders_order o ON o.id = p.order_id LEFT JOIN channels_channel c ON c.id = o.channel_id
CROSS JOIN LATERAL (SELECT CASE WHEN p.source = 'fee' THEN trunc(p.amount_yen * 10 / 110.0)::bigint ELSE 0 END AS tax) f
CROSS JOIN LATERAL (VALUES
  (CASE WHEN p.order_id IS NULL THEN 'kept' WHEN o.state IN ('shipped', 'completed') THEN 'receivable' ELSE 'advance' END,
   -p.amount_yen, '', 0::bigint, false),
  (CASE WHEN p.source = 'bank' OR (p.source = 'credit' AND p.match_id IS NOT NULL) THEN 'bank'
        WHEN p.source IN ('credit', 'credit_used') THEN 'kept' WHEN p.source = 'cash' THEN 'cash'
        WHEN p.source = 'fee' THEN 'fees' WHEN p.source = 'short' THEN 'short'
        WHEN p.source = 'refund' THEN CASE p.method WHEN 'transfer' THEN 'bank' WHEN 'cash' THEN 'cash'
                                      WHEN 'channel' THEN 'collectors' ELSE 'suspense' END
        ELSE 'collectors' END, p.amount_yen - f.tax, CASE WHEN p.source = 'fee' THEN 'p10' ELSE '' END, f.tax, false),
  ('tax_paid', f.tax, 'p10', 0::bigint, true)
) AS x(role, yen, tax_class, tax_yen, is_tax)
WHERE p.source <> 'credit_note' AND NOT (p.order_id IS NULL AND p.match_id IS NULL AND p.source IN ('credit', 'credit_used'))
  AND NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'payment:' || p.id)
"""
SOURCE = Source("payment", "入金", SQL, order=20)
