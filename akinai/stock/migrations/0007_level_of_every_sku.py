"""Every SKU has a level at the usual place from the day it is made, so that the list of stock is one table with indexes."""

from django.db import migrations, models

LEVELS = """
CREATE FUNCTION akinai_level_of_new_skus() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO stock_stocklevel (sku_id, location_id, on_hand, reserved)
  SELECT made.id, usual.id, 0, 0 FROM made, stock_location usual WHERE usual.is_default ORDER BY made.id
  ON CONFLICT (sku_id, location_id) DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_level_of_new_skus AFTER INSERT ON catalog_sku REFERENCING NEW TABLE AS made
  FOR EACH STATEMENT EXECUTE FUNCTION akinai_level_of_new_skus();
INSERT INTO stock_stocklevel (sku_id, location_id, on_hand, reserved)
SELECT s.id, usual.id, 0, 0 FROM catalog_sku s, stock_location usual
WHERE usual.is_default AND NOT EXISTS (SELECT FROM stock_stocklevel l WHERE l.sku_id = s.id)
ON CONFLICT (sku_id, location_id) DO NOTHING;
"""
NO_LEVELS = """
DROP TRIGGER IF EXISTS akinai_level_of_new_skus ON catalog_sku;
DROP FUNCTION IF EXISTS akinai_level_of_new_skus();
"""
VIEW = """
CREATE OR REPLACE VIEW stock_stockrow AS
SELECT l.id, l.sku_id, l.location_id, l.on_hand, l.reserved,
       (SELECT sum(r.wanted - r.quantity)::int FROM stock_reservation r
        WHERE r.sku_id = l.sku_id AND r.location_id = l.location_id AND r.state = 'active' AND r.quantity < r.wanted) AS waiting
FROM stock_stocklevel l
"""
OLD_VIEW = """
CREATE OR REPLACE VIEW stock_stockrow AS
SELECT coalesce(l.id, -s.id) AS id, s.id AS sku_id, coalesce(l.location_id, usual.id) AS location_id,
       coalesce(l.on_hand, 0) AS on_hand, coalesce(l.reserved, 0) AS reserved, w.waiting
FROM catalog_sku s
LEFT JOIN stock_stocklevel l ON l.sku_id = s.id
LEFT JOIN stock_location usual ON usual.is_default AND l.id IS NULL
LEFT JOIN (
  SELECT sku_id, location_id, sum(wanted - quantity)::int AS waiting FROM stock_reservation
  WHERE state = 'active' AND quantity < wanted GROUP BY 1, 2
) w ON w.sku_id = l.sku_id AND w.location_id = l.location_id
"""


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0006_fields_of_stock_and_list_indexes"),
        ("stock", "0006_location_kinds"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="stocklevel",
            index=models.Index(fields=["on_hand", "id"], name="stocklevel_on_hand"),
        ),
        migrations.RunSQL(LEVELS, NO_LEVELS),
        migrations.RunSQL(VIEW, OLD_VIEW),
    ]
