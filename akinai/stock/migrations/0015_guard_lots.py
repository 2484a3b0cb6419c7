"""Lots are tracked of goods whose pieces all lie in lots, and not before; nor are they forgotten while pieces lie in them."""

from django.db import migrations

GUARD = """
CREATE FUNCTION akinai_lots_cover_the_shelf() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.tracks_lots AND EXISTS (
    SELECT FROM stock_stocklevel l WHERE l.sku_id = NEW.id AND l.on_hand <> (
      SELECT coalesce(sum(v.on_hand), 0) FROM stock_lotlevel v JOIN stock_lot t ON t.id = v.lot_id
      WHERE t.sku_id = NEW.id AND v.location_id = l.location_id)
  ) OR NOT NEW.tracks_lots AND EXISTS (
    SELECT FROM stock_lotlevel v JOIN stock_lot t ON t.id = v.lot_id WHERE t.sku_id = NEW.id AND v.on_hand > 0
  ) THEN
    RAISE EXCEPTION 'lots of SKU % do not cover what lies there', NEW.code USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER akinai_lots_cover_the_shelf BEFORE UPDATE OF tracks_lots ON catalog_sku FOR EACH ROW
  WHEN (OLD.tracks_lots IS DISTINCT FROM NEW.tracks_lots) EXECUTE FUNCTION akinai_lots_cover_the_shelf();
"""
UNGUARD = """
DROP TRIGGER IF EXISTS akinai_lots_cover_the_shelf ON catalog_sku;
DROP FUNCTION IF EXISTS akinai_lots_cover_the_shelf();
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0006_fields_of_stock_and_list_indexes"), ("stock", "0014_lots")]

    operations = [migrations.RunSQL(GUARD, UNGUARD)]
