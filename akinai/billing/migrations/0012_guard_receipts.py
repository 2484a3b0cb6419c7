"""Receipts only grow, and never say more than was paid for their order less what was given back."""

from django.db import migrations

from akinai.core.guards import append_only

WITHIN = """
-- 領収できる額: what the channel or we have received, at most the order's amount less its credit notes (those of invoices that
-- were answered by another one do not count), and what valid receipts say already.
CREATE FUNCTION akinai_receivable(pk bigint, OUT paid numeric, OUT receipted numeric) LANGUAGE sql STABLE AS $$
  SELECT greatest(least(CASE WHEN o.payment_settled THEN o.total_yen ELSE o.paid_yen END,
                        o.total_yen - (SELECT coalesce(sum(n.total_yen), 0) FROM billing_creditnote n
                          WHERE n.order_id = o.id
                            AND NOT EXISTS (SELECT FROM billing_invoice r WHERE r.replaces_id = n.invoice_id))), 0),
         (SELECT coalesce(sum(r.amount_yen), 0) FROM billing_receiptpaper r
          WHERE r.order_id = o.id AND NOT EXISTS (SELECT FROM billing_receiptvoid v WHERE v.receipt_id = r.id))
  FROM orders_order o WHERE o.id = pk
$$;
CREATE FUNCTION akinai_receipt_within_payment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  said record;
BEGIN
  -- Whoever writes a receipt for the same order, or moves its money, waits here.
  PERFORM 1 FROM orders_order WHERE id = NEW.order_id FOR NO KEY UPDATE;
  SELECT * INTO said FROM akinai_receivable(NEW.order_id);
  IF said.receipted + NEW.amount_yen > said.paid THEN
    RAISE EXCEPTION 'receipts of order % would exceed what was paid', NEW.order_id USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_receipt_within_payment BEFORE INSERT ON billing_receiptpaper
  FOR EACH ROW EXECUTE FUNCTION akinai_receipt_within_payment();
ALTER TABLE billing_receiptpaper ENABLE ALWAYS TRIGGER akinai_receipt_within_payment;
"""

UNDO_WITHIN = """
DROP TRIGGER IF EXISTS akinai_receipt_within_payment ON billing_receiptpaper;
DROP FUNCTION IF EXISTS akinai_receipt_within_payment();
DROP FUNCTION IF EXISTS akinai_receivable(bigint);
"""


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0004_ledger_seals"),
        ("orders", "0008_list_and_first_screen_indexes"),
        ("billing", "0011_receipts"),
    ]

    operations = [
        append_only("billing_receiptpaper"),
        append_only("billing_receipttax"),
        append_only("billing_receiptvoid"),
        migrations.RunSQL(WITHIN, UNDO_WITHIN),
    ]
