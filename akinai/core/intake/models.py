"""Tables of the intake (取込の記録): what came in, by whom, what became of it; saved column mappings."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models

from akinai.core import clock
from akinai.core.intake.states import MOVES, IntakeState

# 文字コード as people who choose it in Excel and shop software know it.
ENCODINGS = {"utf-8": "UTF-8", "utf-8-sig": "UTF-8（BOM付き）", "utf-16": "UTF-16", "cp932": "Shift_JIS"}


class IntakeFile(models.Model):
    """取込: one act of taking files in. The originals lie under AKINAI_HOME/files/intake by their SHA-256.

    `files` holds one entry per file: filename, sha256, size, encoding. `sha256` is the digest over all of them, so
    the same set of bytes is known again whatever the names are. `preview` is what the screen shows of the plan.
    """

    State = IntakeState
    MOVES: ClassVar = MOVES

    kind = models.CharField("種類", max_length=30)
    format = models.CharField("形式", max_length=60, blank=True)
    filename = models.CharField("ファイル名", max_length=500)
    sha256 = models.CharField("SHA-256", max_length=64)
    size = models.PositiveBigIntegerField("大きさ（バイト）", default=0)
    files = models.JSONField("ファイル", default=list, blank=True)
    encoding = models.CharField("文字コード", max_length=20, blank=True)
    options = models.JSONField("指定", default=dict, blank=True)
    state = models.CharField("状態", max_length=10, choices=IntakeState, default=IntakeState.PREVIEWED)
    rows = models.PositiveIntegerField("行数", default=0)
    created = models.PositiveIntegerField("新規", default=0)
    changed = models.PositiveIntegerField("変更", default=0)
    unchanged = models.PositiveIntegerField("変更なし", default=0)
    exceptions = models.PositiveIntegerField("要確認", default=0)
    total_yen = models.BigIntegerField("合計金額", default=0)
    error_count = models.PositiveIntegerField("誤りの数", default=0)
    errors = models.JSONField("誤り", default=list, blank=True)
    preview = models.JSONField("内容の確認", default=dict, blank=True)
    result = models.JSONField("取込の結果", default=dict, blank=True)
    progress_done = models.PositiveIntegerField("進み", default=0)
    progress_total = models.PositiveIntegerField("進みの全体", default=0)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="担当者",
        related_name="+",
    )
    applied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="取込者",
        related_name="+",
    )
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="取消者",
        related_name="+",
    )
    created_at = models.DateTimeField("受付日時", default=clock.now)
    applied_at = models.DateTimeField("取込日時", null=True, blank=True)
    undone_at = models.DateTimeField("取消日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "取込"
        indexes = [
            models.Index(fields=["kind", "-id"], name="intake_kind"),
            models.Index(fields=["sha256"], name="intake_sha256"),
        ]
        permissions = [("download_intakefile", "取り込んだ元のファイルをダウンロードできる")]

    def __str__(self) -> str:
        return f"取込 {self.pk}（{self.filename}）"

    @property
    def encoding_title(self) -> str:
        return "、".join(ENCODINGS.get(name, name) for name in self.encoding.split("、"))

    @property
    def number(self) -> str:
        """What the history prints."""
        return f"取込{self.pk}"


class IntakeMapping(models.Model):
    """列の対応: which column of a shop's own file is which field, kept under a name and found again by its headers."""

    kind = models.CharField("種類", max_length=30)
    name = models.CharField("名前", max_length=60)
    columns = models.JSONField("列の対応", default=dict, help_text="項目 → 列名")
    headers = models.JSONField("見出し", default=list, blank=True)
    headers_key = models.CharField("見出しのしるし", max_length=64, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        verbose_name="作成者",
        related_name="+",
    )
    created_at = models.DateTimeField("作成日時", default=clock.now)
    updated_at = models.DateTimeField("更新日時", auto_now=True)

    class Meta:
        verbose_name = verbose_name_plural = "列の対応"
        constraints = [models.UniqueConstraint(fields=["kind", "name"], name="intakemapping_once")]
        indexes = [models.Index(fields=["kind", "headers_key"], name="intakemapping_headers")]

    def __str__(self) -> str:
        return self.name
