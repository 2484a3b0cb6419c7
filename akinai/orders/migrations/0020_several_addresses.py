"""Several addresses of one order, and which pieces go where."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("catalog", "0018_page_limits"),
        ("orders", "0019_gifts"),
    ]

    operations = [
        migrations.CreateModel(
            name="OrderAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("no", models.PositiveSmallIntegerField(verbose_name="番号")),
                ("name", models.CharField(max_length=100, verbose_name="送付先")),
                ("kana", models.CharField(blank=True, max_length=100, verbose_name="送付先カナ")),
                ("company", models.CharField(blank=True, max_length=100, verbose_name="送付先会社名")),
                ("phone", models.CharField(blank=True, max_length=30, verbose_name="送付先電話")),
                ("postal_code", models.CharField(max_length=20, verbose_name="送付先郵便番号")),
                ("prefecture", models.CharField(max_length=40, verbose_name="送付先都道府県")),
                ("city", models.CharField(max_length=100, verbose_name="送付先市区町村")),
                ("line1", models.CharField(max_length=200, verbose_name="送付先番地")),
                ("line2", models.CharField(blank=True, max_length=200, verbose_name="送付先建物")),
                ("is_remote_island", models.BooleanField(default=False, verbose_name="離島")),
                ("delivery_on", models.DateField(blank=True, null=True, verbose_name="お届け希望日")),
                ("delivery_slot", models.CharField(blank=True, max_length=10, verbose_name="お届け時間帯")),
                ("gift_note", models.TextField(blank=True, verbose_name="のし・ラッピング")),
                ("removed_at", models.DateTimeField(blank=True, null=True, verbose_name="外した日時")),
            ],
            options={
                "verbose_name": "送付先",
                "verbose_name_plural": "送付先",
                "ordering": ["no"],
            },
        ),
        migrations.CreateModel(
            name="OrderAddressLine",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("quantity", models.PositiveIntegerField(verbose_name="数量")),
            ],
            options={
                "verbose_name": "送付先の明細",
                "verbose_name_plural": "送付先の明細",
            },
        ),
        migrations.AddField(
            model_name="orderline",
            name="assigned",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="ほかの送付先に送る数量の合計",
                verbose_name="送付先に割り当てた数",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderline",
            constraint=models.CheckConstraint(
                condition=models.Q(("assigned__lte", models.F("quantity"))),
                name="orderline_never_sends_more_than_ordered",
            ),
        ),
        migrations.AddField(
            model_name="orderaddress",
            name="order",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="addresses",
                to="orders.order",
                verbose_name="受注",
            ),
        ),
        migrations.AddField(
            model_name="orderaddressline",
            name="address",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="lines",
                to="orders.orderaddress",
                verbose_name="送付先",
            ),
        ),
        migrations.AddField(
            model_name="orderaddressline",
            name="order_line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="assignments",
                to="orders.orderline",
                verbose_name="受注明細",
            ),
        ),
        migrations.AddConstraint(
            model_name="orderaddress",
            constraint=models.UniqueConstraint(fields=("order", "no"), name="orderaddress_once"),
        ),
        migrations.AddConstraint(
            model_name="orderaddressline",
            constraint=models.UniqueConstraint(
                fields=("address", "order_line"), name="orderaddressline_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="orderaddressline",
            constraint=models.CheckConstraint(
                condition=models.Q(("quantity__gt", 0)), name="orderaddressline_positive"
            ),
        ),
    ]
