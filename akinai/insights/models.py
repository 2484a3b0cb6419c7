"""漏れチェックの記録: who looks after which leak and how long anything may sit in it, and what each day found."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock


class LeakLimit(models.Model):
    """漏れの担当と期限: one row per leak that the shop has decided about; the others follow the usual ones."""

    leak = models.CharField("漏れ", max_length=40, unique=True)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )
    role = models.CharField("担当の役割", max_length=40, blank=True)
    limit_days = models.PositiveSmallIntegerField("期限（日）")
    is_mailed = models.BooleanField("期限を過ぎたらメールで知らせる", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "漏れの担当と期限"

    def __str__(self) -> str:
        return self.leak


class LeakSnapshot(models.Model):
    """漏れの日次記録: how many things sat in a leak of a channel at the end of a day. One row each, rewritten that day only."""

    on = models.DateField("日付")
    leak = models.CharField("漏れ", max_length=40)
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="チャネル"
    )
    count = models.PositiveIntegerField("件数")
    yen = models.BigIntegerField("金額", default=0)
    late = models.PositiveIntegerField("期限超過", default=0)
    oldest_days = models.PositiveIntegerField("いちばん古い日数", default=0)
    taken_at = models.DateTimeField("記録日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "漏れの日次記録"
        constraints = [
            models.UniqueConstraint(
                fields=["on", "leak", "channel"], nulls_distinct=False, name="leaksnapshot_once_a_day"
            ),
            models.CheckConstraint(
                condition=Q(late__lte=models.F("count")), name="leaksnapshot_late_within_count"
            ),
        ]
        indexes = [models.Index(fields=["-on", "leak"], name="leaksnapshot_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.leak}: {self.count}"
