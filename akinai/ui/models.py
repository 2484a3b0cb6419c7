"""What a person keeps about screens (保存した条件・列・送信済みの印)."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from akinai.core import clock


class SavedView(models.Model):
    """保存した条件: a list's query under a name. The row without a name holds the owner's choice of columns."""

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="saved_views",
        verbose_name="担当者",
        db_index=False,
    )
    page = models.CharField("画面", max_length=60)
    name = models.CharField("名前", max_length=40, blank=True)
    query = models.TextField("条件", blank=True)
    columns = models.JSONField("表示列", default=list, blank=True)
    is_shared = models.BooleanField("全員に見せる", default=False)
    created_at = models.DateTimeField("作成日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "保存した条件"
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(fields=["owner", "page", "name"], name="savedview_name_once")]
        indexes = [models.Index(fields=["page"], condition=models.Q(is_shared=True), name="savedview_shared")]

    def __str__(self) -> str:
        return self.name or f"{self.page} の列"


class SpentToken(models.Model):
    """送信済みの印: a form that was sent and done; sending it again leads to the first answer."""

    token = models.CharField("印", max_length=64, primary_key=True)
    location = models.TextField("行き先", blank=True)
    spent_at = models.DateTimeField("日時", default=clock.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "送信済みの印"

    def __str__(self) -> str:
        return self.token
