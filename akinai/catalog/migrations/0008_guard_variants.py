from django.db import migrations

from akinai.core.guards import append_only

# A value belongs to its axis, the axis to the SKU's own product: two columns at once, checked at commit.
KEYS = (
    ("skuvalue_own_product", "sku_id, product_id", "catalog_sku (id, product_id)"),
    ("skuvalue_own_option", "option_id, product_id", "catalog_productoption (id, product_id)"),
    ("skuvalue_own_value", "value_id, option_id", "catalog_optionvalue (id, option_id)"),
)


def own(name, columns, target):
    return migrations.RunSQL(
        f"ALTER TABLE catalog_skuvalue ADD CONSTRAINT {name} FOREIGN KEY ({columns}) REFERENCES {target} "
        "DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE catalog_skuvalue DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guard_ledger"), ("catalog", "0007_variants_and_codes")]

    operations = [*(own(*key) for key in KEYS), append_only("catalog_instorecode")]
