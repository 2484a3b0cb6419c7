"""The 要確認 rule 与信超過, so that the settings screen and the database say the same."""

from django.db import migrations


def seed(apps, schema_editor):
    apps.get_model("orders", "HoldRule").objects.get_or_create(code="credit_limit")


class Migration(migrations.Migration):
    dependencies = [("orders", "0009_seed_shortage_rules")]

    operations = [migrations.RunPython(seed, migrations.RunPython.noop)]
