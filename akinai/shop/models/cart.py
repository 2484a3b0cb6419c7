"""カート: what a visitor means to buy. Nothing is reserved by it; price and stock are read when it is shown."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.orders.gifts import Gift

MOST_PIECES, MOST_LINES = 999, 100


class Cart(models.Model):
    """カート. A guest's is known by its token in a signed cookie, a member's by the member; either lives 60 days unused."""

    token = models.UUIDField("しるし", unique=True, default=uuid.uuid4, editable=False)
    member_id = models.BigIntegerField("会員", null=True, blank=True, unique=True)
    coupon = models.CharField("クーポン", max_length=40, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    touched_at = models.DateTimeField("最後に使った日時", default=clock.now, db_index=True)

    class Meta:
        verbose_name = verbose_name_plural = "カート"

    def __str__(self) -> str:
        return f"{self.pk}"


class CartLine(models.Model):
    """カートの明細. `seen_yen` is the price that stood on the page when it was put in; it is never charged, only compared."""

    cart = models.ForeignKey(Cart, models.CASCADE, related_name="lines", verbose_name="カート")
    sku = models.ForeignKey("catalog.Sku", models.CASCADE, related_name="+", verbose_name="SKU")
    quantity = models.PositiveIntegerField("数量")
    seen_yen = models.BigIntegerField("入れたときの価格")
    gift = models.JSONField("のし・ラッピング", default=dict, blank=True)
    plan = models.CharField("定期便", max_length=4, blank=True, default="", db_default="")
    added_at = models.DateTimeField("入れた日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "カートの明細"
        ordering = ["added_at", "id"]
        constraints = [
            models.UniqueConstraint(fields=["cart", "sku"], name="cartline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gte=1, quantity__lte=MOST_PIECES), name="cartline_1_to_999"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sku_id} × {self.quantity}"

    @property
    def chosen(self) -> Gift:
        """のし・ラッピング as it was chosen."""
        return Gift.of(self.gift) if self.gift else Gift()
