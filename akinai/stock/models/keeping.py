"""取置: pieces that are kept for a person or a purpose until a day."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.stock.states import KEEP_MOVES, KeepState


class KeepAside(models.Model):
    """取置. What is still kept is held by the reservations of `reference`; `used` pieces went to orders."""

    MOVES = KEEP_MOVES

    number = models.CharField("取置番号", max_length=20, unique=True)
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    location = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", verbose_name="場所")
    quantity = models.PositiveIntegerField("数量")
    used = models.PositiveIntegerField("使用", default=0)
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="顧客"
    )
    purpose = models.CharField("用途", max_length=200)
    until_on = models.DateField("期限")
    state = models.CharField("状態", max_length=10, choices=KeepState, default=KeepState.KEPT)
    created_at = models.DateTimeField("登録日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "取置"
        indexes = [
            models.Index(fields=["until_on", "id"], name="keepaside_until"),
            models.Index(fields=["sku"], condition=Q(state="kept"), name="keepaside_kept"),
            models.Index(fields=["-created_at", "-id"], name="keepaside_created"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="keepaside_positive"),
            models.CheckConstraint(condition=Q(used__lte=F("quantity")), name="keepaside_not_more_than_kept"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def reference(self) -> str:
        """伝票行 under which the pieces are reserved."""
        return f"{self.number}/1"

    @property
    def left(self) -> int:
        return self.quantity - self.used
