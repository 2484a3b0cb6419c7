"""Take parcels of carts that are told on demand out of the list of what a mall does not know yet."""

from django.db import migrations

NOT_AWAITED = """
UPDATE shipping_shipment s SET mall_notice = 'none' FROM orders_order o, channels_channel c
WHERE o.id = s.order_id AND c.id = o.channel_id AND c.kind = 'generic' AND s.mall_notice = 'waiting'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("shipping", "0016_merge_orders"),
        ("channels", "0001_initial"),
        ("orders", "0001_initial"),
    ]

    operations = [migrations.RunSQL(NOT_AWAITED, migrations.RunSQL.noop)]
