"""The books guard themselves: ledgers only grow, entries balance, sums follow, and a closed month takes nothing."""

from django.db import migrations

from akinai.core.guards import append_only

REFUSE_CLOSED = """
CREATE OR REPLACE FUNCTION akinai_refuse_closed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  closed date;
  earliest date;
BEGIN
  -- Whoever closes a month takes this lock alone: nothing slips into the month while it is being closed.
  PERFORM pg_advisory_xact_lock_shared(hashtext('akinai.books.close'));
  SELECT max((month + interval '1 month')::date - 1) INTO closed FROM accounting_closedmonth WHERE reopened_at IS NULL;
  IF closed IS NULL THEN
    RETURN NULL;
  END IF;
  IF TG_ARGV[1] = 'time' THEN
    EXECUTE format('SELECT min((%I AT TIME ZONE ''Asia/Tokyo'')::date) FROM fresh', TG_ARGV[0]) INTO earliest;
  ELSE
    EXECUTE format('SELECT min(%I) FROM fresh', TG_ARGV[0]) INTO earliest;
  END IF;
  IF earliest <= closed THEN
    RAISE EXCEPTION USING ERRCODE = 'AK001',
      MESSAGE = format('%s年%s月までは締めています。%s の日付では記録できません。', extract(year FROM closed),
                       extract(month FROM closed), to_char(earliest, 'YYYY/MM/DD')),
      HINT = format('%s 以降の日付にするか、店長に月締めを解いてもらってください。', to_char(closed + 1, 'YYYY/MM/DD'));
  END IF;
  RETURN NULL;
END $$;
"""
GUARDED = (
    ("accounting_journalentry", "on", "date"), ("accounting_revenueentry", "on", "date"),
    ("payments_payment", "received_on", "date"), ("billing_invoice", "issued_on", "date"),
    ("billing_creditnote", "issued_on", "date"), ("purchasing_payableentry", "on", "date"),
    ("stock_valueentry", "at", "time"),
)  # fmt: skip


def closed(table: str, column: str, sort: str) -> migrations.RunSQL:
    return migrations.RunSQL(
        f"""
        CREATE TRIGGER akinai_closed AFTER INSERT ON {table} REFERENCING NEW TABLE AS fresh
          FOR EACH STATEMENT EXECUTE FUNCTION akinai_refuse_closed('{column}', '{sort}');
        ALTER TABLE {table} ENABLE ALWAYS TRIGGER akinai_closed;
        """,
        f"DROP TRIGGER IF EXISTS akinai_closed ON {table};",
    )


# Lines must balance whenever a statement has written some, and an entry must have lines when its transaction ends.
BALANCE = """
CREATE FUNCTION akinai_lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  SELECT e.number INTO wrong FROM accounting_journalline l JOIN accounting_journalentry e ON e.id = l.entry_id
  WHERE l.entry_id IN (SELECT entry_id FROM fresh)
  GROUP BY e.id HAVING sum(l.yen) FILTER (WHERE l.side = 'debit') IS DISTINCT FROM sum(l.yen) FILTER (WHERE l.side = 'credit')
    OR bool_or(l."on" <> e."on") LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'journal entry % does not balance', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_balance AFTER INSERT ON accounting_journalline REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION akinai_lines_balance();
ALTER TABLE accounting_journalline ENABLE ALWAYS TRIGGER akinai_balance;

CREATE FUNCTION akinai_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (SELECT count(DISTINCT side) FROM accounting_journalline WHERE entry_id = NEW.id) < 2
     OR (SELECT sum(CASE side WHEN 'debit' THEN yen ELSE -yen END) FROM accounting_journalline WHERE entry_id = NEW.id) <> 0
  THEN
    RAISE EXCEPTION 'journal entry % does not balance', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER akinai_entry_balances AFTER INSERT ON accounting_journalentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION akinai_entry_balances();
ALTER TABLE accounting_journalentry ENABLE ALWAYS TRIGGER akinai_entry_balances;
"""
UNBALANCE = """
DROP TRIGGER akinai_balance ON accounting_journalline;
DROP FUNCTION akinai_lines_balance();
DROP TRIGGER akinai_entry_balances ON accounting_journalentry;
DROP FUNCTION akinai_entry_balances();
"""

SUMS = """
CREATE FUNCTION akinai_sum_sales() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO accounting_dailysales AS d ("on", channel_id, category, orders, quantity, goods_yen, charges_yen, cuts_yen,
    returns_yen, net_yen, tax_yen, gross_yen, paid_points_yen, cost_yen)
  SELECT "on", channel_id, category, sum(counts), sum(quantity),
    coalesce(sum(net_yen) FILTER (WHERE kind = 'goods' AND event <> 'credit'), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind IN ('shipping', 'fee', 'other') AND event <> 'credit'), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind IN ('discount', 'points') AND event <> 'credit'), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind <> 'paid_points' AND event = 'credit'), 0),
    coalesce(sum(net_yen) FILTER (WHERE kind <> 'paid_points'), 0),
    coalesce(sum(tax_yen) FILTER (WHERE kind <> 'paid_points'), 0),
    coalesce(sum(gross_yen) FILTER (WHERE kind <> 'paid_points'), 0),
    coalesce(sum(gross_yen) FILTER (WHERE kind = 'paid_points'), 0), sum(cost_yen)
  FROM fresh GROUP BY 1, 2, 3 ORDER BY 1, 2, 3
  ON CONFLICT ("on", channel_id, category) DO UPDATE SET orders = d.orders + excluded.orders,
    quantity = d.quantity + excluded.quantity, goods_yen = d.goods_yen + excluded.goods_yen,
    charges_yen = d.charges_yen + excluded.charges_yen, cuts_yen = d.cuts_yen + excluded.cuts_yen,
    returns_yen = d.returns_yen + excluded.returns_yen, net_yen = d.net_yen + excluded.net_yen,
    tax_yen = d.tax_yen + excluded.tax_yen, gross_yen = d.gross_yen + excluded.gross_yen,
    paid_points_yen = d.paid_points_yen + excluded.paid_points_yen, cost_yen = d.cost_yen + excluded.cost_yen;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_sum_sales AFTER INSERT ON accounting_revenueentry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION akinai_sum_sales();
ALTER TABLE accounting_revenueentry ENABLE ALWAYS TRIGGER akinai_sum_sales;
"""


class Migration(migrations.Migration):
    dependencies = [
        ("accounting", "0001_books"),
        ("billing", "0002_guard_ledger"),
        ("payments", "0002_guard_ledger"),
        ("purchasing", "0013_guard_payables"),
        ("stock", "0012_guard_value_ledger"),
    ]

    operations = [
        *(
            append_only(f"accounting_{table}")
            for table in ("revenueentry", "journalentry", "journalline", "postedvalue")
        ),
        migrations.RunSQL(REFUSE_CLOSED, "DROP FUNCTION akinai_refuse_closed();"),
        *(closed(*one) for one in GUARDED),
        migrations.RunSQL(BALANCE, UNBALANCE),
        migrations.RunSQL(
            SUMS,
            "DROP TRIGGER akinai_sum_sales ON accounting_revenueentry; DROP FUNCTION akinai_sum_sales();",
        ),
    ]
