"""開示のファイル: who may make it."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0009_log_openings"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="customer",
            options={
                "permissions": [
                    ("merge_customer", "顧客を名寄せできる"),
                    ("see_contact_customer", "連絡先をそのまま見られる"),
                    ("disclose_personal", "保有個人データの開示のファイルを作れる"),
                ],
                "verbose_name": "顧客",
                "verbose_name_plural": "顧客",
            },
        ),
    ]
