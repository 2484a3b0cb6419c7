"""在庫移動: goods on their way from one place of ours to another."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.stock.states import TRANSFER_MOVES, TransferState


class StockTransfer(models.Model):
    """在庫移動. What was sent lies in the transit place until it is received, comes back or is written off."""

    MOVES = TRANSFER_MOVES

    number = models.CharField("移動番号", max_length=20, unique=True)
    source = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", verbose_name="移動元")
    destination = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", verbose_name="移動先")
    state = models.CharField("状態", max_length=10, choices=TransferState, default=TransferState.DRAFT)
    arrives_on = models.DateField("到着予定日", null=True, blank=True)
    takes_expired = models.BooleanField("期限の過ぎたロットも出す", default=False)
    note = models.TextField("メモ", blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    sent_at = models.DateTimeField("出庫日時", null=True, blank=True)
    received_at = models.DateTimeField("受領日時", null=True, blank=True)
    arrivals = models.PositiveIntegerField("受領の回数", default=0, editable=False)
    version = models.PositiveIntegerField("版", default=1, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "在庫移動"
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="transfer_created_at"),
            models.Index(fields=["state", "-created_at", "-id"], name="transfer_state"),
        ]
        constraints = [
            models.CheckConstraint(condition=~Q(source=F("destination")), name="transfer_goes_somewhere"),
        ]

    def __str__(self) -> str:
        return self.number


class StockTransferLine(models.Model):
    """移動明細. `quantity` was sent; it is received, came back or was lost, and the rest is on its way. `over` came besides."""

    transfer = models.ForeignKey(StockTransfer, models.CASCADE, related_name="lines", verbose_name="在庫移動")
    line_no = models.PositiveIntegerField("行")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    quantity = models.PositiveIntegerField("数量")
    received = models.PositiveIntegerField("受領", default=0)
    returned = models.PositiveIntegerField("戻し", default=0)
    lost = models.PositiveIntegerField("紛失・破損", default=0)
    over = models.PositiveIntegerField("過剰", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "移動明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["transfer", "line_no"], name="transferline_once"),
            models.UniqueConstraint(fields=["transfer", "sku"], name="transferline_sku_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="transferline_positive"),
            models.CheckConstraint(
                condition=Q(quantity__gte=F("received") + F("returned") + F("lost")),
                name="transferline_not_more_than_sent",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transfer_id}/{self.line_no}"

    @property
    def on_the_way(self) -> int:
        """未着: pieces in transit, once the transfer is sent."""
        return self.quantity - self.received - self.returned - self.lost
