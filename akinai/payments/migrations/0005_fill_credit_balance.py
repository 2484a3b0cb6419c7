"""What the new columns say of lines and payments that are already there."""

from django.db import migrations

KATAKANA = "".join(chr(code) for code in range(0x30A1, 0x30F7))
HIRAGANA = "".join(chr(code - 0x60) for code in range(0x30A1, 0x30F7))
FILL = f"""
UPDATE payments_banklinestatus s SET "on" = b."on",
  search_text = translate(lower(normalize(b.payer || b.text || b.memo, NFKC)), '{KATAKANA}', '{HIRAGANA}') || ' ' || b.amount_yen
FROM payments_bankline b WHERE b.id = s.line_id;
UPDATE payments_banklinestatus SET aside_reason = 'other' WHERE state = 'set_aside';
INSERT INTO payments_creditbalance (customer_id, balance_yen, moved_at)
SELECT customer_id, sum(amount_yen), max(at) FROM payments_payment
WHERE order_id IS NULL AND customer_id IS NOT NULL GROUP BY customer_id;
"""


class Migration(migrations.Migration):
    dependencies = [("payments", "0004_credit_balance")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
