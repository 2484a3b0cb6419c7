"""運送会社の設定: every door declares its own settings, so they are kept by name in one column."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("shipping", "0002_tell_the_time")]

    operations = [migrations.RenameField("carrieraccount", "extra", "settings")]
