from django.db import migrations


def add(apps, schema_editor):
    apps.get_model("stock", "Location").objects.get_or_create(
        code="MAIN", defaults={"name": "本社倉庫", "is_default": True}
    )


class Migration(migrations.Migration):
    dependencies = [("stock", "0002_guard_ledger")]

    operations = [migrations.RunPython(add, migrations.RunPython.noop)]
