from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0008_mail_unsubscribe"),
    ]

    operations = [
        migrations.CreateModel(
            name="Try",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("key", models.CharField(max_length=64, unique=True, verbose_name="鍵の指紋")),
                ("since", models.DateTimeField(db_index=True, verbose_name="数え始め")),
                ("count", models.PositiveIntegerField(default=1, verbose_name="回数")),
            ],
            options={
                "verbose_name": "試した回数",
                "verbose_name_plural": "試した回数",
            },
        ),
    ]
