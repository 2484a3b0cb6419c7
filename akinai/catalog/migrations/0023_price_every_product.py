from django.db import migrations, models
from django.db.models import Q, Value
from django.db.models.functions import Coalesce, NullIf

# With a row for every product the shop's lists need not join the price: they pass over the few rows without one.
OF_NEW = """
CREATE FUNCTION akinai_lowest_price_of_new() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO catalog_lowestprice (product_id) SELECT id FROM new_products ORDER BY 1 ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
CREATE TRIGGER akinai_lowest_price_of_new AFTER INSERT ON catalog_product
  REFERENCING NEW TABLE AS new_products FOR EACH STATEMENT EXECUTE FUNCTION akinai_lowest_price_of_new();
INSERT INTO catalog_lowestprice (product_id) SELECT id FROM catalog_product ON CONFLICT DO NOTHING;
"""
NOT_OF_NEW = """
DROP TRIGGER akinai_lowest_price_of_new ON catalog_product;
DROP FUNCTION akinai_lowest_price_of_new();
"""
IN_SHOP = Q(status="active", is_public=True)


class Migration(migrations.Migration):
    dependencies = [("catalog", "0022_lowest_price")]

    operations = [
        migrations.AddIndex(
            "lowestprice",
            models.Index(fields=["product"], condition=Q(price_yen__isnull=True), name="lowestprice_none"),
        ),
        migrations.AddIndex(
            "product",
            models.Index(
                Coalesce(NullIf("kana", Value("")), "name"), "id", condition=IN_SHOP, name="product_shop_name"
            ),
        ),
        migrations.RunSQL(OF_NEW, NOT_OF_NEW),
    ]
