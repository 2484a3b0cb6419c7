import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0004_seed_hold_rules"),
        ("party", "0001_initial"),
        ("payments", "0003_tell_the_time"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="CreditBalance",
            fields=[
                (
                    "customer",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to="party.customer",
                        verbose_name="顧客",
                    ),
                ),
                ("balance_yen", models.BigIntegerField(default=0, verbose_name="預り金")),
                (
                    "moved_at",
                    models.DateTimeField(default=akinai.core.clock.now, verbose_name="最後の動き"),
                ),
            ],
            options={
                "verbose_name": "預り金",
                "verbose_name_plural": "預り金",
            },
        ),
        migrations.RemoveIndex(
            model_name="banklinestatus",
            name="banklinestatus_state",
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="is_active",
            field=models.BooleanField(default=True, verbose_name="使用中"),
        ),
        migrations.AddField(
            model_name="bankaccount",
            name="note",
            field=models.CharField(blank=True, max_length=200, verbose_name="メモ"),
        ),
        migrations.AddField(
            model_name="banklinestatus",
            name="aside_reason",
            field=models.CharField(
                blank=True,
                choices=[
                    ("interest", "利息・還付"),
                    ("own_transfer", "自社の口座間の移動"),
                    ("settlement", "モール・決済会社・運送会社からの入金"),
                    ("returned", "組戻・振込取消（お返しした）"),
                    ("other", "その他"),
                ],
                max_length=12,
                verbose_name="対象外の理由",
            ),
        ),
        migrations.AddField(
            model_name="banklinestatus",
            name="on",
            field=models.DateField(null=True, verbose_name="日付"),
        ),
        migrations.AddField(
            model_name="banklinestatus",
            name="returned_by",
            field=models.OneToOneField(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="returns",
                to="payments.bankline",
                verbose_name="取消・組戻の明細",
            ),
        ),
        migrations.AddField(
            model_name="banklinestatus",
            name="search_text",
            field=models.TextField(blank=True, editable=False),
        ),
        migrations.AddField(
            model_name="payeralias",
            name="payer",
            field=models.CharField(blank=True, max_length=100, verbose_name="名義"),
        ),
        migrations.AddField(
            model_name="payment",
            name="batch",
            field=models.CharField(blank=True, max_length=40, verbose_name="まとめ番号"),
        ),
        migrations.AddField(
            model_name="payment",
            name="method",
            field=models.CharField(
                blank=True,
                choices=[
                    ("transfer", "銀行振込"),
                    ("channel", "モール・決済会社の返金"),
                    ("cash", "現金・現金書留"),
                    ("offset", "相殺・その他"),
                ],
                max_length=10,
                verbose_name="返金の方法",
            ),
        ),
        migrations.AlterField(
            model_name="banklinestatus",
            name="state",
            field=models.CharField(
                choices=[
                    ("open", "未消込"),
                    ("proposed", "候補あり"),
                    ("partial", "一部消込"),
                    ("matched", "消込済"),
                    ("set_aside", "対象外"),
                ],
                default="open",
                max_length=10,
                verbose_name="状態",
            ),
        ),
        migrations.AlterField(
            model_name="payment",
            name="source",
            field=models.CharField(
                choices=[
                    ("bank", "銀行入金"),
                    ("fee", "振込手数料（当社負担）"),
                    ("short", "不足分の値引"),
                    ("credit", "預り金（過入金）"),
                    ("credit_used", "預り金の充当"),
                    ("carrier", "代引回収"),
                    ("channel", "モール・決済会社"),
                    ("cash", "現金・その他"),
                    ("refund", "返金"),
                ],
                max_length=12,
                verbose_name="種類",
            ),
        ),
        migrations.AddIndex(
            model_name="banklinestatus",
            index=models.Index(fields=["-on", "-line"], name="banklinestatus_on"),
        ),
        migrations.AddIndex(
            model_name="banklinestatus",
            index=models.Index(fields=["state", "-on", "-line"], name="banklinestatus_state"),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("order__isnull", True)), fields=["customer", "-id"], name="payment_credit"
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(
                condition=models.Q(("batch", ""), _negated=True), fields=["batch"], name="payment_batch"
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("order__isnull", False), ("customer__isnull", False), _connector="OR"),
                name="payment_belongs_to_somebody",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("reverses__isnull", False),
                    ("source__in", ["credit", "credit_used"]),
                    models.Q(("source", "refund"), ("amount_yen__lt", 0)),
                    models.Q(models.Q(("source", "refund"), _negated=True), ("amount_yen__gt", 0)),
                    _connector="OR",
                ),
                name="payment_sign",
            ),
        ),
        migrations.AddIndex(
            model_name="creditbalance",
            index=models.Index(fields=["-balance_yen", "-customer"], name="creditbalance_balance"),
        ),
        migrations.AddConstraint(
            model_name="creditbalance",
            constraint=models.CheckConstraint(
                condition=models.Q(("balance_yen__gte", 0)), name="credit_never_below_zero"
            ),
        ),
        migrations.AddField(
            model_name="banklinestatus",
            name="search_grams",
            field=models.GeneratedField(
                db_persist=True,
                expression=models.Func(
                    models.F("search_text"),
                    function="akinai_grams",
                    output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
                ),
                output_field=django.contrib.postgres.fields.ArrayField(base_field=models.TextField()),
            ),
        ),
        migrations.AddIndex(
            model_name="banklinestatus",
            index=django.contrib.postgres.indexes.GinIndex(
                fields=["search_grams"], name="banklinestatus_search"
            ),
        ),
    ]
