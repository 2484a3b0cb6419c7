"""A wording of a rule is never changed; what HoldRule kept of the rules that staff now write themselves goes."""

from django.db import migrations

from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [("orders", "0013_write_first_check_rules")]

    operations = [
        append_only("orders_checkruleversion"),
        migrations.RemoveField("holdrule", "limit_yen"),
        migrations.RemoveField("holdrule", "words"),
        migrations.AlterModelOptions(
            "holdrule",
            {"verbose_name": "組み込みの要確認の規則", "verbose_name_plural": "組み込みの要確認の規則"},
        ),
    ]
