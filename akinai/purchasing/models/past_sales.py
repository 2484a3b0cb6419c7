"""過去の販売実績: what was sold before orders were kept here, for the forecast alone."""

from __future__ import annotations

from django.db import models

from akinai.core import clock


class PastSale(models.Model):
    """過去の販売 of one SKU on one day; less than nothing where more came back than went out."""

    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    on = models.DateField("日付")
    pieces = models.IntegerField("数量")
    batch = models.UUIDField("取込", db_index=True, editable=False)
    created_at = models.DateTimeField("登録日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "過去の販売実績"
        constraints = [models.UniqueConstraint(fields=["sku", "on"], name="pastsale_once_a_day")]
        indexes = [models.Index(fields=["on"], name="pastsale_on")]

    def __str__(self) -> str:
        return f"{self.sku_id} {self.on}"
