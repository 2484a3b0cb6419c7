from django.db import migrations

from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("billing", "0001_initial")]

    operations = [
        append_only("billing_invoice"),
        append_only("billing_invoiceline"),
        append_only("billing_invoicetax"),
        append_only("billing_creditnote"),
        append_only("billing_creditnoteline"),
        append_only("billing_creditnotetax"),
        append_only("billing_paperdelivery"),
    ]
