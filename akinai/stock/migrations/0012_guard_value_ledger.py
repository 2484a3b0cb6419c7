from django.db import migrations

from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("stock", "0011_value_ledger")]

    operations = [append_only("stock_valueentry")]
