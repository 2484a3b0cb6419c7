"""Goods know how cold they travel."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0020_shop_lists_and_pictures")]

    operations = [
        migrations.AddField(
            "product",
            "temperature",
            models.CharField(
                "温度帯",
                max_length=8,
                choices=[("", "常温"), ("chilled", "冷蔵"), ("frozen", "冷凍")],
                blank=True,
                default="",
                db_default="",
                help_text="この商品を送る温度。送料と送り状はこれで決まります。",
            ),
        ),
    ]
