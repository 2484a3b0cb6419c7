from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0014_guard_manuals")]

    operations = [
        migrations.AddField(
            model_name="sku",
            name="ship_days_before",
            field=models.PositiveSmallIntegerField(
                db_default=0, default=0, verbose_name="出荷期限（期限の何日前まで）"
            ),
        ),
    ]
