"""購入手続き: how far a visitor has come, what he typed, and the one order that came of it; and what the shop offers there."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.orders.payment_methods import PaymentKind

KINDS = [
    (kind.value, kind.label)
    for kind in (
        PaymentKind.CARD, PaymentKind.CONVENIENCE, PaymentKind.BANK_TRANSFER, PaymentKind.COD, PaymentKind.DEFERRED,
    )
]  # fmt: skip


class CheckoutAttempt(models.Model):
    """購入手続き of one cart. However often its last button is pressed, one order comes of it.

    `data`: what was typed in each step; emptied when the order is there, which keeps it then.
    """

    token = models.UUIDField("しるし", unique=True, default=uuid.uuid4, editable=False)
    cart = models.ForeignKey(
        "shop.Cart", models.SET_NULL, null=True, related_name="attempts", verbose_name="カート"
    )
    data = models.JSONField("入力", default=dict, blank=True)
    order = models.OneToOneField(
        "orders.Order", models.PROTECT, null=True, related_name="+", verbose_name="受注"
    )
    shown_yen = models.BigIntegerField("承諾された合計", null=True)
    created_at = models.DateTimeField("開始日時", default=clock.now)
    placed_at = models.DateTimeField("注文日時", null=True)

    class Meta:
        verbose_name = verbose_name_plural = "購入手続き"
        constraints = [
            models.UniqueConstraint(
                fields=["cart"], condition=Q(order=None), name="checkoutattempt_one_open_per_cart"
            ),
            models.CheckConstraint(
                condition=Q(order=None, shown_yen=None, placed_at=None)
                | Q(order__isnull=False, shown_yen__gte=0, placed_at__isnull=False, data={}),
                name="checkoutattempt_keeps_nothing_typed_when_placed",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.pk}"


class PayingWay(models.Model):
    """支払方法の案内: whether and for which amounts the shop offers one, with what it says of it."""

    kind = models.CharField("支払方法", max_length=20, choices=KINDS, unique=True)
    is_on = models.BooleanField("使う", default=True)
    position = models.PositiveSmallIntegerField("順番", default=0)
    min_yen = models.BigIntegerField("下限（合計・税込）", default=1)
    max_yen = models.BigIntegerField("上限（合計・税込）", default=999_999)
    fee_yen = models.BigIntegerField(
        "手数料（税込）", default=0, help_text="代金引換の手数料は送料表にあります。ここは 0 にします。"
    )
    provider = models.CharField(
        "決済会社", max_length=40, blank=True, help_text="つながっていない決済会社（後払いなど）の名前"
    )
    text = models.CharField("案内の文", max_length=300)

    class Meta:
        verbose_name = verbose_name_plural = "支払方法の案内"
        ordering = ["position", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(min_yen__gte=1) & Q(min_yen__lte=models.F("max_yen")) & Q(fee_yen__gte=0),
                name="payingway_limits",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())


class CheckoutTerms(models.Model):
    """購入手続きの文: what the law wants said before an order is sent (特定商取引法 12条の6), one row."""

    delivery_text = models.TextField("お届けの時期の説明", max_length=600)
    cancel_text = models.TextField("キャンセルの条件", max_length=600)
    returns_text = models.TextField("返品・交換の条件", max_length=600)
    application_text = models.TextField(
        "申込みの期間", max_length=300, blank=True, help_text="期間限定の販売がなければ空欄"
    )
    card_hours = models.PositiveSmallIntegerField(
        "カードの手続きを待つ時間",
        default=24,
        help_text="過ぎると注文を取り消し、商品をほかのお客様に回します。",
    )

    class Meta:
        verbose_name = verbose_name_plural = "購入手続きの文"
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="checkoutterms_one_row"),
            models.CheckConstraint(
                condition=Q(card_hours__gte=1, card_hours__lte=168), name="checkoutterms_card_hours"
            ),
        ]

    def __str__(self) -> str:
        return "購入手続きの文"
