"""The pieces of shipments that stand, counted on the lines of their orders."""

from django.db import migrations

FILL = """
UPDATE orders_orderline o SET instructed = s.pieces FROM (
  SELECT l.order_line_id, sum(l.quantity) AS pieces FROM shipping_shipmentline l JOIN shipping_shipment s ON s.id = l.shipment_id
  WHERE s.state <> 'withdrawn' GROUP BY 1) s
WHERE o.id = s.order_line_id
"""


class Migration(migrations.Migration):
    dependencies = [("shipping", "0014_in_parts"), ("orders", "0015_in_parts")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
