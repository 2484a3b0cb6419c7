from django.db import migrations

# code, name, kind, sends its own shipping mail, issues its own invoice
CHANNELS = [
    ("rakuten", "楽天市場", "rakuten", False, False),
    ("yahoo", "Yahoo!ショッピング", "yahoo", False, False),
    ("amazon", "Amazon", "amazon", True, True),
    ("shopify", "自社サイト（Shopify）", "shopify", False, False),
    ("eccube", "自社サイト（EC-CUBE）", "eccube", False, False),
    ("base", "BASE", "base", False, False),
    ("phone", "電話・手入力", "phone", False, False),
    ("generic", "その他", "generic", False, False),
]


def add(apps, schema_editor):
    channel = apps.get_model("channels", "Channel")
    for code, name, kind, mails, invoices in CHANNELS:
        channel.objects.get_or_create(
            code=code,
            defaults={
                "name": name,
                "kind": kind,
                "sends_own_shipping_mail": mails,
                "issues_own_invoice": invoices,
            },
        )


class Migration(migrations.Migration):
    dependencies = [("channels", "0001_initial")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
