from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0002_guard_ledger")]

    operations = [
        migrations.AddField(
            model_name="product",
            name="version",
            field=models.PositiveIntegerField(default=1, editable=False, verbose_name="版"),
        ),
    ]
