"""定型文・マクロ・署名."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from akinai.core import clock


class Signature(models.Model):
    """署名 of a shop."""

    channel = models.OneToOneField(
        "channels.Channel", models.CASCADE, null=True, blank=True, related_name="+", verbose_name="店舗"
    )
    text = models.TextField("署名")

    class Meta:
        verbose_name = verbose_name_plural = "署名"
        constraints = [
            models.UniqueConstraint(fields=["channel"], name="signature_once", nulls_distinct=False),
        ]

    def __str__(self) -> str:
        return str(self.channel or "共通")


class ReplyTemplate(models.Model):
    """定型文: {受注番号} and the like are filled from the live order; an empty field stops the sending."""

    name = models.CharField("名前", max_length=60, unique=True)
    category = models.CharField("種類", max_length=30, blank=True)
    subject = models.CharField("件名", max_length=200, blank=True)
    body = models.TextField("本文")
    is_active = models.BooleanField("使用中", default=True)
    used = models.PositiveIntegerField("使用回数", default=0, editable=False)
    changed_at = models.DateTimeField("変更日時", default=clock.now)
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="変更した人"
    )
    version = models.PositiveIntegerField(default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "定型文"

    def __str__(self) -> str:
        return self.name


class Macro(models.Model):
    """マクロ: several steps in one press: template, tag, priority, assignee, state."""

    name = models.CharField("名前", max_length=60, unique=True)
    place = models.PositiveSmallIntegerField("順番", default=100, db_default=100)
    template = models.ForeignKey(
        ReplyTemplate, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="定型文"
    )
    # {"tags": [...], "priority": 2, "assignee": id | "me", "state": "solve" | "wait", "snooze_days": 3}
    steps = models.JSONField("すること", default=dict)
    is_active = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "マクロ"

    def __str__(self) -> str:
        return self.name
