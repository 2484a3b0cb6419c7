"""出荷期限 of each order, and the 要確認 rule for wished days that cannot be met."""

from django.db import migrations, models


def seed(apps, schema_editor):
    apps.get_model("orders", "HoldRule").objects.get_or_create(code="delivery_missed")


class Migration(migrations.Migration):
    dependencies = [("orders", "0010_seed_credit_limit_rule")]

    operations = [
        migrations.AddField(
            "order", "ship_by", models.DateField(blank=True, null=True, verbose_name="出荷期限")
        ),
        migrations.AddIndex("order", models.Index(fields=["ship_by", "id"], name="order_ship_by")),
        migrations.RunPython(seed, migrations.RunPython.noop),
    ]
