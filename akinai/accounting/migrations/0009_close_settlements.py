"""A closed month takes no entry of a settlement either."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("accounting", "0008_revenue_of_parcels"), ("payments", "0014_guard_settlements")]

    operations = [
        migrations.RunSQL(
            """
            CREATE TRIGGER akinai_closed AFTER INSERT ON payments_settlemententry REFERENCING NEW TABLE AS fresh
              FOR EACH STATEMENT EXECUTE FUNCTION akinai_refuse_closed('on', 'date');
            ALTER TABLE payments_settlemententry ENABLE ALWAYS TRIGGER akinai_closed;
            """,
            "DROP TRIGGER IF EXISTS akinai_closed ON payments_settlemententry;",
        ),
    ]
