"""在庫表の控え: a long 在庫表 as it was when somebody asked for it, and the files made of it."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from akinai.core import clock
from akinai.stock.valuation import METHODS


class InventoryPaper(models.Model):
    """在庫表の控え. `lines` are the rows of that moment, so that all its volumes tell of the same stock."""

    on = models.DateField("基準日")
    method = models.CharField("評価方法", max_length=10)
    rows = models.PositiveIntegerField("品目")
    pieces = models.BigIntegerField("点数")
    total_yen = models.BigIntegerField("合計（税抜）")
    lines = models.JSONField("明細")
    volumes = models.JSONField("PDF", default=dict, help_text="冊の番号 → ファイルの SHA-256")
    job = models.OneToOneField(
        "core.LongJob", models.SET_NULL, null=True, blank=True, related_name="+", verbose_name="処理"
    )
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="作成者"
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "在庫表の控え"
        indexes = [models.Index(fields=["-created_at", "-id"], name="inventorypaper_created")]

    def __str__(self) -> str:
        return f"在庫表 {self.on}"

    @property
    def of(self) -> int:
        """How many volumes it has."""
        return -(-self.rows // VOLUME)

    @property
    def made(self) -> list[int]:
        """The volumes that are there."""
        return sorted(int(no) for no in self.volumes)

    @property
    def method_name(self) -> str:
        return METHODS.get(self.method, self.method)


VOLUME = 5000
