"""定期購入: what a customer gets again and again, its turns and its notices."""

import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0018_page_limits"),
        ("orders", "0016_quotes"),
        ("party", "0007_corrected_identities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="定期購入番号")),
                (
                    "state",
                    models.CharField(
                        choices=[("active", "継続中"), ("paused", "休止中"), ("ended", "終了")],
                        default="active",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("buyer_name", models.CharField(max_length=100, verbose_name="お客様")),
                ("buyer", models.JSONField(verbose_name="注文者")),
                ("ship_to", models.JSONField(verbose_name="送付先")),
                (
                    "payment",
                    models.CharField(
                        choices=[
                            ("card", "クレジットカード"),
                            ("wallet", "ID・ウォレット決済"),
                            ("mall", "モール決済"),
                            ("convenience", "コンビニ・前払い"),
                            ("bank_transfer", "銀行振込（前払い）"),
                            ("cod", "代金引換"),
                            ("deferred", "後払い"),
                            ("credit_terms", "掛け払い"),
                            ("points", "全額ポイント・クーポン"),
                            ("unknown", "不明"),
                        ],
                        max_length=20,
                        verbose_name="支払方法",
                    ),
                ),
                ("shipping_yen", models.BigIntegerField(default=0, verbose_name="送料")),
                ("cod_fee_yen", models.BigIntegerField(default=0, verbose_name="代引手数料")),
                (
                    "interval_kind",
                    models.CharField(
                        choices=[
                            ("days", "○日ごと"),
                            ("weeks", "○週間ごと"),
                            ("month_day", "毎月○日"),
                            ("month_week", "毎月第○曜日"),
                        ],
                        max_length=12,
                        verbose_name="間隔",
                    ),
                ),
                ("every", models.PositiveSmallIntegerField(default=1, verbose_name="いくつごと")),
                ("month_day", models.PositiveSmallIntegerField(default=0, verbose_name="日")),
                ("week", models.PositiveSmallIntegerField(default=0, verbose_name="第何週")),
                ("weekday", models.PositiveSmallIntegerField(default=0, verbose_name="曜日")),
                ("delivery_slot", models.CharField(blank=True, max_length=10, verbose_name="お届け時間帯")),
                (
                    "days_before",
                    models.PositiveSmallIntegerField(default=3, verbose_name="受注をつくる日（営業日前）"),
                ),
                (
                    "notice_days",
                    models.PositiveSmallIntegerField(default=5, verbose_name="お知らせ（受注の日の前）"),
                ),
                (
                    "price_is",
                    models.CharField(
                        choices=[("current", "そのときの販売価格"), ("fixed", "決めた価格")],
                        default="current",
                        max_length=10,
                        verbose_name="価格",
                    ),
                ),
                (
                    "discount_percent",
                    models.PositiveSmallIntegerField(default=0, verbose_name="毎回の割引(%)"),
                ),
                (
                    "first_percent",
                    models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="初回の割引(%)"),
                ),
                ("least_turns", models.PositiveSmallIntegerField(default=0, verbose_name="最低の回数")),
                ("next_on", models.DateField(verbose_name="次のお届け日")),
                ("scheduled_on", models.DateField(verbose_name="予定の日")),
                ("order_on", models.DateField(verbose_name="受注をつくる日")),
                ("next_turn", models.PositiveIntegerField(default=1, verbose_name="次の回")),
                ("shop_note", models.TextField(blank=True, verbose_name="店舗メモ")),
                ("ended_reason", models.CharField(blank=True, max_length=200, verbose_name="終了の理由")),
                ("ended_at", models.DateTimeField(blank=True, null=True, verbose_name="終了日時")),
                ("version", models.PositiveIntegerField(default=1, verbose_name="版")),
                ("created_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="作成日時")),
                ("search_text", models.TextField(blank=True, default="", editable=False)),
                (
                    "search_grams",
                    models.GeneratedField(
                        db_persist=True,
                        expression=models.Func(
                            models.F("search_text"),
                            function="akinai_grams",
                            output_field=django.contrib.postgres.fields.ArrayField(
                                base_field=models.TextField()
                            ),
                        ),
                        output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
                    ),
                ),
                (
                    "began_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="orders.order",
                        verbose_name="もとの受注",
                    ),
                ),
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
                (
                    "customer",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        to="party.customer",
                        verbose_name="顧客",
                    ),
                ),
            ],
            options={
                "verbose_name": "定期購入",
                "verbose_name_plural": "定期購入",
            },
        ),
        migrations.CreateModel(
            name="SubscriptionLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line_no", models.PositiveSmallIntegerField(verbose_name="行")),
                ("quantity", models.PositiveIntegerField(verbose_name="数量")),
                (
                    "unit_price_yen",
                    models.BigIntegerField(blank=True, null=True, verbose_name="単価（税込）"),
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
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="lines",
                        to="orders.subscription",
                        verbose_name="定期購入",
                    ),
                ),
            ],
            options={
                "verbose_name": "定期購入の明細",
                "verbose_name_plural": "定期購入の明細",
                "ordering": ["line_no"],
            },
        ),
        migrations.CreateModel(
            name="SubscriptionNotice",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("turn", models.PositiveIntegerField(verbose_name="回")),
                ("delivery_on", models.DateField(verbose_name="お届け日")),
                ("to", models.CharField(blank=True, max_length=254, verbose_name="宛先")),
                ("reason", models.CharField(blank=True, max_length=200, verbose_name="送らなかった理由")),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="日時")),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="notices",
                        to="orders.subscription",
                        verbose_name="定期購入",
                    ),
                ),
            ],
            options={
                "verbose_name": "定期購入のお知らせ",
                "verbose_name_plural": "定期購入のお知らせ",
            },
        ),
        migrations.CreateModel(
            name="SubscriptionTurn",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("turn", models.PositiveIntegerField(verbose_name="回")),
                ("delivery_on", models.DateField(verbose_name="お届け日")),
                (
                    "state",
                    models.CharField(
                        choices=[("made", "受注済"), ("skipped", "お休み"), ("failed", "つくれない")],
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="理由")),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="日時")),
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
                    "order",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="subscription_turn",
                        to="orders.order",
                        verbose_name="受注",
                    ),
                ),
                (
                    "subscription",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="turns",
                        to="orders.subscription",
                        verbose_name="定期購入",
                    ),
                ),
            ],
            options={
                "verbose_name": "定期購入の回",
                "verbose_name_plural": "定期購入の回",
            },
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(
                condition=models.Q(("state", "active")), fields=["order_on", "id"], name="subscription_due"
            ),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["next_on", "id"], name="subscription_next"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_grams"], name="subscription_search"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("every__gte", 1)), name="subscription_every"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("discount_percent__lte", 100),
                    models.Q(("first_percent", None), ("first_percent__lte", 100), _connector="OR"),
                ),
                name="subscription_percent",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("cod_fee_yen__gte", 0), ("shipping_yen__gte", 0)),
                name="subscription_yen_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("order_on__lte", models.F("next_on"))), name="subscription_orders_first"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("ended_at__isnull", False), ("state", "ended")),
                    models.Q(models.Q(("state", "ended"), _negated=True), ("ended_at", None)),
                    _connector="OR",
                ),
                name="subscription_ended_at",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionline",
            constraint=models.UniqueConstraint(
                fields=("subscription", "line_no"), name="subscriptionline_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gte", 1)), name="subscriptionline_pieces"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionnotice",
            constraint=models.UniqueConstraint(
                fields=("subscription", "turn", "delivery_on"), name="subscriptionnotice_once"
            ),
        ),
        migrations.AddIndex(
            model_name="subscriptionturn",
            index=models.Index(fields=["-at", "-id"], name="subscriptionturn_at"),
        ),
        migrations.AddIndex(
            model_name="subscriptionturn",
            index=models.Index(
                condition=models.Q(("state", "failed")), fields=["id"], name="subscriptionturn_failed"
            ),
        ),
        migrations.AddConstraint(
            model_name="subscriptionturn",
            constraint=models.UniqueConstraint(fields=("subscription", "turn"), name="subscriptionturn_once"),
        ),
        migrations.AddConstraint(
            model_name="subscriptionturn",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("state", "made")),
                    models.Q(models.Q(("state", "made"), _negated=True), ("order", None)),
                    _connector="OR",
                ),
                name="subscriptionturn_made_has_order",
            ),
        ),
    ]
