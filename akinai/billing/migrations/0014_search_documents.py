"""書類の検索: received documents only grow, and one view tells of every paper issued and received.

The view stands on a function whose text PostgreSQL does not tie to the tables it reads, so that other rooms may change their
columns; a plain function of one SELECT is unfolded into the query, and the indexes of each table are used.
"""

from django.db import migrations

from akinai.core.guards import append_only

KATAKANA = "".join(chr(code) for code in range(0x30A1, 0x30F7))
HIRAGANA = "".join(chr(code) for code in range(0x3041, 0x3097))
KEY = f"translate(lower(regexp_replace(normalize(d.partner, NFKC), '\\s', '', 'g')), '{KATAKANA}', '{HIRAGANA}')"

DOCUMENTS = f"""
CREATE FUNCTION akinai_documents() RETURNS TABLE (
  id bigint, direction text, kind text, number text, "on" date, amount_yen bigint, partner text, partner_key text,
  sha256 text, suffix text, kept_at timestamptz, is_void boolean
) LANGUAGE sql STABLE AS $$
SELECT d.id, d.direction, d.kind, d.number, d."on", d.amount_yen, d.partner, {KEY}, d.sha256, d.suffix, d.kept_at, d.is_void
FROM (
  SELECT 1000000000000 + i.id AS id, 'issued'::text AS direction, i.kind::text AS kind, i.number::text AS number,
         i.transaction_on AS "on", i.total_yen AS amount_yen, i.recipient_name::text AS partner, i.pdf_sha256::text AS sha256,
         '.pdf'::text AS suffix, i.issued_at AS kept_at,
         EXISTS (SELECT FROM billing_invoice r WHERE r.replaces_id = i.id) AS is_void
  FROM billing_invoice i
  UNION ALL
  SELECT 2000000000000 + n.id, 'issued', 'credit_note', n.number, n.returned_on, n.total_yen, n.recipient_name, n.pdf_sha256,
         '.pdf', n.issued_at, false
  FROM billing_creditnote n
  UNION ALL
  SELECT 3000000000000 + s.id, 'issued', 'statement', s.number, s.closed_on, s.asked_yen, s.recipient_name, s.pdf_sha256,
         '.pdf', s.issued_at, EXISTS (SELECT FROM billing_statementvoid v WHERE v.statement_id = s.id)
  FROM billing_statement s
  UNION ALL
  SELECT 4000000000000 + r.id, 'issued', 'receipt', r.number, r.transaction_on, r.amount_yen, r.recipient_name, r.pdf_sha256,
         '.pdf', r.issued_at, EXISTS (SELECT FROM billing_receiptvoid v WHERE v.receipt_id = r.id)
  FROM billing_receiptpaper r
  UNION ALL
  SELECT 5000000000000 + p.id, 'issued', 'purchase_order', p.number, p.ordered_on, p.net_yen, u.name, p.pdf_sha256, '.pdf',
         p.sent_at, p.state = 'cancelled'
  FROM purchasing_purchaseorder p JOIN party_supplier u ON u.id = p.supplier_id
  WHERE p.sent_at IS NOT NULL AND p.ordered_on IS NOT NULL
  UNION ALL
  SELECT 6000000000000 + h.id, 'issued', 'shipment', h.number, (h.shipped_at AT TIME ZONE 'Asia/Tokyo')::date, o.total_yen,
         coalesce(nullif(o.buyer_company, ''), nullif(o.buyer_name, ''), o.ship_name), '', '', h.shipped_at, false
  FROM shipping_shipment h JOIN orders_order o ON o.id = h.order_id
  WHERE h.shipped_at IS NOT NULL AND h.state <> 'cancelled'
  UNION ALL
  SELECT 7000000000000 + d.id, 'received', v.kind, d.number, v."on", v.amount_yen, v.partner, d.sha256, d.suffix, d.kept_at,
         v.is_void
  FROM billing_receiveddocument d JOIN billing_receivedversion v ON v.document_id = d.id
  WHERE NOT EXISTS (SELECT FROM billing_receivedversion w WHERE w.document_id = d.id AND w.version > v.version)
) d
$$;
CREATE VIEW billing_documententry AS SELECT * FROM akinai_documents();
"""

UNDO_DOCUMENTS = """
DROP VIEW IF EXISTS billing_documententry;
DROP FUNCTION IF EXISTS akinai_documents();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_ledger_seals"),
        ("party", "0005_cost_method"),
        ("purchasing", "0016_supplier_returns"),
        ("orders", "0008_list_and_first_screen_indexes"),
        ("shipping", "0010_find_parcels_by_number"),
        ("billing", "0013_received_documents"),
    ]

    operations = [
        append_only("billing_receiveddocument"),
        append_only("billing_receivedversion"),
        migrations.RunSQL(DOCUMENTS, UNDO_DOCUMENTS),
    ]
