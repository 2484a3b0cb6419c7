"""送料表: what a parcel costs the buyer, by version; a merge keeps what one parcel was reckoned at."""

import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_stock_feeds_and_audits"),
        ("shipping", "0019_shipment_address"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="ordermerge",
            name="parcel_yen",
            field=models.BigIntegerField(db_default=0, default=0, verbose_name="1 個分の送料"),
        ),
        migrations.AddField(
            model_name="ordermerge",
            name="told",
            field=models.CharField(blank=True, db_default="", max_length=200, verbose_name="送料の理由"),
        ),
        migrations.CreateModel(
            name="FeeTable",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=60, verbose_name="名前")),
                (
                    "state",
                    models.CharField(
                        choices=[("draft", "下書き"), ("live", "公開"), ("withdrawn", "取り下げ")],
                        default="draft",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                ("valid_from", models.DateField(verbose_name="適用開始日")),
                (
                    "valid_until",
                    models.DateField(
                        blank=True, help_text="空欄なら次の送料表まで。", null=True, verbose_name="適用終了日"
                    ),
                ),
                ("tax_rate", models.PositiveSmallIntegerField(default=10, verbose_name="税率")),
                ("note", models.CharField(blank=True, max_length=200, verbose_name="メモ")),
                ("created_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="作成日時")),
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
            ],
            options={
                "verbose_name": "送料表",
                "verbose_name_plural": "送料表",
            },
        ),
        migrations.CreateModel(
            name="FeeSurcharge",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=30, verbose_name="名前")),
                ("is_island", models.BooleanField(default=False, verbose_name="離島")),
                ("prefecture", models.CharField(blank=True, max_length=10, verbose_name="都道府県")),
                ("postal_prefix", models.CharField(blank=True, max_length=7, verbose_name="郵便番号の先頭")),
                ("yen", models.PositiveIntegerField(verbose_name="加算（税込）")),
                ("even_when_free", models.BooleanField(default=True, verbose_name="送料無料でも加算する")),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="surcharges",
                        to="shipping.feetable",
                        verbose_name="送料表",
                    ),
                ),
            ],
            options={
                "verbose_name": "送料の加算",
                "verbose_name_plural": "送料の加算",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="CodFee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "up_to_yen",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="空欄なら、それより上すべて。",
                        null=True,
                        verbose_name="代引金額がこの額まで",
                    ),
                ),
                ("yen", models.PositiveIntegerField(verbose_name="手数料（税込）")),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="cod_fees",
                        to="shipping.feetable",
                        verbose_name="送料表",
                    ),
                ),
            ],
            options={
                "verbose_name": "代引手数料",
                "verbose_name_plural": "代引手数料",
                "ordering": [models.OrderBy(models.F("up_to_yen"), nulls_last=True)],
            },
        ),
        migrations.CreateModel(
            name="FreeLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("from_yen", models.PositiveIntegerField(verbose_name="商品代（税込）がこの額以上")),
                ("covers_islands", models.BooleanField(default=False, verbose_name="離島・沖縄も無料")),
                (
                    "channel",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="channels.channel",
                        verbose_name="店舗",
                    ),
                ),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="free_lines",
                        to="shipping.feetable",
                        verbose_name="送料表",
                    ),
                ),
            ],
            options={
                "verbose_name": "送料無料ライン",
                "verbose_name_plural": "送料無料ライン",
                "ordering": ["pk"],
            },
        ),
        migrations.CreateModel(
            name="ShippingFee",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("region", models.CharField(max_length=30, verbose_name="地域")),
                (
                    "prefectures",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=10),
                        blank=True,
                        default=list,
                        verbose_name="都道府県",
                    ),
                ),
                ("postal_prefix", models.CharField(blank=True, max_length=7, verbose_name="郵便番号の先頭")),
                (
                    "service",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("", "すべて"),
                            ("parcel", "宅配便"),
                            ("compact", "コンパクト"),
                            ("mail", "ポスト投函"),
                        ],
                        max_length=10,
                        verbose_name="届け方",
                    ),
                ),
                (
                    "normal_yen",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="常温（税込）"),
                ),
                (
                    "chilled_yen",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="冷蔵（税込）"),
                ),
                (
                    "frozen_yen",
                    models.PositiveIntegerField(blank=True, null=True, verbose_name="冷凍（税込）"),
                ),
                ("position", models.PositiveSmallIntegerField(default=0, verbose_name="順番")),
                (
                    "table",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="fees",
                        to="shipping.feetable",
                        verbose_name="送料表",
                    ),
                ),
            ],
            options={
                "verbose_name": "送料",
                "verbose_name_plural": "送料",
                "ordering": ["position", "pk"],
            },
        ),
        migrations.AddIndex(
            model_name="feetable",
            index=models.Index(fields=["-valid_from", "-id"], name="feetable_newest"),
        ),
        migrations.AddConstraint(
            model_name="feetable",
            constraint=django.contrib.postgres.constraints.ExclusionConstraint(
                condition=models.Q(("state", "live")),
                expressions=[
                    (
                        models.Func(
                            "valid_from",
                            "valid_until",
                            django.contrib.postgres.fields.ranges.RangeBoundary(inclusive_upper=True),
                            function="DATERANGE",
                            output_field=django.contrib.postgres.fields.ranges.DateRangeField(),
                        ),
                        "&&",
                    )
                ],
                name="feetable_one_at_a_time",
            ),
        ),
        migrations.AddConstraint(
            model_name="feetable",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_until", None), ("valid_until__gte", models.F("valid_from")), _connector="OR"
                ),
                name="feetable_ends_after_start",
            ),
        ),
        migrations.AddConstraint(
            model_name="feesurcharge",
            constraint=models.UniqueConstraint(fields=("table", "name"), name="feesurcharge_once"),
        ),
        migrations.AddConstraint(
            model_name="feesurcharge",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_island", True),
                    models.Q(("prefecture", ""), _negated=True),
                    models.Q(("postal_prefix", ""), _negated=True),
                    _connector="OR",
                ),
                name="feesurcharge_has_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="codfee",
            constraint=models.UniqueConstraint(
                fields=("table", "up_to_yen"), name="codfee_once_per_step", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="freeline",
            constraint=models.UniqueConstraint(
                fields=("table", "channel"), name="freeline_once_per_channel", nulls_distinct=False
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingfee",
            constraint=models.UniqueConstraint(
                fields=("table", "region", "postal_prefix", "service"), name="shippingfee_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingfee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("prefectures", []), _negated=True),
                    models.Q(("postal_prefix", ""), _negated=True),
                    _connector="OR",
                ),
                name="shippingfee_has_place",
            ),
        ),
        migrations.AddConstraint(
            model_name="shippingfee",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("normal_yen__isnull", False),
                    ("chilled_yen__isnull", False),
                    ("frozen_yen__isnull", False),
                    _connector="OR",
                ),
                name="shippingfee_has_price",
            ),
        ),
    ]
