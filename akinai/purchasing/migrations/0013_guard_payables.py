from django.db import migrations

from akinai.core.guards import append_only

# A posted bill and a written run stay what they were; only which line is live may change (by reversal and cancelling).
GUARD = """
CREATE FUNCTION akinai_keep_bills() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.state <> 'draft' AND
     (NEW.supplier_id, NEW.billed_on, NEW.due_on, NEW.net_yen, NEW.tax_yen, NEW.deductible_yen) IS DISTINCT FROM
     (OLD.supplier_id, OLD.billed_on, OLD.due_on, OLD.net_yen, OLD.tax_yen, OLD.deductible_yen)) THEN
    RAISE EXCEPTION 'bill % stands still', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION akinai_keep_bill_parts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_state text;
BEGIN
  SELECT state INTO of_state FROM purchasing_supplierbill WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.bill_id ELSE OLD.bill_id END;
  IF of_state <> 'draft' AND (TG_OP <> 'UPDATE' OR to_jsonb(NEW) - 'is_live' <> to_jsonb(OLD) - 'is_live') THEN
    RAISE EXCEPTION 'the parts of a posted bill stand still: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE FUNCTION akinai_keep_runs() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.state <> 'draft' AND
     (NEW.pay_on, NEW.total_yen, NEW.file_sha256) IS DISTINCT FROM (OLD.pay_on, OLD.total_yen, OLD.file_sha256)) THEN
    RAISE EXCEPTION 'payment run % stands still', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE FUNCTION akinai_keep_run_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  of_state text;
BEGIN
  SELECT state INTO of_state FROM purchasing_paymentrun WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.run_id ELSE OLD.run_id END;
  IF (TG_OP = 'INSERT' AND of_state <> 'draft') OR TG_OP = 'DELETE'
     OR (TG_OP = 'UPDATE' AND to_jsonb(NEW) - 'is_live' <> to_jsonb(OLD) - 'is_live') THEN
    RAISE EXCEPTION 'the lines of a payment run stand still: % is refused', TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
"""
PLACES = (
    ("purchasing_supplierbill", "akinai_keep_bills", "UPDATE OR DELETE"),
    ("purchasing_supplierbillline", "akinai_keep_bill_parts", "INSERT OR UPDATE OR DELETE"),
    ("purchasing_supplierbilltax", "akinai_keep_bill_parts", "INSERT OR UPDATE OR DELETE"),
    ("purchasing_paymentrun", "akinai_keep_runs", "UPDATE OR DELETE"),
    ("purchasing_paymentline", "akinai_keep_run_lines", "INSERT OR UPDATE OR DELETE"),
)
STAND = "".join(
    f"CREATE TRIGGER {guard} BEFORE {acts} ON {place} FOR EACH ROW EXECUTE FUNCTION {guard}();"
    f"ALTER TABLE {place} ENABLE ALWAYS TRIGGER {guard};"
    for place, guard, acts in PLACES
)
LEAVE = "".join(f"DROP TRIGGER {guard} ON {place};" for place, guard, _ in PLACES) + "".join(
    f"DROP FUNCTION {guard}();" for guard in dict.fromkeys(guard for _, guard, _ in PLACES)
)


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0012_payables")]
    operations = [append_only("purchasing_payableentry"), migrations.RunSQL(GUARD + STAND, LEAVE)]
