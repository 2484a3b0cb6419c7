"""Accounts of the shop's own, and entries by hand that are only ever taken back by another."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounting", "0006_entries_with_lines"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AlterField(
            "account", "role", models.CharField("用途", max_length=24, unique=True, null=True, blank=True)
        ),
        migrations.AddField(
            "account",
            "tax_class",
            models.CharField(
                "いつもの税区分",
                max_length=12,
                blank=True,
                default="",
                help_text="振替伝票で選ばないときの税区分です。",
            ),
            preserve_default=False,
        ),
        migrations.AddField("account", "is_live", models.BooleanField("使う", default=True)),
        migrations.AddConstraint(
            "account",
            models.CheckConstraint(
                condition=models.Q(is_live=True) | models.Q(role=None), name="account_in_use_by_rules"
            ),
        ),
        migrations.AddField(
            "journalentry",
            "by",
            models.ForeignKey(
                settings.AUTH_USER_MODEL,
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="+",
                verbose_name="起票者",
                db_index=False,
            ),
        ),
        migrations.AddField(
            "journalentry",
            "reverses",
            models.ForeignKey(
                "accounting.journalentry",
                django.db.models.deletion.PROTECT,
                null=True,
                related_name="reversed_by",
                verbose_name="取消元",
                db_index=False,
            ),
        ),
        migrations.AlterField(
            "productaccount",
            "account",
            models.ForeignKey(
                "accounting.Account",
                on_delete=django.db.models.deletion.PROTECT,
                related_name="names",
                verbose_name="勘定科目",
            ),
        ),
        migrations.AddConstraint(
            "journalentry",
            models.UniqueConstraint(
                fields=["reverses"],
                condition=models.Q(reverses__isnull=False),
                name="journal_reversed_once",
            ),
        ),
    ]
