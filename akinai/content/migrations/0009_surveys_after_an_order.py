from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("content", "0008_closed_text")]

    operations = [
        migrations.AddField(
            "survey",
            "asks_after_order",
            models.BooleanField("ご注文の完了ページで案内する", default=False, db_default=False),
        ),
    ]
