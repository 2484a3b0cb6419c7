"""What had left by its reservation before parts could leave had left whole."""

from django.db import migrations

FILL = "UPDATE stock_reservation SET shipped = quantity WHERE state = 'shipped'"


class Migration(migrations.Migration):
    dependencies = [("stock", "0024_ship_in_parts")]

    operations = [migrations.RunSQL(FILL, migrations.RunSQL.noop)]
