from django.db import migrations

# Two schedules of one SKU never stand at once; back to back is fine. One without an end is a moment.
ONE_AT_A_TIME = """
ALTER TABLE catalog_priceschedule ADD CONSTRAINT priceschedule_one_at_a_time EXCLUDE USING gist (
  int8range(sku_id, sku_id, '[]') WITH &&,
  tstzrange(starts_at, coalesce(ends_at, starts_at), CASE WHEN ends_at IS NULL THEN '[]' ELSE '[)' END) WITH &&
) WHERE (state IN ('waiting', 'running'))
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0011_price_schedules")]

    operations = [
        migrations.RunSQL(
            ONE_AT_A_TIME, "ALTER TABLE catalog_priceschedule DROP CONSTRAINT priceschedule_one_at_a_time"
        ),
    ]
