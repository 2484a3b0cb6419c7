"""A shipment may go to one of several addresses of its order."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0020_several_addresses"),
        ("shipping", "0018_gather_waves"),
    ]

    operations = [
        migrations.AddField(
            model_name="shipment",
            name="address",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="shipments",
                to="orders.orderaddress",
                verbose_name="送付先",
            ),
        ),
    ]
