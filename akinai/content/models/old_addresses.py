"""昔のアドレス of pages: where they stood before they were renamed or moved."""

from __future__ import annotations

from django.db import models

from akinai.core import clock


class PageRedirect(models.Model):
    """It names the page, not another address: there are no chains to follow and no loops."""

    old_path = models.CharField("昔のアドレス", max_length=255, unique=True)
    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+", verbose_name="ページ")
    created_at = models.DateTimeField("日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "ページの昔のアドレス"

    def __str__(self) -> str:
        return self.old_path
