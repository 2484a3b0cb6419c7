"""消去の請求と保存期間: who asked, what was done, and how long each kind stays."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import akinai.core.clock
from akinai.core.guards import append_only


class Migration(migrations.Migration):
    dependencies = [
        ("party", "0010_disclose_personal_data"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="customer",
            name="erased_at",
            field=models.DateTimeField(blank=True, editable=False, null=True, verbose_name="消去日時"),
        ),
        migrations.AlterField(
            model_name="opening",
            name="page",
            field=models.CharField(
                choices=[
                    ("customer", "顧客"),
                    ("order", "受注"),
                    ("desk", "確認の机"),
                    ("ticket", "問い合わせ"),
                    ("inquiry", "フォームの問い合わせ"),
                    ("shipment", "出荷"),
                    ("quote", "見積"),
                    ("subscription", "定期購入"),
                    ("return", "返品・交換"),
                    ("invoice", "請求書"),
                    ("payment", "入金"),
                    ("mail", "送信メール"),
                    ("erasure", "消去の請求"),
                    ("export", "一覧の書き出し"),
                    ("disclosure", "開示のファイル"),
                ],
                max_length=20,
                verbose_name="画面",
            ),
        ),
        migrations.CreateModel(
            name="ErasureRequest",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=20, unique=True, verbose_name="請求番号")),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("asked", "承認待ち"),
                            ("running", "消去中"),
                            ("done", "消去済み"),
                            ("refused", "お断り"),
                            ("withdrawn", "取り下げ"),
                        ],
                        default="asked",
                        max_length=10,
                        verbose_name="状態",
                    ),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("asked_for", "ご本人の請求"),
                            ("withdrawal", "退会に伴うご希望"),
                            ("not_needed", "利用する必要がなくなった"),
                        ],
                        max_length=12,
                        verbose_name="種類",
                    ),
                ),
                ("reason", models.CharField(max_length=300, verbose_name="理由")),
                (
                    "proof",
                    models.CharField(
                        choices=[
                            ("login", "会員ログインからのお申し出"),
                            ("mail", "登録のメールアドレスとのやり取り"),
                            ("phone", "登録の電話番号への折り返し"),
                            ("paper", "本人確認書類"),
                            ("agent", "代理人（委任状と本人確認書類）"),
                            ("none", "ご本人の請求ではない"),
                        ],
                        max_length=10,
                        verbose_name="本人確認の方法",
                    ),
                ),
                ("proof_note", models.CharField(blank=True, max_length=200, verbose_name="本人確認の補足")),
                ("received_on", models.DateField(verbose_name="請求を受けた日")),
                ("asked_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="登録日時")),
                ("approved_at", models.DateTimeField(blank=True, null=True, verbose_name="承認日時")),
                (
                    "decided_reason",
                    models.CharField(blank=True, max_length=300, verbose_name="お断り・中断の理由"),
                ),
                ("job_id", models.BigIntegerField(blank=True, null=True, verbose_name="処理")),
                ("person", models.JSONField(blank=True, default=dict, verbose_name="本人を探すことば")),
                ("done_rooms", models.JSONField(blank=True, default=list, verbose_name="済んだ部屋")),
                ("done_at", models.DateTimeField(blank=True, null=True, verbose_name="消去日時")),
                ("answer_to", models.CharField(blank=True, max_length=300, verbose_name="回答の送り先")),
                ("answered_at", models.DateTimeField(blank=True, null=True, verbose_name="回答日時")),
                ("answered_how", models.CharField(blank=True, max_length=40, verbose_name="回答の方法")),
                (
                    "answered_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="回答した人",
                    ),
                ),
                (
                    "approved_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="承認した人",
                    ),
                ),
                (
                    "asked_by",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="登録した人",
                    ),
                ),
                (
                    "customer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="erasures",
                        to="party.customer",
                        verbose_name="顧客",
                    ),
                ),
            ],
            options={
                "verbose_name": "消去の請求",
                "verbose_name_plural": "消去の請求",
                "permissions": [
                    ("ask_erasure", "個人情報の消去の請求を登録できる"),
                    ("approve_erasure", "個人情報の消去を承認できる"),
                ],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="ErasurePart",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("room", models.CharField(max_length=30, verbose_name="部屋")),
                ("title", models.CharField(max_length=100, verbose_name="対象")),
                ("erased", models.PositiveIntegerField(default=0, verbose_name="消去した件数")),
                ("kept", models.PositiveIntegerField(default=0, verbose_name="保存する件数")),
                ("law", models.CharField(blank=True, max_length=200, verbose_name="保存の根拠")),
                ("until", models.DateField(blank=True, null=True, verbose_name="保存の期限")),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="日時")),
                (
                    "request",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="parts",
                        to="party.erasurerequest",
                        verbose_name="消去の請求",
                    ),
                ),
            ],
            options={
                "verbose_name": "消去の記録",
                "verbose_name_plural": "消去の記録",
                "ordering": ["id"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="RetentionRule",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40, unique=True, verbose_name="種類")),
                ("is_on", models.BooleanField(default=True, verbose_name="自動で消す")),
                ("days", models.PositiveIntegerField(verbose_name="保存日数")),
                ("changed_at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="変更日時")),
            ],
            options={
                "verbose_name": "保存期間",
                "verbose_name_plural": "保存期間",
                "default_permissions": ("view", "change"),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("days__range", (1, 7300))), name="retentionrule_days"
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="RetentionRun",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=40, verbose_name="種類")),
                ("title", models.CharField(max_length=100, verbose_name="対象")),
                ("days", models.PositiveIntegerField(verbose_name="保存日数")),
                ("before", models.DateTimeField(verbose_name="この日時より前")),
                ("rows", models.PositiveIntegerField(verbose_name="消した件数")),
                ("at", models.DateTimeField(default=akinai.core.clock.now, verbose_name="日時")),
            ],
            options={
                "verbose_name": "保存期間の記録",
                "verbose_name_plural": "保存期間の記録",
                "default_permissions": (),
                "indexes": [models.Index(fields=["-at", "-id"], name="retentionrun_at")],
            },
        ),
        migrations.CreateModel(
            name="RetentionSettings",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "closing_month",
                    models.PositiveSmallIntegerField(
                        default=12,
                        help_text="事業年度の最後の月。帳簿書類は、この年度の申告期限の翌日から数えて保存します。個人事業は 12 月です。",
                        verbose_name="決算月",
                    ),
                ),
                (
                    "paper_years",
                    models.PositiveSmallIntegerField(
                        default=7,
                        help_text="7 年。欠損金を繰り越す年度がある法人は 10 年にします。",
                        verbose_name="帳簿書類の保存年数",
                    ),
                ),
            ],
            options={
                "verbose_name": "保存の決まり",
                "verbose_name_plural": "保存の決まり",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("pk", 1)), name="retentionsettings_one"),
                    models.CheckConstraint(
                        condition=models.Q(("closing_month__range", (1, 12))), name="retentionsettings_month"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("paper_years__range", (7, 10))), name="retentionsettings_years"
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="erasurerequest",
            index=models.Index(fields=["-asked_at", "-id"], name="erasure_asked"),
        ),
        migrations.AddIndex(
            model_name="erasurerequest",
            index=models.Index(fields=["state", "-asked_at", "-id"], name="erasure_state"),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["asked", "running"])),
                fields=("customer",),
                name="erasure_one_open_per_customer",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("approved_by", None),
                    models.Q(("approved_by", models.F("asked_by")), _negated=True),
                    _connector="OR",
                ),
                name="erasure_approved_by_another",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state__in", ["running", "done"]), _negated=True),
                    models.Q(("approved_at__isnull", False), ("approved_by__isnull", False)),
                    _connector="OR",
                ),
                name="erasure_runs_when_approved",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("done_at__isnull", False), ("person", {}), ("state", "done")),
                    models.Q(models.Q(("state", "done"), _negated=True), ("done_at", None)),
                    _connector="OR",
                ),
                name="erasure_forgets_the_person",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("answered_at", None),
                    models.Q(("answer_to", ""), ("answered_by__isnull", False)),
                    _connector="OR",
                ),
                name="erasure_answered_forgets_the_address",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurerequest",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("kind__in", ["asked_for", "withdrawal"]), _negated=True),
                    models.Q(("proof", "none"), _negated=True),
                    _connector="OR",
                ),
                name="erasure_knows_who_asked",
            ),
        ),
        migrations.AddConstraint(
            model_name="erasurepart",
            constraint=models.UniqueConstraint(fields=("request", "room", "title"), name="erasurepart_once"),
        ),
        migrations.AddConstraint(
            model_name="erasurepart",
            constraint=models.CheckConstraint(
                condition=models.Q(("kept", 0), models.Q(("law", ""), _negated=True), _connector="OR"),
                name="erasurepart_kept_says_why",
            ),
        ),
        append_only("party_erasurepart"),
        append_only("party_retentionrun"),
    ]
