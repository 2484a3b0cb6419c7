from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("shipping", "0004_move_carrier_codes")]

    operations = [
        migrations.RemoveField("carrieraccount", "customer_code"),
        migrations.RemoveField("carrieraccount", "sub_code"),
        migrations.RemoveField("carrieraccount", "freight_no"),
        migrations.AlterField(
            "carrieraccount", "settings", models.JSONField(blank=True, default=dict, verbose_name="設定")
        ),
    ]
