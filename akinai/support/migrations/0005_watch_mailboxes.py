"""受信箱: how it is protected, where reading begins, how often it failed."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0002_stock_feeds_and_audits"),
        ("support", "0004_desk"),
    ]

    operations = [
        migrations.RemoveField(
            model_name="mailsource",
            name="is_tls",
        ),
        migrations.AddField(
            model_name="mailsource",
            name="failures",
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name="続けて失敗した回数"),
        ),
        migrations.AddField(
            model_name="mailsource",
            name="only_new",
            field=models.BooleanField(default=True, verbose_name="これから届くメールだけを取り込む"),
        ),
        migrations.AddField(
            model_name="mailsource",
            name="security",
            field=models.CharField(
                choices=[
                    ("tls", "TLS（993 番）"),
                    ("starttls", "STARTTLS（143 番）"),
                    ("plain", "なし（このコンピューターの中だけ）"),
                ],
                default="tls",
                max_length=10,
                verbose_name="通信の保護",
            ),
        ),
        migrations.AddField(
            model_name="mailsource",
            name="taken_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="最後の取り込み"),
        ),
        migrations.AddConstraint(
            model_name="mailsource",
            constraint=models.UniqueConstraint(
                fields=("host", "user", "folder"),
                name="mailsource_read_once",
                violation_error_message="このサーバー・ユーザー名・フォルダーの受信箱は、もうあります。",
            ),
        ),
    ]
