from django.db import migrations

from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("payments", "0001_initial")]

    operations = [
        append_only("payments_bankline"),
        append_only("payments_match"),
        append_only("payments_payment"),
    ]
