"""A published fee table is what it was published as; a merge keeps what one parcel was reckoned at."""

from django.db import migrations

PARTS = ("shippingfee", "feesurcharge", "freeline", "codfee")

GUARD = """
CREATE FUNCTION akinai_fee_table_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.state = 'draft' THEN
    RETURN coalesce(NEW, OLD);
  END IF;
  IF TG_OP = 'DELETE' OR NEW.state = 'draft' OR (OLD.state = 'withdrawn')
     OR (NEW.name, NEW.valid_from, NEW.tax_rate, NEW.created_at) IS DISTINCT FROM (OLD.name, OLD.valid_from, OLD.tax_rate, OLD.created_at) THEN
    RAISE EXCEPTION 'fee table % is published: % is refused', OLD.id, TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_fee_table_stands BEFORE UPDATE OR DELETE ON shipping_feetable
  FOR EACH ROW EXECUTE FUNCTION akinai_fee_table_stands();
ALTER TABLE shipping_feetable ENABLE ALWAYS TRIGGER akinai_fee_table_stands;
CREATE FUNCTION akinai_fee_part_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF (TG_OP <> 'INSERT' AND EXISTS (SELECT FROM shipping_feetable WHERE id = OLD.table_id AND state <> 'draft'))
     OR (TG_OP <> 'DELETE' AND EXISTS (SELECT FROM shipping_feetable WHERE id = NEW.table_id AND state <> 'draft')) THEN
    RAISE EXCEPTION 'fee table of this % is published: % is refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN coalesce(NEW, OLD);
END $$;
""" + "".join(
    f"""
CREATE TRIGGER akinai_fee_part_stands BEFORE INSERT OR UPDATE OR DELETE ON shipping_{part}
  FOR EACH ROW EXECUTE FUNCTION akinai_fee_part_stands();
ALTER TABLE shipping_{part} ENABLE ALWAYS TRIGGER akinai_fee_part_stands;
"""
    for part in PARTS
)

UNGUARD = (
    "".join(f"DROP TRIGGER akinai_fee_part_stands ON shipping_{part};" for part in PARTS)
    + """
DROP FUNCTION akinai_fee_part_stands();
DROP TRIGGER akinai_fee_table_stands ON shipping_feetable;
DROP FUNCTION akinai_fee_table_stands();
"""
)

FILL = """
UPDATE shipping_ordermerge SET parcel_yen = found.dearest
FROM (SELECT merge_id, max(shipping_before_yen) AS dearest FROM shipping_mergemember GROUP BY 1) found
WHERE found.merge_id = shipping_ordermerge.id;
"""


class Migration(migrations.Migration):
    dependencies = [("shipping", "0020_fee_tables")]

    operations = [
        migrations.RunSQL(GUARD, UNGUARD),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
    ]
