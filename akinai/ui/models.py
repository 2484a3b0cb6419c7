"""What a person keeps about screens (保存した条件・列・送信済みの印・書き出したファイル)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.utils import timezone

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


class Export(models.Model):
    """書き出したファイル: a list made into a file by a worker, for its owner; deleted when its days are over."""

    class State(models.TextChoices):
        WAITING = "waiting", "順番待ち"
        RUNNING = "running", "作成中"
        FINISHED = "finished", "できました"
        FAILED = "failed", "失敗"

    class Kind(models.TextChoices):
        XLSX = "xlsx", "Excel"
        CSV = "utf8", "CSV（UTF-8）"
        SJIS = "sjis", "CSV（Shift_JIS）"

    OPEN = (State.WAITING, State.RUNNING)

    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name="担当者", db_index=False
    )
    title = models.CharField("一覧", max_length=100)
    note = models.CharField("条件", max_length=300, blank=True)
    address = models.TextField("一覧の場所")
    columns = models.JSONField("列")
    kind = models.CharField("形式", max_length=4, choices=Kind)
    digest = models.CharField("同じ書き出しの印", max_length=64)
    state = models.CharField("状態", max_length=10, choices=State, default=State.WAITING)
    reason = models.TextField("失敗の理由", blank=True)
    total = models.PositiveIntegerField("件数")
    done = models.PositiveIntegerField("済んだ件数", default=0)
    size = models.PositiveBigIntegerField("大きさ", default=0)
    created_at = models.DateTimeField("受付日時", default=clock.now)
    finished_at = models.DateTimeField("終了日時", null=True, blank=True)
    expires_at = models.DateTimeField("保管期限", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "書き出したファイル"
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "digest"],
                condition=models.Q(state__in=["waiting", "running"]),
                name="export_same_wish_once",
            ),
            models.CheckConstraint(condition=models.Q(done__lte=models.F("total")), name="export_not_beyond"),
        ]
        indexes = [
            models.Index(fields=["owner", "-created_at"], name="export_of_owner"),
            models.Index(fields=["expires_at"], name="export_expires"),
        ]

    def __str__(self) -> str:
        return self.filename

    @property
    def filename(self) -> str:
        """受注_20261126.xlsx."""
        suffix = "xlsx" if self.kind == self.Kind.XLSX else "csv"
        return f"{self.title}_{timezone.localdate(self.finished_at or self.created_at):%Y%m%d}.{suffix}"
