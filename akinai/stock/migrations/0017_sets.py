import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_last_day_of_shipping"), ("stock", "0016_past_date")]

    operations = [
        migrations.AddField(
            "reservation", "set_sku",
            models.ForeignKey(
                blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+",
                to="catalog.sku", verbose_name="セット",
            ),
        ),
        migrations.AddField(
            "reservation", "per_set", models.PositiveIntegerField(db_default=1, default=1, verbose_name="1セットの数")
        ),
        migrations.AddIndex(
            "reservation",
            models.Index(
                condition=models.Q(("set_sku__isnull", False), ("state", "active")), fields=["set_sku"],
                name="reservation_of_sets",
            ),
        ),
        migrations.AddConstraint(
            "reservation",
            models.CheckConstraint(condition=models.Q(("per_set__gt", 0)), name="reservation_per_set_positive"),
        ),
    ]  # fmt: skip
