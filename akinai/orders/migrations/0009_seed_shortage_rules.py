"""The rules of 取り寄せ・予約 beside the others, so that the settings screen and the database say the same."""

from django.db import migrations

RULES = {"backorder_limit": True, "preorder_closed": True, "no_backorder": False}


def seed(apps, schema_editor):
    rule = apps.get_model("orders", "HoldRule")
    for code, is_enabled in RULES.items():
        rule.objects.get_or_create(code=code, defaults={"is_enabled": is_enabled})


class Migration(migrations.Migration):
    dependencies = [("orders", "0008_list_and_first_screen_indexes")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
