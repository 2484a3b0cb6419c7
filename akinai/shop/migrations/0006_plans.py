import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

import akinai.core.clock

PLANS = [
    ("w1", "毎週"), ("w2", "2週間ごと"), ("w4", "4週間ごと"), ("m1", "1か月ごと"), ("m2", "2か月ごと"), ("m3", "3か月ごと"),
]  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0020_shop_lists_and_pictures"),
        ("shop", "0005_without_tries"),
    ]

    operations = [
        migrations.AddField(
            model_name="cartline",
            name="plan",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=4, verbose_name="定期便"
            ),
        ),
        migrations.CreateModel(
            name="PlanOffer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("is_on", models.BooleanField(default=True, verbose_name="受け付ける")),
                ("percent", models.PositiveSmallIntegerField(default=10, verbose_name="割引(%)")),
                (
                    "plans",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(choices=PLANS, max_length=4),
                        size=None,
                        verbose_name="お届けの間隔",
                    ),
                ),
                (
                    "least_turns",
                    models.PositiveSmallIntegerField(
                        default=1,
                        help_text="1 は、いつでも解約できる定期便です。",
                        verbose_name="お約束の回数",
                    ),
                ),
                ("created_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="登録日時")),
                (
                    "product",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.product",
                        verbose_name="商品",
                    ),
                ),
            ],
            options={
                "verbose_name": "定期便",
                "verbose_name_plural": "定期便",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("percent__lte", 50),
                            ("least_turns__gte", 1),
                            ("least_turns__lte", 12),
                            models.Q(("plans", []), _negated=True),
                        ),
                        name="planoffer_terms",
                    )
                ],
            },
        ),
    ]
