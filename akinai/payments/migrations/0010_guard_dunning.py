from django.db import migrations

from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("core", "0001_initial"), ("payments", "0009_dunning")]

    operations = [append_only("payments_dunningact"), append_only("payments_dunninganswer")]
