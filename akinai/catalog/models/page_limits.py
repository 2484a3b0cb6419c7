"""モールの文字数の決まり, as the shop knows them: malls change them, and their papers are behind a login."""

from __future__ import annotations

from django.db import models


class PageLimit(models.Model):
    """One column of one mall's file, otherwise than the format says. Blank: as the format says."""

    format = models.CharField("形式", max_length=40)
    column = models.CharField("列", max_length=100)
    chars = models.PositiveIntegerField("文字数", null=True, blank=True)
    bytes = models.PositiveIntegerField("バイト数", null=True, blank=True)
    is_plain = models.BooleanField("半角カナ・機種依存文字を断る", null=True)
    tags = models.CharField("使えるHTMLタグ", max_length=200, blank=True, null=True)  # noqa: DJ001  ("": none, None: as the format says)

    class Meta:
        verbose_name = verbose_name_plural = "モールの文字数の決まり"
        constraints = [models.UniqueConstraint(fields=["format", "column"], name="pagelimit_once")]

    def __str__(self) -> str:
        return f"{self.format} {self.column}"
