"""見積: quotes and their lines."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0018_page_limits"),
        ("orders", "0015_in_parts"),
        ("party", "0007_corrected_identities"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Quote",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="見積番号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("draft", "作成中"),
                            ("sent", "提出済"),
                            ("accepted", "成約"),
                            ("declined", "失注"),
                            ("expired", "期限切れ"),
                            ("cancelled", "取消"),
                        ],
                        default="draft",
                        max_length=12,
                        verbose_name="状態",
                    ),
                ),
                ("name", models.CharField(max_length=100, verbose_name="お名前")),
                ("kana", models.CharField(blank=True, max_length=100, verbose_name="フリガナ")),
                ("company", models.CharField(blank=True, max_length=100, verbose_name="会社名")),
                ("postal_code", models.CharField(blank=True, max_length=20, verbose_name="郵便番号")),
                ("prefecture", models.CharField(blank=True, max_length=40, verbose_name="都道府県")),
                ("city", models.CharField(blank=True, max_length=100, verbose_name="市区町村")),
                ("line1", models.CharField(blank=True, max_length=200, verbose_name="番地")),
                ("line2", models.CharField(blank=True, max_length=200, verbose_name="建物")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="電話")),
                ("email", models.CharField(blank=True, max_length=254, verbose_name="メール")),
                ("subject", models.CharField(blank=True, max_length=100, verbose_name="件名")),
                ("valid_until", models.DateField(verbose_name="有効期限")),
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
                ("delivery_note", models.CharField(blank=True, max_length=200, verbose_name="納期・お届け")),
                ("note", models.TextField(blank=True, verbose_name="備考（見積書に載る）")),
                ("shop_note", models.TextField(blank=True, verbose_name="店舗メモ")),
                ("goods_yen", models.BigIntegerField(default=0, verbose_name="商品代")),
                ("shipping_yen", models.BigIntegerField(default=0, verbose_name="送料")),
                ("wrapping_yen", models.BigIntegerField(default=0, verbose_name="ラッピング料")),
                ("discount_yen", models.BigIntegerField(default=0, verbose_name="値引")),
                ("total_yen", models.BigIntegerField(default=0, verbose_name="見積金額")),
                ("issuer", models.JSONField(blank=True, default=dict, verbose_name="提出時の自社情報")),
                ("pdf_sha256", models.CharField(blank=True, max_length=64, verbose_name="PDFの指紋")),
                ("created_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="作成日時")),
                ("submitted_on", models.DateField(blank=True, null=True, verbose_name="提出日")),
                ("submitted_at", models.DateTimeField(blank=True, null=True, verbose_name="提出日時")),
                ("decided_at", models.DateTimeField(blank=True, null=True, verbose_name="返事の日時")),
                (
                    "copied_from",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="copies",
                        to="orders.quote",
                        verbose_name="複写元",
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
                        related_name="+",
                        to="party.customer",
                        verbose_name="顧客",
                    ),
                ),
                (
                    "order",
                    models.OneToOneField(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="quote",
                        to="orders.order",
                        verbose_name="受注",
                    ),
                ),
            ],
            options={
                "verbose_name": "見積",
                "verbose_name_plural": "見積",
            },
        ),
        migrations.CreateModel(
            name="QuoteLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("line_no", models.PositiveIntegerField(verbose_name="行")),
                ("name", models.CharField(max_length=400, verbose_name="商品名")),
                ("quantity", models.PositiveIntegerField(verbose_name="数量")),
                ("unit_price_yen", models.BigIntegerField(verbose_name="単価（税込）")),
                ("tax_rate", models.PositiveSmallIntegerField(verbose_name="税率(%)")),
                (
                    "quote",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="lines",
                        to="orders.quote",
                        verbose_name="見積",
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
                "verbose_name": "見積明細",
                "verbose_name_plural": "見積明細",
                "ordering": ["line_no"],
            },
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["state", "valid_until"], name="quote_state"),
        ),
        migrations.AddIndex(
            model_name="quote",
            index=models.Index(fields=["-created_at", "-id"], name="quote_created"),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(("total_yen__gte", 0), ("discount_yen__gte", 0)),
                name="quote_total_not_negative",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("state__in", ["draft", "cancelled"]),
                    models.Q(("pdf_sha256", ""), _negated=True),
                    _connector="OR",
                ),
                name="quote_submitted_has_paper",
            ),
        ),
        migrations.AddConstraint(
            model_name="quote",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("order__isnull", False), ("state", "accepted")),
                    models.Q(models.Q(("state", "accepted"), _negated=True), ("order__isnull", True)),
                    _connector="OR",
                ),
                name="quote_accepted_has_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.UniqueConstraint(fields=("quote", "line_no"), name="quoteline_once"),
        ),
        migrations.AddConstraint(
            model_name="quoteline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0), ("unit_price_yen__gte", 0)), name="quoteline_positive"
            ),
        ),
    ]
