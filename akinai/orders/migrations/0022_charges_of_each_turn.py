"""A subscription without an agreed charge takes what the fee table says on the day of each turn."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0021_channel_number_of_address")]

    operations = [
        migrations.AlterField(
            "subscription", "shipping_yen", models.BigIntegerField("送料", null=True, blank=True)
        ),
        migrations.AlterField(
            "subscription", "cod_fee_yen", models.BigIntegerField("代引手数料", null=True, blank=True)
        ),
    ]
