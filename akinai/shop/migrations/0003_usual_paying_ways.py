"""支払方法の案内 as it is delivered; the shop changes limits and texts on its own screen."""

from django.db import migrations

WAYS = (
    ("card", 1, 999_999, "", "VISA・Mastercard・JCB・American Express などをお使いいただけます。カード番号は決済会社のページで入力していただき、当店ではお預かりしません。"),
    ("convenience", 200, 299_999, "", "ご注文の後に表示されるお支払い番号を使い、お近くのコンビニでお支払いください。ご入金の確認後に発送します。"),
    ("bank_transfer", 1, 9_999_999, "", "当店指定の口座にお振り込みください。ご入金の確認後に発送します。振込手数料はご負担ください。"),
    ("cod", 1, 300_000, "", "商品のお届けのとき、配達員に現金でお支払いください。"),
    ("deferred", 1, 55_000, "後払い決済", "商品の到着を確かめてから、コンビニや銀行でお支払いください。決済会社の審査があります。"),
)  # fmt: skip


def begin(apps, schema_editor):
    way = apps.get_model("shop", "PayingWay")
    way.objects.bulk_create(
        way(kind=kind, position=no * 10, min_yen=low, max_yen=high, provider=provider, text=text)
        for no, (kind, low, high, provider, text) in enumerate(WAYS, 1)
    )


class Migration(migrations.Migration):
    dependencies = [("shop", "0002_carts_checkout_inquiries")]
    operations = [migrations.RunPython(begin, migrations.RunPython.noop, elidable=False)]
