from django.db import migrations

# What a supplier was asked for stays what it was: lines are written in the draft only, and an order that leaves the
# draft says what its lines come to, so that nobody can pass the limit of approval by a figure that is not theirs.
GUARD = """
CREATE FUNCTION akinai_keep_order_lines() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  found text;
BEGIN
  SELECT state INTO found FROM purchasing_purchaseorder WHERE id = CASE WHEN TG_OP = 'INSERT' THEN NEW.order_id ELSE OLD.order_id END;
  IF found <> 'draft' AND (TG_OP <> 'UPDATE' OR
     (NEW.order_id, NEW.line_no, NEW.sku_id, NEW.supplier_code, NEW.quantity, NEW.unit_cost, NEW.tax_rate) IS DISTINCT FROM
     (OLD.order_id, OLD.line_no, OLD.sku_id, OLD.supplier_code, OLD.quantity, OLD.unit_cost, OLD.tax_rate)) THEN
    RAISE EXCEPTION 'the lines of a purchase order that left the draft stand still: % is refused', TG_OP
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN CASE WHEN TG_OP = 'DELETE' THEN OLD ELSE NEW END;
END $$;
CREATE TRIGGER akinai_keep_order_lines BEFORE INSERT OR UPDATE OR DELETE ON purchasing_purchaseorderline
  FOR EACH ROW EXECUTE FUNCTION akinai_keep_order_lines();
ALTER TABLE purchasing_purchaseorderline ENABLE ALWAYS TRIGGER akinai_keep_order_lines;

CREATE FUNCTION akinai_keep_orders() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  asked bigint;
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a purchase order is cancelled, not deleted' USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state NOT IN ('draft', 'cancelled') AND NEW.state <> 'draft' AND
     (NEW.supplier_id, NEW.net_yen, NEW.limit_yen, NEW.created_by_id, NEW.number) IS DISTINCT FROM
     (OLD.supplier_id, OLD.net_yen, OLD.limit_yen, OLD.created_by_id, OLD.number) THEN
    RAISE EXCEPTION 'purchase order % stands still', OLD.number USING ERRCODE = 'restrict_violation';
  END IF;
  IF OLD.state = 'draft' AND NEW.state NOT IN ('draft', 'cancelled') THEN
    SELECT round(coalesce(sum(quantity * unit_cost), 0)) INTO asked FROM purchasing_purchaseorderline WHERE order_id = NEW.id;
    IF asked <> NEW.net_yen THEN
      RAISE EXCEPTION 'purchase order % says % yen, its lines say %', NEW.number, NEW.net_yen, asked
        USING ERRCODE = 'restrict_violation';
    END IF;
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_keep_orders BEFORE UPDATE OR DELETE ON purchasing_purchaseorder
  FOR EACH ROW EXECUTE FUNCTION akinai_keep_orders();
ALTER TABLE purchasing_purchaseorder ENABLE ALWAYS TRIGGER akinai_keep_orders;
"""
UNGUARD = """
DROP TRIGGER akinai_keep_order_lines ON purchasing_purchaseorderline; DROP FUNCTION akinai_keep_order_lines();
DROP TRIGGER akinai_keep_orders ON purchasing_purchaseorder; DROP FUNCTION akinai_keep_orders();
"""


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0007_purchase_orders")]
    operations = [migrations.RunSQL(GUARD, UNGUARD)]
