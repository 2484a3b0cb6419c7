"""買掛台帳 → 仕訳: suppliers' bills with the tax that may be deducted (経過措置 by day), and what was paid.

Goods came in against 入荷未請求; the bill moves them to 買掛金. Tax that may not be deducted is a cost (租税公課).
"""

from __future__ import annotations

from akinai.accounting.ports import Source
from akinai.core.tax import DEDUCTIBLE

# From unregistered suppliers: the percentage of the day, named in the 税区分 (p10_70).
PERCENT = (
    "CASE "
    + " ".join(f"WHEN y.\"on\" >= '{since}' THEN {percent}" for since, percent in reversed(DEDUCTIBLE))
    + " ELSE 100 END"
)
SQL = f"""
WITH fresh AS (
  SELECT y.id, y.kind, y.reverses_id, y.amount_yen, y.document, y."on", y.note, s.name AS supplier, r.kind AS reversed,
    CASE WHEN y.kind = 'reversal' THEN r.kind ELSE y.kind END AS sort, sign(y.amount_yen)::int AS sign, {PERCENT} AS percent
  FROM purchasing_payableentry y JOIN party_supplier s ON s.id = y.supplier_id
  LEFT JOIN purchasing_payableentry r ON r.id = y.reverses_id
  WHERE NOT EXISTS (SELECT FROM accounting_journalentry j WHERE j.key = 'payable:' || y.id)
), taxed AS (
  SELECT f.*, t.rate, t.net_yen, t.tax_yen, t.deductible_yen,
    'p' || t.rate || CASE WHEN b.is_qualified OR f.percent = 100 THEN '' ELSE '_' || f.percent END AS tax_class
  FROM fresh f JOIN purchasing_supplierbill b ON b.number = f.document JOIN purchasing_supplierbilltax t ON t.bill_id = b.id
  WHERE f.sort = 'bill'
  UNION ALL
  -- What corrects a bill of one rate bears its rate; of several nobody can tell.
  SELECT f.*, t.rate, abs(f.amount_yen) - x.tax, x.tax, CASE WHEN t.tax_yen = t.deductible_yen THEN x.tax ELSE x.tax * f.percent / 100 END,
    'p' || t.rate || CASE WHEN b.is_qualified OR f.percent = 100 THEN '' ELSE '_' || f.percent END
  FROM fresh f JOIN purchasing_payableentry c ON c.id = coalesce(f.reverses_id, f.id)
  JOIN purchasing_payableentry o ON o.id = c.settles_id JOIN purchasing_supplierbill b ON b.number = o.document
  JOIN purchasing_supplierbilltax t ON t.bill_id = b.id
  CROSS JOIN LATERAL (SELECT abs(f.amount_yen) * t.rate / (100 + t.rate) AS tax) x
  WHERE f.sort = 'correction' AND (SELECT count(*) FROM purchasing_supplierbilltax n WHERE n.bill_id = b.id) = 1
), lines AS (
  SELECT id, 'payable' AS role, -amount_yen AS yen, '' AS tax_class, 0 AS tax_yen, false AS is_tax FROM fresh
  UNION ALL
  SELECT id, 'uninvoiced', sign * net_yen, tax_class, sign * tax_yen, false FROM taxed
  UNION ALL
  SELECT id, 'tax_paid', sign * deductible_yen, tax_class, 0, true FROM taxed WHERE deductible_yen <> 0
  UNION ALL
  SELECT id, 'lost_tax', sign * (tax_yen - deductible_yen), tax_class, 0, true FROM taxed WHERE tax_yen <> deductible_yen
  UNION ALL
  SELECT id, CASE sort WHEN 'payment' THEN 'bank' WHEN 'opening' THEN 'opening' ELSE 'uninvoiced' END, amount_yen, '', 0, false FROM fresh
  WHERE sort NOT IN ('bill', 'correction') OR NOT EXISTS (SELECT FROM taxed t WHERE t.id = fresh.id)
)
SELECT 'payable:' || f.id AS key, f."on", CASE f.sort WHEN 'bill' THEN '仕入 ' WHEN 'payment' THEN '仕入の支払 ' WHEN 'opening' THEN '買掛の期首残高 '
    ELSE '買掛の訂正 ' END
    || CASE f.kind WHEN 'reversal' THEN '（取消）' ELSE '' END || f.document || ' ' || f.note AS memo,
  f.document, NULL::bigint AS order_id, NULL::bigint AS channel_id, f.supplier AS partner, l.role, l.yen, l.tax_class,
  l.tax_yen, l.is_tax
FROM lines l JOIN fresh f ON f.id = l.id
"""
SOURCE = Source("payable", "買掛台帳", SQL, order=40)
