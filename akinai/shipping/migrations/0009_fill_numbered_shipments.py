from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shipping", "0008_numbered_shipments")]

    operations = [
        migrations.RunSQL(
            "UPDATE shipping_shipment s SET is_numbered = true "
            "WHERE EXISTS (SELECT FROM shipping_parcel p WHERE p.shipment_id = s.id)",
            migrations.RunSQL.noop,
        )
    ]
