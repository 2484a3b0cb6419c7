"""発注: what we asked a supplier for. Lines stand still once the order has left the draft; only what came is counted."""

from __future__ import annotations

from decimal import Decimal

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.purchasing.models.receipts import yen_of
from akinai.purchasing.states import ORDER_MOVES, OrderState, Progress


class PurchaseOrder(models.Model):
    """発注書. `net_yen` is what its lines come to; above `limit_yen` (as the company had it) a second person approves."""

    MOVES = ORDER_MOVES

    number = models.CharField("発注番号", max_length=20, unique=True)
    supplier = models.ForeignKey("party.Supplier", models.PROTECT, related_name="+", verbose_name="仕入先")
    state = models.CharField("状態", max_length=20, choices=OrderState, default=OrderState.DRAFT)
    progress = models.CharField("入荷", max_length=10, choices=Progress, default=Progress.NONE)
    ordered_on = models.DateField("発注日", null=True, blank=True)
    due_on = models.DateField("希望納期", null=True, blank=True)
    promised_on = models.DateField("回答納期", null=True, blank=True)
    location = models.ForeignKey("stock.Location", models.PROTECT, related_name="+", verbose_name="納入場所")
    net_yen = models.BigIntegerField("発注額（税抜）", default=0)
    limit_yen = models.BigIntegerField("承認が要る金額", null=True, blank=True)
    supplier_order_no = models.CharField("仕入先の受注番号", max_length=60, blank=True)
    note = models.TextField("仕入先への連絡", blank=True)
    memo = models.TextField("社内メモ", blank=True)
    outside_no = models.CharField("取込元の番号", max_length=60, blank=True)
    version = models.PositiveIntegerField("版", default=1, editable=False)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="申請者",
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="承認者",
    )
    approved_at = models.DateTimeField("承認日時", null=True, blank=True)
    sent_at = models.DateTimeField("発注日時", null=True, blank=True)
    reply_by = models.DateField("返事の期限", null=True, blank=True)
    chased_at = models.DateTimeField("催促日時", null=True, blank=True)
    confirmed_at = models.DateTimeField("確認日時", null=True, blank=True)
    closed_at = models.DateTimeField("完了日時", null=True, blank=True)
    pdf_sha256 = models.CharField("PDF", max_length=64, blank=True)
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "発注書"
        permissions = [("approve_purchaseorder", "発注書を承認する")]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="po_created_at"),
            models.Index(fields=["supplier", "-id"], name="po_supplier"),
            models.Index(fields=["reply_by"], condition=Q(state="sent"), name="po_reply_by"),
            GinIndex(fields=["search_grams"], name="po_search"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "outside_no"], condition=~Q(outside_no=""), name="po_outside_no_once"
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (
                    (Q(created_by__isnull=True) | ~Q(approved_by=F("created_by")))
                    & (Q(submitted_by__isnull=True) | ~Q(approved_by=F("submitted_by")))
                ),
                name="po_approved_by_another",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waiting_approval", "cancelled"])
                | Q(limit_yen__isnull=True)
                | Q(net_yen__lte=F("limit_yen"))
                | Q(approved_by__isnull=False),
                name="po_large_ones_are_approved",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "waiting_approval", "approved", "cancelled"])
                | Q(sent_at__isnull=False),
                name="po_sent_has_a_time",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class PurchaseOrderLine(models.Model):
    """発注明細. `received` pieces came, `cancelled` will not come, `over` more than ordered were accepted."""

    order = models.ForeignKey(PurchaseOrder, models.CASCADE, related_name="lines", verbose_name="発注書")
    line_no = models.PositiveIntegerField("行")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    supplier_code = models.CharField("仕入先の商品コード", max_length=64, blank=True)
    quantity = models.PositiveIntegerField("数量")
    unit_cost = models.DecimalField("仕入単価（税抜）", max_digits=14, decimal_places=4)
    tax_rate = models.PositiveSmallIntegerField("税率")
    due_on = models.DateField("納期", null=True, blank=True)
    reason = models.TextField("理由", blank=True, help_text="補充の提案から来た行の、計算の言葉")
    received = models.PositiveIntegerField("入荷済", default=0)
    cancelled = models.PositiveIntegerField("取消", default=0)
    over = models.PositiveIntegerField("超過の受入", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "発注明細"
        ordering = ["line_no"]
        indexes = [
            models.Index(
                fields=["sku"],
                condition=Q(quantity__gt=F("received") + F("cancelled")),
                name="poline_open",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["order", "line_no"], name="poline_once"),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="poline_positive"),
            models.CheckConstraint(condition=Q(unit_cost__gte=0), name="poline_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(received__lte=F("quantity") + F("over") - F("cancelled"))
                & Q(cancelled__lte=F("quantity")),
                name="poline_not_more_than_asked",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.order_id}/{self.line_no}"

    @property
    def open(self) -> int:
        """発注残."""
        return max(0, self.quantity - self.received - self.cancelled)

    @property
    def amount(self) -> Decimal:
        return self.quantity * self.unit_cost

    @property
    def amount_yen(self) -> int:
        return yen_of(self.amount)
