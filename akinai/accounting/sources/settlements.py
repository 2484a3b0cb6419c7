"""入金精算 → 仕訳: what a mall, a card company or a carrier kept for itself. One entry per act on a settlement.

Sales and refunds of orders are payments and stand against 未収入金 already; the deposit moves 未収入金 to the bank (see
`bank`). What is left there between is what this tells: 支払手数料 with the tax that may be deducted, 販売促進費, 雑収入 …
What the provider holds back stays in 未収入金 until he pays it.
"""

from __future__ import annotations

from akinai.accounting.ports import Source

SQL = """
SELECT 'settlement:' || e.settlement_id || ':' || e.act AS key, e."on",
  '入金精算 ' || CASE WHEN e.reverses_id IS NULL THEN '' ELSE '（取消）' END || p.title || ' ' || s.payout_no
    || CASE WHEN e.line_id IS NOT NULL AND e.note <> '' THEN ' ' || e.note ELSE '' END AS memo,
  s.number AS document, NULL::bigint AS order_id, s.channel_id, p.title AS partner, x.role, x.yen, x.tax_class, x.tax_yen,
  x.is_tax
FROM payments_settlemententry e JOIN payments_settlement s ON s.id = e.settlement_id
JOIN payments_payoutterms p ON p.id = s.provider_id
CROSS JOIN LATERAL (VALUES
  (e.role, e.yen - e.tax_yen, CASE WHEN e.tax_yen = 0 THEN '' ELSE 'p10' END, e.tax_yen, false),
  ('tax_paid', e.tax_yen, 'p10', 0, true), ('collectors', -e.yen, '', 0, false)
) AS x(role, yen, tax_class, tax_yen, is_tax)
WHERE (x.yen <> 0 OR x.tax_yen <> 0)
  AND NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'settlement:' || e.settlement_id || ':' || e.act)
"""
SOURCE = Source("settlement", "入金精算", SQL, order=25)
