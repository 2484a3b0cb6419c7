"""The 要確認 rules with their usual limits, so that the settings screen and the database say the same."""

from django.db import migrations

RULES = (
    ("note", None, None), ("high_amount", 50_000, None), ("island", None, None), ("address", None, None),
    ("duplicate", None, 3), ("deferred", None, None), ("cod_amount", 30_000, None), ("cod_island", None, None),
    ("unknown_payment", None, None), ("delivery", None, 1), ("gift", None, None), ("words", None, None),
)  # fmt: skip


def seed(apps, schema_editor):
    rule = apps.get_model("orders", "HoldRule")
    for code, limit_yen, limit_days in RULES:
        rule.objects.get_or_create(code=code, defaults={"limit_yen": limit_yen, "limit_days": limit_days})
    rule.objects.filter(code__in=("duplicate", "delivery"), limit_days=None).update(limit_days=1)


class Migration(migrations.Migration):
    dependencies = [("orders", "0003_hold_rule_days")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
