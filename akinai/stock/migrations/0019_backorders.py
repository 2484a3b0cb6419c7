from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("stock", "0018_guard_sets")]

    operations = [
        migrations.AddField(
            "reservation", "is_backorder",
            models.BooleanField(db_default=False, default=False, verbose_name="取り寄せ・予約"),
        ),
    ]  # fmt: skip
