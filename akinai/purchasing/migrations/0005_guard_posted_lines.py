from django.db import migrations

# A posted slip's lines stay as they were posted, whoever is at the keyboard; only drafts are written.
GUARD = """
CREATE FUNCTION akinai_keep_posted_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  slip bigint := CASE WHEN TG_OP = 'DELETE' THEN OLD.receipt_id ELSE NEW.receipt_id END;
  found text;
BEGIN
  SELECT state INTO found FROM purchasing_goodsreceipt WHERE id = slip;
  IF found <> 'draft' OR (TG_OP = 'UPDATE' AND OLD.receipt_id <> NEW.receipt_id) THEN
    RAISE EXCEPTION 'the lines of receipt % are posted: % is refused', slip, TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER akinai_keep_posted_lines BEFORE INSERT OR UPDATE OR DELETE ON purchasing_goodsreceiptline
  FOR EACH ROW EXECUTE FUNCTION akinai_keep_posted_lines();
ALTER TABLE purchasing_goodsreceiptline ENABLE ALWAYS TRIGGER akinai_keep_posted_lines;
"""
UNGUARD = """
DROP TRIGGER IF EXISTS akinai_keep_posted_lines ON purchasing_goodsreceiptline;
DROP FUNCTION IF EXISTS akinai_keep_posted_lines();
"""


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0004_fill_search")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
