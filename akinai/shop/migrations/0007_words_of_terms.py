from django.db import migrations, models

import akinai.core.clock
from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("shop", "0006_plans")]

    operations = [
        migrations.CreateModel(
            name="TermsText",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("version", models.CharField(max_length=20, unique=True, verbose_name="版")),
                ("text", models.TextField(verbose_name="文")),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="決めた日時")),
            ],
            options={"verbose_name": "会員規約の文", "verbose_name_plural": "会員規約の文"},
        ),
        append_only("shop_termstext"),
        migrations.AddField(
            "memberterms",
            "valued_yen",
            models.PositiveIntegerField(
                "お得意様とする購入額（1 年間）",
                default=50_000,
                db_default=50_000,
                help_text="この 1 年のお買い上げがこの額以上の会員に、ページの「お得意様」向けの内容を見せます。0 なら、だれにも見せません。",
            ),
        ),
    ]
