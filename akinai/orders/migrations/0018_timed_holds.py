"""保留 with a time by which it is to be answered, and a rule that releases it."""

from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("orders", "0017_subscriptions"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="hold",
            name="due_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="保留の期限"),
        ),
        migrations.AddField(
            model_name="hold",
            name="release_rule",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "手で解除"),
                    ("at_time", "期限になったら自動で解除"),
                    ("when_paid", "入金を確認したら自動で解除"),
                    ("when_in_stock", "商品がそろったら自動で解除"),
                ],
                db_default="",
                default="",
                max_length=14,
                verbose_name="解除",
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(("released_at__isnull", True)), fields=["due_at"], name="hold_due"
            ),
        ),
        migrations.AddIndex(
            model_name="hold",
            index=models.Index(
                condition=models.Q(
                    ("released_at__isnull", True), models.Q(("release_rule", ""), _negated=True)
                ),
                fields=["release_rule"],
                name="hold_to_release",
            ),
        ),
        migrations.AddConstraint(
            model_name="hold",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("release_rule", "at_time"), _negated=True),
                    ("due_at__isnull", False),
                    _connector="OR",
                ),
                name="hold_at_time_has_time",
            ),
        ),
    ]
