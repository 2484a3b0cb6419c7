"""返品・交換: what a customer sends back, how it was found, and what was done about it."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.shipping.models.shipments import Shipment, ShipmentLine
from akinai.shipping.states import (
    RETURN_MOVES,
    Condition,
    Outcome,
    RefundWay,
    Remedy,
    ReturnReason,
    ReturnState,
    ShippingPayer,
)


class ReturnCase(models.Model):
    """返品 RT-…: goods of one shipment that come back. What it moved stands in stock, billing and payments under its number."""

    MOVES = RETURN_MOVES

    number = models.CharField("返品番号", max_length=20, unique=True)
    shipment = models.ForeignKey(Shipment, models.PROTECT, related_name="returns", verbose_name="出荷")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="returns", verbose_name="受注")
    state = models.CharField("状態", max_length=12, choices=ReturnState, default=ReturnState.REQUESTED)
    pays_shipping = models.CharField(
        "返送料の負担", max_length=10, choices=ShippingPayer, default=ShippingPayer.CUSTOMER
    )
    carrier = models.CharField("返送の運送会社", max_length=40, blank=True)
    tracking_no = models.CharField("返送の送り状番号", max_length=30, blank=True)
    note = models.CharField("お客様の申し出", max_length=500, blank=True)
    requested_on = models.DateField("受付日")
    arrived_on = models.DateField("到着日", null=True, blank=True)
    inspected_at = models.DateTimeField("検品日時", null=True, blank=True)
    settled_at = models.DateTimeField("精算日時", null=True, blank=True)
    waits_since = models.DateTimeField("今の状態になった日時", default=clock.now)
    refund_way = models.CharField("返金の方法", max_length=10, choices=RefundWay, blank=True)
    shipping_back_yen = models.BigIntegerField("送料の返還（税込）", default=0)
    given_back_yen = models.BigIntegerField("返還額（税込）", default=0)
    refunded_yen = models.BigIntegerField("返金額", default=0)
    kept_yen = models.BigIntegerField("預り金にした額", default=0)
    credit_note_no = models.CharField("返還請求書", max_length=20, blank=True)
    reship_order = models.OneToOneField(
        "orders.Order",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="再送・交換の受注",
    )
    search_text = models.TextField(blank=True, default="", editable=False)
    search_grams = grams_field()
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="受付者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "返品"
        permissions = [("settle_returncase", "返品を精算できる")]
        constraints = [
            models.CheckConstraint(
                condition=Q(given_back_yen__gte=0, refunded_yen__gte=0, kept_yen__gte=0, shipping_back_yen__gte=0),
                name="returncase_yen_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(state="settled") | Q(given_back_yen=0, credit_note_no="", reship_order=None),
                name="returncase_moves_when_settled",
            ),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["state", "-id"], name="returncase_state"),
            models.Index(fields=["-requested_on", "-id"], name="returncase_requested_on"),
            models.Index(fields=["tracking_no"], condition=~Q(tracking_no=""), name="returncase_tracking"),
            GinIndex(fields=["search_grams"], name="returncase_search"),
        ]

    def __str__(self) -> str:
        return self.number


class ReturnLine(models.Model):
    """返品明細: pieces of one shipped line with one fate. Pieces with different fates are lines of their own."""

    case = models.ForeignKey(ReturnCase, models.PROTECT, related_name="lines", verbose_name="返品")
    shipment_line = models.ForeignKey(
        ShipmentLine, models.PROTECT, related_name="returns", verbose_name="出荷明細"
    )
    quantity = models.PositiveIntegerField("数量")
    reason = models.CharField("理由", max_length=15, choices=ReturnReason, default=ReturnReason.MIND)
    detail = models.CharField("詳しく", max_length=200, blank=True)
    condition = models.CharField("商品の状態", max_length=10, choices=Condition, blank=True)
    outcome = models.CharField("行き先", max_length=10, choices=Outcome, blank=True)
    remedy = models.CharField("対応", max_length=10, choices=Remedy, default=Remedy.REFUND)
    exchange_sku = models.ForeignKey(
        "catalog.Sku", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="交換する商品"
    )
    given_back_yen = models.BigIntegerField("返還額（税込）", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "返品明細"
        constraints = [
            models.CheckConstraint(condition=Q(quantity__gt=0), name="casereturnline_positive"),
            models.CheckConstraint(condition=Q(given_back_yen__gte=0), name="casereturnline_yen_not_negative"),
            models.CheckConstraint(
                condition=~Q(remedy="exchange") | Q(exchange_sku__isnull=False), name="casereturnline_exchange_names_goods"
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.case_id}: {self.quantity}"
