"""Keep few indexes on the ledgers that every shipment writes to: a slip and its line name a row, which one index can hold."""

from django.db import migrations, models

LINE_NO = """
ALTER TABLE accounting_revenueentry ALTER COLUMN key TYPE smallint USING regexp_replace(key, '^.*/', '')::smallint;
ALTER TABLE accounting_revenueentry RENAME COLUMN key TO line_no;
ALTER TABLE accounting_revenueentry ADD CONSTRAINT accounting_revenueentry_line_no_check CHECK (line_no >= 0);
"""
KEY = """
ALTER TABLE accounting_revenueentry DROP CONSTRAINT accounting_revenueentry_line_no_check;
ALTER TABLE accounting_revenueentry RENAME COLUMN line_no TO key;
ALTER TABLE accounting_revenueentry ALTER COLUMN key TYPE varchar(60) USING slip || '/' || key;
"""
# One look at the lines of an entry instead of two.
BALANCE = """
CREATE OR REPLACE FUNCTION akinai_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM accounting_journalline WHERE entry_id = NEW.id
  HAVING count(*) >= 2 AND bool_or(side = 'debit') AND bool_or(side = 'credit')
    AND sum(CASE side WHEN 'debit' THEN yen ELSE -yen END) = 0;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'journal entry % does not balance', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
"""


class Migration(migrations.Migration):
    dependencies = [("accounting", "0002_guard_books")]

    operations = [
        migrations.RemoveIndex("revenueentry", "revenue_slip"),
        migrations.RemoveIndex("revenueentry", "revenue_sku"),
        migrations.AlterField("revenueentry", "key", models.CharField("重複防止キー", max_length=60)),
        migrations.RunSQL(
            LINE_NO,
            KEY,
            state_operations=[
                migrations.RemoveField("revenueentry", "key"),
                migrations.AddField(
                    "revenueentry",
                    "line_no",
                    models.PositiveSmallIntegerField("伝票の行"),
                    preserve_default=False,
                ),
            ],
        ),
        migrations.AddConstraint(
            "revenueentry", models.UniqueConstraint(fields=["slip", "line_no"], name="revenue_once")
        ),
        migrations.AlterField("journalentry", "number", models.CharField("仕訳番号", max_length=20)),
        migrations.AlterField("journalentry", "key", models.CharField("重複防止キー", max_length=80)),
        migrations.AddConstraint(
            "journalentry", models.UniqueConstraint(fields=["number"], name="journal_number_once")
        ),
        migrations.AddConstraint(
            "journalentry", models.UniqueConstraint(fields=["key"], name="journal_fact_once")
        ),
        migrations.RemoveField("journalentry", "reverses"),
        migrations.AlterField(
            "journalline",
            "entry",
            models.ForeignKey(
                "accounting.JournalEntry",
                models.PROTECT,
                related_name="lines",
                verbose_name="仕訳",
                db_index=False,
            ),
        ),
        *(
            migrations.AlterField(
                "revenueentry",
                name,
                models.ForeignKey(
                    model,
                    models.PROTECT,
                    null=null,
                    related_name="+",
                    verbose_name=title,
                    db_index=False,
                    db_constraint=False,
                ),
            )
            for name, model, title, null in (
                ("order_line", "orders.OrderLine", "受注明細", True),
                ("sku", "catalog.Sku", "SKU", True),
                ("channel", "channels.Channel", "チャネル", False),
            )
        ),
        migrations.RunSQL(BALANCE, migrations.RunSQL.noop),
    ]
