from django.db import migrations

# Every due that is owed, told by orders, invoices and statements themselves: nothing here can be out of date.
# Ids: twice the order's, or twice the statement's and one.
VIEW = """
CREATE VIEW payments_due AS
SELECT o.id * 2 AS id, o.payment::text AS kind, o.id AS order_id, NULL::bigint AS statement_id, o.customer_id,
  o.payment_due_on AS due_on, o.total_yen - o.paid_yen AS owed_yen, o.paid_yen
FROM orders_order o
WHERE o.state = 'awaiting_payment' AND o.payment IN ('bank_transfer', 'convenience') AND NOT o.payment_settled
  AND o.amounts_known AND o.total_yen > o.paid_yen AND o.payment_due_on IS NOT NULL
UNION ALL
SELECT o.id * 2, o.payment::text, o.id, NULL::bigint, o.customer_id, i.due_on,
  o.total_yen - o.paid_yen - coalesce(g.yen, 0), o.paid_yen
FROM orders_order o
JOIN billing_invoice i ON i.order_id = o.id AND i.kind = 'invoice' AND i.due_on IS NOT NULL
  AND NOT EXISTS (SELECT FROM billing_invoice r WHERE r.replaces_id = i.id)
LEFT JOIN LATERAL (SELECT sum(c.total_yen) AS yen FROM billing_creditnote c WHERE c.invoice_id = i.id) g ON true
WHERE o.state IN ('shipped', 'completed') AND o.payment IN ('deferred', 'credit_terms') AND NOT o.payment_settled
  AND NOT o.shipped_outside AND o.total_yen - o.paid_yen - coalesce(g.yen, 0) > 0
  AND NOT EXISTS (SELECT FROM billing_billeditem b WHERE b.order_id = o.id)
UNION ALL
SELECT s.id * 2 + 1, 'statement', NULL::bigint, s.id, s.customer_id, s.due_on, sum(o.total_yen - o.paid_yen)::bigint,
  sum(o.paid_yen)::bigint
FROM (SELECT DISTINCT ON (order_id) order_id, statement_id FROM billing_billeditem
      WHERE invoice_id IS NOT NULL ORDER BY order_id, statement_id) b
JOIN orders_order o ON o.id = b.order_id
JOIN billing_statement s ON s.id = b.statement_id
WHERE o.total_yen > o.paid_yen AND o.state <> 'cancelled' AND NOT o.payment_settled
GROUP BY s.id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0007_returns_written_off"),
        ("orders", "0010_seed_credit_limit_rule"),
        ("billing", "0012_guard_receipts"),
    ]

    operations = [migrations.RunSQL(VIEW, "DROP VIEW payments_due")]
