"""Pieces that may not be shipped any more, told by the database, so that whoever asks and whoever reserves say the same."""

from django.db import migrations

PAST = """
CREATE FUNCTION akinai_past_date(sku bigint, place bigint, today date) RETURNS integer LANGUAGE sql STABLE AS $$
  SELECT coalesce(sum(v.on_hand), 0)::int FROM stock_lot t JOIN catalog_sku s ON s.id = t.sku_id
  JOIN stock_lotlevel v ON v.lot_id = t.id AND v.location_id = $2
  WHERE t.sku_id = $1 AND t.expires_on - s.ship_days_before < $3
$$;
"""


class Migration(migrations.Migration):
    dependencies = [("catalog", "0015_last_day_of_shipping"), ("stock", "0015_guard_lots")]

    operations = [migrations.RunSQL(PAST, "DROP FUNCTION IF EXISTS akinai_past_date(bigint, bigint, date)")]
