"""Statements only grow and add up; a paper is asked for by one statement at a time, and set free only by making it void."""

from django.db import migrations

from akinai.core.guards import append_only

ADDS_UP = """
CREATE FUNCTION akinai_statement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pk bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
  said record;
  lines record;
  taxes record;
  items record;
BEGIN
  SELECT net_yen, tax_yen, total_yen, customer_id INTO said FROM billing_statement WHERE id = pk;
  SELECT coalesce(sum(l.amount_yen), 0) AS yen, count(*) AS count,
         count(*) FILTER (WHERE l.amount_yen IS DISTINCT FROM coalesce(i.total_yen, -n.total_yen)
           OR l.order_id IS DISTINCT FROM coalesce(i.order_id, n.order_id)
           OR coalesce(i.customer_id, n.customer_id) IS DISTINCT FROM said.customer_id) AS wrong
    INTO lines FROM billing_statementline l
    LEFT JOIN billing_invoice i ON i.id = l.invoice_id LEFT JOIN billing_creditnote n ON n.id = l.credit_note_id
    WHERE l.statement_id = pk;
  SELECT coalesce(sum(net_yen), 0) AS net, coalesce(sum(tax_yen), 0) AS tax INTO taxes
    FROM billing_statementtax WHERE statement_id = pk;
  SELECT coalesce(sum(amount_yen), 0) AS yen, count(*) AS count INTO items
    FROM billing_billeditem WHERE statement_id = pk;
  IF lines.yen <> said.total_yen OR lines.wrong > 0 OR taxes.net <> said.net_yen OR taxes.tax <> said.tax_yen THEN
    RAISE EXCEPTION 'statement % does not add up: lines %, total %', pk, lines.yen, said.total_yen
      USING ERRCODE = 'check_violation';
  END IF;
  IF (items.yen <> lines.yen OR items.count <> lines.count)
     AND NOT EXISTS (SELECT FROM billing_statementvoid WHERE statement_id = pk) THEN
    RAISE EXCEPTION 'statement % has % lines, but % papers wear its mark', pk, lines.count, items.count
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON billing_statement DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_statement_adds_up('id');
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON billing_statementline DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_statement_adds_up('statement_id');
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON billing_statementtax DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_statement_adds_up('statement_id');
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON billing_billeditem DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_statement_adds_up('statement_id');
"""

UNDO_ADDS_UP = """
DROP TRIGGER IF EXISTS akinai_adds_up ON billing_statement;
DROP TRIGGER IF EXISTS akinai_adds_up ON billing_statementline;
DROP TRIGGER IF EXISTS akinai_adds_up ON billing_statementtax;
DROP TRIGGER IF EXISTS akinai_adds_up ON billing_billeditem;
DROP FUNCTION IF EXISTS akinai_statement_adds_up();
"""

MARKS = """
CREATE FUNCTION akinai_billed_until_void() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND EXISTS (SELECT FROM billing_statementvoid WHERE statement_id = OLD.statement_id) THEN
    RETURN OLD;
  END IF;
  RAISE EXCEPTION 'statement % asks for this paper: % is refused', OLD.statement_id, TG_OP
    USING ERRCODE = 'restrict_violation';
END $$;
CREATE TRIGGER akinai_billed_until_void BEFORE UPDATE OR DELETE ON billing_billeditem
  FOR EACH ROW EXECUTE FUNCTION akinai_billed_until_void();
ALTER TABLE billing_billeditem ENABLE ALWAYS TRIGGER akinai_billed_until_void;
"""

UNDO_MARKS = """
DROP TRIGGER IF EXISTS akinai_billed_until_void ON billing_billeditem;
DROP FUNCTION IF EXISTS akinai_billed_until_void();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0004_ledger_seals"), ("billing", "0009_monthly_statements")]

    operations = [
        append_only("billing_statement"),
        append_only("billing_statementline"),
        append_only("billing_statementtax"),
        append_only("billing_statementvoid"),
        migrations.RunSQL(ADDS_UP, UNDO_ADDS_UP),
        migrations.RunSQL(MARKS, UNDO_MARKS),
    ]
