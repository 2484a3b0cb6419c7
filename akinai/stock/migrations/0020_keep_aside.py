import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0017_preorders"),
        ("party", "0006_slip_totals"),
        ("stock", "0019_backorders"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="KeepAside",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="取置番号")),
                ("quantity", models.PositiveIntegerField(verbose_name="数量")),
                ("used", models.PositiveIntegerField(default=0, verbose_name="使用")),
                ("purpose", models.CharField(max_length=200, verbose_name="用途")),
                ("until_on", models.DateField(verbose_name="期限")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("kept", "取置中"),
                            ("used", "使用済"),
                            ("expired", "期限切れ"),
                            ("released", "解除"),
                        ],
                        default="kept",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("created_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="登録日時")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="担当者",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="party.customer",
                        verbose_name="顧客",
                    ),
                ),
                (
                    "location",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="stock.location",
                        verbose_name="場所",
                    ),
                ),
                (
                    "sku",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="catalog.sku",
                        verbose_name="SKU",
                    ),
                ),
            ],
            options={
                "verbose_name": "取置",
                "verbose_name_plural": "取置",
                "indexes": [
                    models.Index(fields=["until_on", "id"], name="keepaside_until"),
                    models.Index(
                        condition=models.Q(("state", "kept")), fields=["sku"], name="keepaside_kept"
                    ),
                    models.Index(fields=["-created_at", "-id"], name="keepaside_created"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("quantity__gt", 0)), name="keepaside_positive"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("used__lte", models.F("quantity"))),
                        name="keepaside_not_more_than_kept",
                    ),
                ],
            },
        ),
    ]
