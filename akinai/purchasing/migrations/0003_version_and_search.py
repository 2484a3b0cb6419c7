import django.contrib.postgres.fields
import django.contrib.postgres.indexes
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0002_tell_the_time"),
        ("purchasing", "0002_tell_the_time"),
        ("stock", "0004_tell_the_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="goodsreceipt",
            name="search_text",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="goodsreceipt",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="版"),
        ),
        migrations.AddField(
            model_name="goodsreceipt",
            name="search_grams",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("search_text"),
                    function="akinai_grams",
                    output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
                ),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
            ),
        ),
        migrations.AddIndex(
            model_name="goodsreceipt",
            index=django.contrib.postgres.indexes.GinIndex(fields=["search_grams"], name="receipt_search"),
        ),
    ]
