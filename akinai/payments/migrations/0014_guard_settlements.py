"""Settlements only grow, and the lines of each add up to what it says it paid."""

from django.db import migrations

from akinai.core.guards import append_only

ADD_UP = """
CREATE FUNCTION akinai_settlement_adds_up() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found record;
BEGIN
  SELECT count(*) AS lines, coalesce(sum(yen), 0) AS net,
    coalesce(sum(yen) FILTER (WHERE kind IN ('sale', 'points')), 0) AS gross,
    coalesce(sum(yen) FILTER (WHERE kind IN ('refund', 'chargeback')), 0) AS refund,
    coalesce(sum(yen) FILTER (WHERE kind = 'fee'), 0) AS fee,
    coalesce(sum(yen) FILTER (WHERE kind = 'reserve'), 0) AS reserve
  INTO found FROM payments_settlementline WHERE settlement_id = NEW.id;
  IF found.lines <> NEW.line_count OR found.net <> NEW.net_yen OR found.gross <> NEW.gross_yen
     OR found.refund <> NEW.refund_yen OR found.fee <> NEW.fee_yen OR found.reserve <> NEW.reserve_yen THEN
    RAISE EXCEPTION 'settlement % does not add up: % lines, % yen', NEW.number, found.lines, found.net
      USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER akinai_adds_up AFTER INSERT ON payments_settlement
  DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION akinai_settlement_adds_up();
ALTER TABLE payments_settlement ENABLE ALWAYS TRIGGER akinai_adds_up;

-- A settlement that has all its lines takes no more.
CREATE FUNCTION akinai_settlement_is_full() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  wrong text;
BEGIN
  SELECT s.number INTO wrong FROM payments_settlement s
  JOIN (SELECT settlement_id, count(*) AS lines FROM payments_settlementline
        WHERE settlement_id IN (SELECT settlement_id FROM fresh) GROUP BY 1) l ON l.settlement_id = s.id
  WHERE l.lines > s.line_count LIMIT 1;
  IF wrong IS NOT NULL THEN
    RAISE EXCEPTION 'settlement % has all its lines', wrong USING ERRCODE = 'check_violation';
  END IF;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_is_full AFTER INSERT ON payments_settlementline REFERENCING NEW TABLE AS fresh
  FOR EACH STATEMENT EXECUTE FUNCTION akinai_settlement_is_full();
ALTER TABLE payments_settlementline ENABLE ALWAYS TRIGGER akinai_is_full;
"""
UNDO = """
DROP TRIGGER akinai_adds_up ON payments_settlement;
DROP FUNCTION akinai_settlement_adds_up();
DROP TRIGGER akinai_is_full ON payments_settlementline;
DROP FUNCTION akinai_settlement_is_full();
"""


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("payments", "0013_settlements")]

    operations = [
        append_only("payments_settlement"),
        append_only("payments_settlementline"),
        append_only("payments_settlemententry"),
        migrations.RunSQL(ADD_UP, UNDO),
    ]
