from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("orders", "0005_tell_the_time")]

    operations = [
        migrations.AddField(
            model_name="orderline",
            name="taken_out",
            field=models.PositiveIntegerField(db_default=0, default=0, verbose_name="外した数"),
        ),
        migrations.AlterField(
            model_name="orderchange",
            name="state",
            field=models.CharField(
                choices=[
                    ("pending", "未判断"),
                    ("accepted", "反映済"),
                    ("dismissed", "反映しない"),
                    ("overtaken", "次の申し出に置き換え"),
                ],
                default="pending",
                max_length=10,
                verbose_name="状態",
            ),
        ),
    ]
