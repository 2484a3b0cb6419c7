"""のし・ラッピング of a line, and what the shop offers."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0018_timed_holds"),
    ]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="gift",
            field=models.JSONField(
                blank=True,
                db_default=models.Value({}, output_field=models.JSONField()),
                default=dict,
                verbose_name="のし・ラッピング",
            ),
        ),
        migrations.CreateModel(
            name="GiftOption",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=40, unique=True, verbose_name="名前")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("wrapping", "ラッピング"),
                            ("noshi", "のし"),
                            ("bag", "手提げ袋"),
                            ("card", "メッセージカード"),
                        ],
                        max_length=10,
                        verbose_name="種類",
                    ),
                ),
                ("price_yen", models.BigIntegerField(default=0, verbose_name="価格（税込・1 点）")),
                ("is_active", models.BooleanField(default=True, verbose_name="使う")),
                ("note", models.CharField(blank=True, max_length=100, verbose_name="メモ")),
            ],
            options={
                "verbose_name": "ギフトの選択肢",
                "verbose_name_plural": "ギフトの選択肢",
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("price_yen__gte", 0)), name="giftoption_price_not_negative"
                    )
                ],
            },
        ),
    ]
