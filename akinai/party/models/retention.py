"""保存期間: how long each kind of personal data stays, and what went when its time was over."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from akinai.core import clock


class RetentionSettings(models.Model):
    """保存の決まり, one row: what the law counts the years of papers from."""

    closing_month = models.PositiveSmallIntegerField(
        "決算月",
        default=12,
        help_text="事業年度の最後の月。帳簿書類は、この年度の申告期限の翌日から数えて保存します。個人事業は 12 月です。",
    )
    paper_years = models.PositiveSmallIntegerField(
        "帳簿書類の保存年数",
        default=7,
        help_text="7 年。欠損金を繰り越す年度がある法人は 10 年にします。",
    )

    answer_days = models.PositiveSmallIntegerField(
        "ご本人への回答の日数",
        default=14,
        help_text="消去の請求を受けてから回答するまで。法律は「遅滞なく」なので、長くても 1 か月ほどにします。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "保存の決まり"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="retentionsettings_one"),
            models.CheckConstraint(condition=Q(closing_month__range=(1, 12)), name="retentionsettings_month"),
            models.CheckConstraint(condition=Q(paper_years__range=(7, 10)), name="retentionsettings_years"),
            models.CheckConstraint(condition=Q(answer_days__range=(1, 60)), name="retentionsettings_answer"),
        ]

    def __str__(self) -> str:
        return "保存の決まり"


class RetentionRule(models.Model):
    """保存期間 of one kind. Without a row the kind has its usual days."""

    kind = models.CharField("種類", max_length=40, unique=True)
    is_on = models.BooleanField("自動で消す", default=True)
    days = models.PositiveIntegerField("保存日数")
    changed_at = models.DateTimeField("変更日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "保存期間"
        default_permissions = ("view", "change")
        constraints = [models.CheckConstraint(condition=Q(days__range=(1, 7300)), name="retentionrule_days")]

    def __str__(self) -> str:
        return self.kind


class RetentionRun(models.Model):
    """保存期間の記録: of one kind how many rows went in one night. Append-only."""

    kind = models.CharField("種類", max_length=40)
    title = models.CharField("対象", max_length=100)
    days = models.PositiveIntegerField("保存日数")
    before = models.DateTimeField("この日時より前")
    rows = models.PositiveIntegerField("消した件数")
    at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "保存期間の記録"
        default_permissions = ()
        indexes = [models.Index(fields=["-at", "-id"], name="retentionrun_at")]

    def __str__(self) -> str:
        return f"{self.title} {self.rows}"
