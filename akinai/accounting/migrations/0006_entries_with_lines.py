"""Look at whole statements instead of one row at a time: an entry is written together with its lines, or not at all."""

from django.db import migrations, models

WITH_LINES = """
DROP TRIGGER akinai_entry_balances ON accounting_journalentry;
DROP FUNCTION akinai_entry_balances();
CREATE FUNCTION akinai_entry_has_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  SELECT e.number INTO wrong FROM fresh e
  WHERE NOT EXISTS (SELECT FROM accounting_journalline l WHERE l.entry_id = e.id) LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'journal entry % has no lines', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_entry_has_lines AFTER INSERT ON accounting_journalentry REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION akinai_entry_has_lines();
ALTER TABLE accounting_journalentry ENABLE ALWAYS TRIGGER akinai_entry_has_lines;

-- All lines that one statement brings to an entry balance, so the entry does.
CREATE OR REPLACE FUNCTION akinai_lines_balance() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  SELECT coalesce(e.number, l.entry_id::text) INTO wrong FROM (
    SELECT f.entry_id, sum(CASE f.side WHEN 'debit' THEN f.yen ELSE -f.yen END) AS yen, count(DISTINCT f.side) AS sides,
      min(f."on") AS first, max(f."on") AS last, bool_or(a.id IS NULL) AS lost
    FROM fresh f LEFT JOIN accounting_account a ON a.id = f.account_id GROUP BY f.entry_id
  ) l LEFT JOIN accounting_journalentry e ON e.id = l.entry_id
  WHERE l.yen <> 0 OR l.sides < 2 OR l.lost OR e.id IS NULL OR l.first <> e."on" OR l.last <> e."on" LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'journal entry % does not balance, or a line has no account', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE FUNCTION akinai_account_is_unused() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('akinai.books.post'));
  IF EXISTS (SELECT FROM accounting_journalline WHERE account_id = OLD.id) THEN
    RAISE EXCEPTION 'account % is used in the journal', OLD.code USING ERRCODE = 'foreign_key_violation';
  END IF;
  RETURN OLD;
END $$;
CREATE TRIGGER akinai_account_is_unused BEFORE DELETE ON accounting_account
  FOR EACH ROW EXECUTE FUNCTION akinai_account_is_unused();
ALTER TABLE accounting_account ENABLE ALWAYS TRIGGER akinai_account_is_unused;
"""
ONE_BY_ONE = """
DROP TRIGGER akinai_account_is_unused ON accounting_account;
DROP FUNCTION akinai_account_is_unused();
DROP TRIGGER akinai_entry_has_lines ON accounting_journalentry;
DROP FUNCTION akinai_entry_has_lines();
CREATE FUNCTION akinai_entry_balances() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM FROM accounting_journalline WHERE entry_id = NEW.id
  HAVING count(*) >= 2 AND bool_or(side = 'debit') AND bool_or(side = 'credit')
    AND sum(CASE side WHEN 'debit' THEN yen ELSE -yen END) = 0;
  IF NOT FOUND THEN
    RAISE EXCEPTION 'journal entry % does not balance', NEW.number USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER akinai_entry_balances AFTER INSERT ON accounting_journalentry
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION akinai_entry_balances();
ALTER TABLE accounting_journalentry ENABLE ALWAYS TRIGGER akinai_entry_balances;
"""


class Migration(migrations.Migration):
    dependencies = [("accounting", "0005_returned_goods")]

    operations = [
        *(
            migrations.AlterField(
                model,
                name,
                models.ForeignKey(
                    to,
                    models.PROTECT,
                    null=name == "channel",
                    related_name=related,
                    verbose_name=title,
                    db_index=False,
                    db_constraint=False,
                ),
            )
            for model, name, to, related, title in (
                ("journalentry", "channel", "channels.Channel", "+", "チャネル"),
                ("journalline", "entry", "accounting.JournalEntry", "lines", "仕訳"),
                ("journalline", "account", "accounting.Account", "+", "勘定科目"),
            )
        ),  # fmt: skip
        migrations.RunSQL(WITH_LINES, ONE_BY_ONE),
    ]
