"""同梱: orders of one customer, of whatever channel, that leave in one parcel. Each keeps its own papers, money and revenue."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.transitions import moves


class OrderMerge(models.Model):
    """同梱 MG-…. The shipping charge of what may be changed is lowered to one parcel's; `borne_yen` could not be."""

    class State(models.TextChoices):
        LIVE = "live", "同梱"
        UNDONE = "undone", "取消"

    MOVES = moves(("undo", {State.LIVE}, State.UNDONE))

    number = models.CharField("同梱番号", max_length=20, unique=True)
    state = models.CharField("状態", max_length=10, choices=State, default=State.LIVE)
    given_yen = models.BigIntegerField("下げた送料", default=0)
    borne_yen = models.BigIntegerField("下げられない送料の差額", default=0)
    parcel_yen = models.BigIntegerField("1 個分の送料", default=0, db_default=0)
    told = models.CharField("送料の理由", max_length=200, blank=True, db_default="")
    made_at = models.DateTimeField("同梱日時", default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "同梱"

    def __str__(self) -> str:
        return self.number


class MergeMember(models.Model):
    """同梱の受注: an order is in one live 同梱 at most. The parcel is the first one's."""

    merge = models.ForeignKey(OrderMerge, models.PROTECT, related_name="members", verbose_name="同梱")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    is_live = models.BooleanField("有効", default=True)
    shipping_before_yen = models.BigIntegerField("同梱前の送料")
    shipping_after_yen = models.BigIntegerField("同梱後の送料")

    class Meta:
        verbose_name = verbose_name_plural = "同梱の受注"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["merge", "order"], name="mergemember_once"),
            models.UniqueConstraint(
                fields=["order"], condition=Q(is_live=True), name="mergemember_one_live_merge"
            ),
            models.CheckConstraint(
                condition=Q(shipping_after_yen__gte=0)
                & Q(shipping_after_yen__lte=models.F("shipping_before_yen")),
                name="mergemember_charge_only_falls",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.merge_id}: {self.order_id}"
