"""モールへの出荷報告: the files that tell a mall which parcel carries which order, kept as they were written."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from akinai.core import clock
from akinai.shipping.models.shipments import Shipment


class TrackingExport(models.Model):
    """出荷報告ファイル of one channel. Each shipment is told once, unless somebody asks for it again."""

    channel = models.ForeignKey("channels.Channel", models.PROTECT, related_name="+", verbose_name="チャネル")
    filename = models.CharField("ファイル名", max_length=120)
    media_type = models.CharField("形式", max_length=60)
    data = models.BinaryField("内容")
    count = models.PositiveIntegerField("件数")
    is_again = models.BooleanField("再出力", default=False)
    problems = models.JSONField("載せられなかった出荷", default=list)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="作成者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "出荷報告ファイル"

    def __str__(self) -> str:
        return self.filename


class TrackingExportItem(models.Model):
    """出荷報告の 1 件: a shipment in a file, and what the mall said of it."""

    export = models.ForeignKey(TrackingExport, models.PROTECT, related_name="items", verbose_name="ファイル")
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="told", verbose_name="出荷")
    refused = models.CharField("モールの返事（受け付けない理由）", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "出荷報告の明細"
        constraints = [models.UniqueConstraint(fields=["export", "shipment"], name="trackingexportitem_once")]

    def __str__(self) -> str:
        return f"{self.export_id}: {self.shipment_id}"
