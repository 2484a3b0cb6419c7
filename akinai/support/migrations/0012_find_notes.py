from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("support", "0011_sort_tickets")]

    operations = [
        migrations.AddIndex(
            "message", models.Index(fields=["at"], condition=Q(direction="note"), name="message_notes")
        ),
    ]
