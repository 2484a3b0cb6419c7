from django.db import migrations

# What was asked for stands still from the start; only its way through the states is written.
GUARD = """
CREATE FUNCTION akinai_keep_corrections() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (NEW.number, NEW.supplier_id, NEW.amount_yen, NEW.settles_id, NEW."on", NEW.due_on, NEW.reason, NEW.limit_yen,
      NEW.created_by_id) IS DISTINCT FROM (OLD.number, OLD.supplier_id, OLD.amount_yen, OLD.settles_id, OLD."on", OLD.due_on,
      OLD.reason, OLD.limit_yen, OLD.created_by_id)
     OR (OLD.state <> 'waiting' AND NEW.approved_by_id IS DISTINCT FROM OLD.approved_by_id) THEN
    RAISE EXCEPTION 'correction % stands still', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_keep_corrections BEFORE UPDATE OR DELETE ON purchasing_payablecorrection
  FOR EACH ROW EXECUTE FUNCTION akinai_keep_corrections();
ALTER TABLE purchasing_payablecorrection ENABLE ALWAYS TRIGGER akinai_keep_corrections;
"""
LEAVE = """
DROP TRIGGER akinai_keep_corrections ON purchasing_payablecorrection;
DROP FUNCTION akinai_keep_corrections();
"""


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0022_payable_corrections")]
    operations = [migrations.RunSQL(GUARD, LEAVE)]
