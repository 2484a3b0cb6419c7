from django.db import migrations

FILL = """
UPDATE purchasing_goodsreceipt SET search_text = lower(normalize(number || '|' || supplier_slip_no, NFKC));
"""


class Migration(migrations.Migration):
    dependencies = [("purchasing", "0003_version_and_search")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
