from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("payments", "0005_fill_credit_balance")]

    operations = [
        migrations.AlterField(
            model_name="banklinestatus", name="on", field=models.DateField(verbose_name="日付")
        ),
        migrations.AddConstraint(
            model_name="banklinestatus",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("matched_yen", models.F("amount_yen")), ("state", "matched")),
                    models.Q(
                        ("matched_yen__gt", 0),
                        ("matched_yen__lt", models.F("amount_yen")),
                        ("state", "partial"),
                    ),
                    models.Q(("matched_yen", 0), ("state__in", ["open", "proposed", "set_aside"])),
                    _connector="OR",
                ),
                name="bankline_state_follows_money",
            ),
        ),
    ]
