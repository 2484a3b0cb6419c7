from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("catalog", "0016_chosen_skus")]

    operations = [
        migrations.AddIndex(
            "sku",
            models.Index(
                condition=models.Q(("release_on__isnull", False)), fields=["release_on"], name="sku_release"
            ),
        ),
        migrations.AddConstraint(
            "sku",
            models.CheckConstraint(
                condition=models.Q(
                    ("preorder_until", None),
                    models.Q(("preorder_until__lte", models.F("release_on")), ("release_on__isnull", False)),
                    _connector="OR",
                ),
                name="sku_preorder_before_release",
            ),
        ),
    ]
