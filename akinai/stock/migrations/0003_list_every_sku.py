import django.db.models.deletion
from django.db import migrations, models

VIEW = """
CREATE VIEW stock_stockrow AS
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
    dependencies = [("catalog", "0001_initial"), ("stock", "0002_guard_ledger")]

    operations = [
        migrations.RunSQL(VIEW, "DROP VIEW stock_stockrow"),
        migrations.CreateModel(
            name="StockRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on_hand", models.IntegerField(verbose_name="現在庫")),
                ("reserved", models.IntegerField(verbose_name="引当済")),
                ("waiting", models.IntegerField(null=True, verbose_name="入荷待ち")),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="stock.location",
                        verbose_name="場所",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
            ],
            options={"verbose_name": "在庫一覧", "verbose_name_plural": "在庫一覧", "managed": False},
        ),
    ]
