"""An address keeps the number by which its channel knows it."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0020_several_addresses"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderaddress",
            name="channel_number",
            field=models.CharField(blank=True, max_length=60, verbose_name="店舗の送付先番号"),
        ),
    ]
