"""ご本人への回答: by when it is given, and what of colleagues' own words goes with the person."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("party", "0011_erasure_and_retention")]

    operations = [
        migrations.AddField(
            model_name="erasurerequest",
            name="also",
            field=models.JSONField(blank=True, default=list, verbose_name="あわせて消すもの"),
        ),
        migrations.AddField(
            model_name="retentionsettings",
            name="answer_days",
            field=models.PositiveSmallIntegerField(
                default=14,
                help_text="消去の請求を受けてから回答するまで。法律は「遅滞なく」なので、長くても 1 か月ほどにします。",
                verbose_name="ご本人への回答の日数",
            ),
        ),
        migrations.AddConstraint(
            model_name="retentionsettings",
            constraint=models.CheckConstraint(
                condition=models.Q(("answer_days__range", (1, 60))), name="retentionsettings_answer"
            ),
        ),
    ]
