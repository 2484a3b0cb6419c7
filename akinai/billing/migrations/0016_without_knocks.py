from django.db import migrations


class Migration(migrations.Migration):
    """What was tried is counted in one place (core.tries). What was counted so far is over within minutes."""

    dependencies = [
        ("billing", "0015_search_quotes"),
        ("core", "0009_tries"),
    ]

    operations = [
        migrations.DeleteModel(name="PublicKnock"),
    ]
