"""要確認の規則 written by staff: rules, their versions, back-tests and warnings; a hold keeps the version that placed it."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0007_proof_runs"),
        ("orders", "0011_ship_by"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CheckWarning",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("rule", models.CharField(max_length=30, verbose_name="規則")),
                ("title", models.CharField(blank=True, max_length=60, verbose_name="規則の名前")),
                ("reason", models.CharField(max_length=300, verbose_name="内容")),
                ("raised_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="発生日時")),
                ("seen_at", models.DateTimeField(blank=True, null=True, verbose_name="確認日時")),
            ],
            options={
                "verbose_name": "注意",
                "verbose_name_plural": "注意",
            },
        ),
        migrations.AddField(
            model_name="hold",
            name="title",
            field=models.CharField(
                blank=True, db_default="", default="", max_length=60, verbose_name="規則の名前"
            ),
        ),
        migrations.CreateModel(
            name="CheckBacktest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("first_on", models.DateField(verbose_name="はじめ")),
                ("last_on", models.DateField(verbose_name="おわり")),
                ("orders", models.PositiveIntegerField(default=0, verbose_name="受注")),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="日時")),
                ("finished_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                (
                    "by",
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
                    "job",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="core.longjob",
                        verbose_name="処理",
                    ),
                ),
            ],
            options={
                "verbose_name": "過去の受注での試し",
                "verbose_name_plural": "過去の受注での試し",
            },
        ),
        migrations.CreateModel(
            name="CheckBacktestHit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("by_new", models.BooleanField(verbose_name="試す版")),
                ("by_old", models.BooleanField(default=False, verbose_name="比べる版")),
                (
                    "outcome",
                    models.CharField(
                        choices=[
                            ("cancelled", "キャンセル"),
                            ("unpaid", "未入金"),
                            ("returned", "返品・受取拒否"),
                            ("changed", "直して出荷"),
                            ("shipped", "そのまま出荷"),
                            ("open", "まだ途中"),
                        ],
                        max_length=10,
                        verbose_name="その後",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="説明")),
                (
                    "backtest",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="hits",
                        to="orders.checkbacktest",
                        verbose_name="試し",
                    ),
                ),
                (
                    "order",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                        verbose_name="受注",
                    ),
                ),
            ],
            options={
                "verbose_name": "試しに掛かった受注",
                "verbose_name_plural": "試しに掛かった受注",
            },
        ),
        migrations.CreateModel(
            name="CheckRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=30, unique=True, verbose_name="規則番号")),
                ("name", models.CharField(max_length=60, verbose_name="規則の名前")),
                ("priority", models.PositiveSmallIntegerField(default=100, verbose_name="順番")),
                ("is_built_in", models.BooleanField(default=False, verbose_name="組み込み")),
                ("owner_role", models.CharField(blank=True, max_length=30, verbose_name="担当")),
                (
                    "limit_hours",
                    models.PositiveSmallIntegerField(
                        blank=True, null=True, verbose_name="確認の期限（時間）"
                    ),
                ),
                ("live_since", models.DateTimeField(blank=True, null=True, verbose_name="使いはじめ")),
                ("created_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="作成日時")),
                (
                    "created_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
            ],
            options={
                "verbose_name": "要確認の規則",
                "verbose_name_plural": "要確認の規則",
            },
        ),
        migrations.CreateModel(
            name="CheckRuleVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.PositiveIntegerField(verbose_name="版")),
                (
                    "action",
                    models.CharField(
                        choices=[("hold", "止める"), ("warn", "注意を出す")],
                        default="hold",
                        max_length=10,
                        verbose_name="すること",
                    ),
                ),
                ("condition", models.JSONField(verbose_name="条件")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="止めたときの説明")),
                ("sentence", models.TextField(verbose_name="文")),
                ("made_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="作成日時")),
                (
                    "made_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="作成者",
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="orders.checkrule",
                        verbose_name="規則",
                    ),
                ),
            ],
            options={
                "verbose_name": "規則の版",
                "verbose_name_plural": "規則の版",
            },
        ),
        migrations.AddField(
            model_name="checkrule",
            name="draft",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.checkruleversion",
                verbose_name="下書きの版",
            ),
        ),
        migrations.AddField(
            model_name="checkrule",
            name="live",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.checkruleversion",
                verbose_name="使用中の版",
            ),
        ),
        migrations.AddField(
            model_name="checkbacktest",
            name="against",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.checkruleversion",
                verbose_name="比べる版",
            ),
        ),
        migrations.AddField(
            model_name="checkbacktest",
            name="version",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="backtests",
                to="orders.checkruleversion",
                verbose_name="試す版",
            ),
        ),
        migrations.AddField(
            model_name="hold",
            name="check_version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.checkruleversion",
                verbose_name="規則の版",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(fields=["rule", "placed_at"], name="hold_rule"),
        ),
        migrations.AddField(
            model_name="checkwarning",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="warnings",
                to="orders.order",
                verbose_name="受注",
            ),
        ),
        migrations.AddField(
            model_name="checkwarning",
            name="seen_by",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to=settings.AUTH_USER_MODEL,
                verbose_name="確認した人",
            ),
        ),
        migrations.AddField(
            model_name="checkwarning",
            name="version",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="orders.checkruleversion",
                verbose_name="規則の版",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkbacktesthit",
            constraint=models.UniqueConstraint(fields=("backtest", "order"), name="checkbacktesthit_once"),
        ),
        migrations.AddConstraint(
            model_name="checkbacktesthit",
            constraint=models.CheckConstraint(
                condition=models.Q(("by_new", True), ("by_old", True), _connector="OR"),
                name="checkbacktesthit_is_a_hit",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkruleversion",
            constraint=models.UniqueConstraint(fields=("rule", "number"), name="checkruleversion_once"),
        ),
        migrations.AddConstraint(
            model_name="checkruleversion",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="checkruleversion_from_one"
            ),
        ),
        migrations.AddIndex(
            model_name="checkrule",
            index=models.Index(fields=["priority", "id"], name="checkrule_priority"),
        ),
        migrations.AddConstraint(
            model_name="checkrule",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="checkrule_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_built_in", False), models.Q(("draft", None), ("live", None)), _connector="OR"
                ),
                name="checkrule_built_in_has_no_words",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkrule",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("live", None), ("live_since", None)),
                    models.Q(("live__isnull", False), ("live_since__isnull", False)),
                    _connector="OR",
                ),
                name="checkrule_live_since",
            ),
        ),
        migrations.AddConstraint(
            model_name="checkbacktest",
            constraint=models.CheckConstraint(
                condition=models.Q(("first_on__lte", models.F("last_on"))), name="checkbacktest_days"
            ),
        ),
        migrations.AddIndex(
            model_name="checkwarning",
            index=models.Index(fields=["rule", "raised_at"], name="checkwarning_rule"),
        ),
        migrations.AddConstraint(
            model_name="checkwarning",
            constraint=models.UniqueConstraint(
                condition=models.Q(("seen_at__isnull", True)),
                fields=("order", "rule"),
                name="checkwarning_once_per_rule",
            ),
        ),
    ]
