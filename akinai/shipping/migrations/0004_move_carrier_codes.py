"""The contract codes that had columns of their own move to the other settings."""

from django.db import migrations

CODES = ("customer_code", "sub_code", "freight_no")


def move(apps, schema_editor):
    for account in apps.get_model("shipping", "CarrierAccount").objects.all():
        codes = {name: getattr(account, name) for name in CODES if getattr(account, name)}
        account.settings = {**account.settings, **codes}
        account.save(update_fields=["settings"])


def move_back(apps, schema_editor):
    for account in apps.get_model("shipping", "CarrierAccount").objects.all():
        for name in CODES:
            setattr(account, name, str(account.settings.pop(name, ""))[:10])
        account.save()


class Migration(migrations.Migration):
    dependencies = [("shipping", "0003_carrier_settings_by_name")]

    operations = [migrations.RunPython(move, move_back)]
