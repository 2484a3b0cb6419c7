"""Per rate, credit notes never exceed their invoice, and a paper's lines and taxes add up when it is committed."""

from django.db import migrations

WITHIN = """
CREATE FUNCTION akinai_credit_within_invoice() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  paper bigint;
  asked record;
  given record;
BEGIN
  SELECT invoice_id INTO paper FROM billing_creditnote WHERE id = NEW.credit_note_id;
  -- Whoever gives back of the same invoice waits here and then sees what the first has given.
  PERFORM 1 FROM billing_invoice WHERE id = paper FOR UPDATE;
  SELECT coalesce(sum(gross_yen), 0) AS gross, coalesce(sum(tax_yen), 0) AS tax INTO asked
    FROM billing_invoicetax WHERE invoice_id = paper AND rate = NEW.rate;
  SELECT coalesce(sum(t.gross_yen), 0) AS gross, coalesce(sum(t.tax_yen), 0) AS tax INTO given
    FROM billing_creditnotetax t JOIN billing_creditnote n ON n.id = t.credit_note_id
    WHERE n.invoice_id = paper AND t.rate = NEW.rate;
  IF given.gross + NEW.gross_yen > asked.gross OR given.tax + NEW.tax_yen > asked.tax THEN
    RAISE EXCEPTION 'credit notes of invoice % exceed it at % %%', paper, NEW.rate USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_credit_within_invoice BEFORE INSERT ON billing_creditnotetax
  FOR EACH ROW EXECUTE FUNCTION akinai_credit_within_invoice();
ALTER TABLE billing_creditnotetax ENABLE ALWAYS TRIGGER akinai_credit_within_invoice;
"""

ADDS_UP = """
CREATE FUNCTION akinai_{paper}_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  pk bigint := (to_jsonb(NEW) ->> TG_ARGV[0])::bigint;
  said record;
  lines numeric;
  taxes record;
BEGIN
  SELECT net_yen, tax_yen, total_yen INTO said FROM billing_{paper} WHERE id = pk;
  SELECT coalesce(sum(amount_yen), 0) INTO lines FROM billing_{paper}line WHERE {fk} = pk;
  SELECT coalesce(sum(net_yen), 0) AS net, coalesce(sum(tax_yen), 0) AS tax INTO taxes
    FROM billing_{paper}tax WHERE {fk} = pk;
  IF lines <> said.total_yen OR taxes.net <> said.net_yen OR taxes.tax <> said.tax_yen THEN
    RAISE EXCEPTION '{paper} % does not add up: lines %, total %', pk, lines, said.total_yen
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON billing_{paper} DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_{paper}_adds_up('id');
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON billing_{paper}line DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_{paper}_adds_up('{fk}');
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON billing_{paper}tax DEFERRABLE INITIALLY DEFERRED
  FOR EACH ROW EXECUTE FUNCTION akinai_{paper}_adds_up('{fk}');
"""

UNDO_ADDS_UP = """
DROP TRIGGER IF EXISTS akinai_adds_up ON billing_{paper};
DROP TRIGGER IF EXISTS akinai_adds_up ON billing_{paper}line;
DROP TRIGGER IF EXISTS akinai_adds_up ON billing_{paper}tax;
DROP FUNCTION IF EXISTS akinai_{paper}_adds_up();
"""

UNDO_WITHIN = """
DROP TRIGGER IF EXISTS akinai_credit_within_invoice ON billing_creditnotetax;
DROP FUNCTION IF EXISTS akinai_credit_within_invoice();
"""


def adds_up(paper: str, fk: str) -> migrations.RunSQL:
    names = {"{paper}": paper, "{fk}": fk}

    def fill(sql: str) -> str:
        for mark, name in names.items():
            sql = sql.replace(mark, name)
        return sql

    return migrations.RunSQL(fill(ADDS_UP), fill(UNDO_ADDS_UP))


class Migration(migrations.Migration):
    dependencies = [("billing", "0002_guard_ledger")]

    operations = [
        migrations.RunSQL(WITHIN, UNDO_WITHIN),
        adds_up("invoice", "invoice_id"),
        adds_up("creditnote", "credit_note_id"),
    ]
