from django.db import migrations

from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0002_guard_ledger"), ("catalog", "0013_manuals")]

    operations = [append_only("catalog_manual"), append_only("catalog_formsession")]
