"""月締め: which months are closed, and from when the books are kept here."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock


class BookSettings(models.Model):
    """会計の設定: one row."""

    starts_on = models.DateField(
        "仕訳の開始日", null=True, blank=True, help_text="この日より前の売上・入金は、仕訳にしません。"
    )
    fiscal_month = models.PositiveSmallIntegerField("期首の月", default=4)

    class Meta:
        verbose_name = verbose_name_plural = "会計の設定"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="booksettings_one_row"),
            models.CheckConstraint(
                condition=Q(fiscal_month__gte=1) & Q(fiscal_month__lte=12), name="booksettings_a_month"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on}〜"


class ClosedMonth(models.Model):
    """締めた月. Nothing is posted into it, nor into any month before. Reopened by 店長 with a reason; the row stays."""

    month = models.DateField("月（1日）")
    closed_at = models.DateTimeField("締めた日時", default=clock.now)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="締めた人"
    )
    checks = models.JSONField("締めたときの確認", default=list)
    note = models.CharField("残した理由", max_length=300, blank=True)
    reopened_at = models.DateTimeField("締めを解いた日時", null=True, blank=True)
    reopened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="締めを解いた人",
    )
    reason = models.CharField("解いた理由", max_length=300, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "月締め"
        permissions = [("reopen_closedmonth", "締めた月を開け直せる")]
        constraints = [
            models.UniqueConstraint(
                fields=["month"], condition=Q(reopened_at__isnull=True), name="closedmonth_once"
            ),
            models.CheckConstraint(
                condition=Q(reopened_at__isnull=True) | ~Q(reason=""),
                name="closedmonth_reopened_for_a_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y/%m}"
