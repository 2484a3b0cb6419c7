"""応対の時計: when the shop answers, and what it promises."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q

from akinai.support.states import Priority, Source


def _weekdays() -> list[Any]:
    """Monday to Friday, 9:00 to 18:00; a day without hours is closed."""
    return [[["09:00", "18:00"]]] * 5 + [[], []]


class SupportHours(models.Model):
    """応対の時間: one row."""

    # Seven lists (Monday first) of [from, until].
    weekly = models.JSONField("曜日ごとの時間", default=_weekdays)
    closed_on_holidays = models.BooleanField("祝日は休み", default=True)
    # Dates as text: 臨時休業, and days with other hours.
    special = models.JSONField("特別な日", default=dict, blank=True)
    solved_closes_after_days = models.PositiveSmallIntegerField("解決から完了までの日数", default=7)
    undo_seconds = models.PositiveSmallIntegerField("送信を取り消せる秒数", default=30)
    assigns_by_itself = models.BooleanField("届いたら担当を自動で決める", default=False, db_default=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "応対の時間"
        constraints = [models.CheckConstraint(condition=Q(pk=1), name="supporthours_one")]

    def __str__(self) -> str:
        return "応対の時間"


class ServiceRule(models.Model):
    """応対の約束 (SLA): the first rule that fits says in how many business minutes we answer and solve."""

    name = models.CharField("名前", max_length=60)
    place = models.PositiveSmallIntegerField("順番", default=100)
    source = models.CharField("経路", max_length=10, choices=Source, blank=True)
    priority = models.PositiveSmallIntegerField("優先度", choices=Priority, null=True, blank=True)
    category = models.CharField("種類", max_length=30, blank=True)
    first_reply_minutes = models.PositiveIntegerField("初回返信まで（営業分）")
    resolution_minutes = models.PositiveIntegerField("解決まで（営業分）")
    is_active = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "応対の約束"
        constraints = [
            models.CheckConstraint(
                condition=Q(first_reply_minutes__gte=1, resolution_minutes__gte=F("first_reply_minutes")),
                name="servicerule_order",
            ),
        ]
        ordering = ("place", "id")

    def __str__(self) -> str:
        return self.name
