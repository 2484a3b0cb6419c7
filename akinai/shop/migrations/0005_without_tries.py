from django.db import migrations


class Migration(migrations.Migration):
    """What was tried is counted in one place (core.tries). What was counted so far is over within minutes."""

    dependencies = [
        ("shop", "0004_without_prefecture_of_carts"),
        ("core", "0009_tries"),
    ]

    operations = [
        migrations.DeleteModel(name="MemberTry"),
    ]
