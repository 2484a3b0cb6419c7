"""消去: histories may lose what is personal, once; the seals over them stay provable."""

import django.db.models.deletion
from django.db import migrations, models

import akinai.core.clock
from akinai.core.guards import append_only, erasable


class Migration(migrations.Migration):
    dependencies = [
        ("core", "0010_mail_headers"),
    ]

    operations = [
        migrations.AddField(
            model_name="activity",
            name="erased_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="消去日時"),
        ),
        migrations.CreateModel(
            name="SealErasure",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("content_before", models.CharField(max_length=64, verbose_name="消去前の指紋")),
                ("content_after", models.CharField(max_length=64, verbose_name="消去後の指紋")),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="日時")),
                (
                    "seal",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="core.ledgerseal",
                        verbose_name="封印",
                    ),
                ),
            ],
            options={
                "verbose_name": "封印の下の消去",
                "verbose_name_plural": "封印の下の消去",
            },
        ),
        append_only("core_sealerasure"),
        erasable("core_activity", "summary", "data"),
    ]
