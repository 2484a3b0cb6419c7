from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0007_legal_words"),
    ]

    operations = [
        migrations.AddField(
            model_name="storefront",
            name="closed_text",
            field=models.CharField(
                blank=True,
                db_default="",
                default="",
                help_text="例: 棚卸のため、12月5日 10時までお休みします。",
                max_length=200,
                verbose_name="準備中のご案内",
            ),
        ),
        migrations.AlterField(
            model_name="storefront",
            name="is_open",
            field=models.BooleanField(
                db_default=True,
                default=True,
                help_text="外すと、お客様には「準備中」のページが出て、ご注文を受けません。担当者には店舗が見えます。",
                verbose_name="店舗を公開する",
            ),
        ),
    ]
