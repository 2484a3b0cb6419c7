"""見積: what was offered to whom at which price, and until when."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.orders.models.orders import Order
from akinai.orders.quote_states import MOVES, QuoteState
from akinai.orders.states import PaymentKind


class Quote(models.Model):
    """見積. All yen 税込. Once submitted its content stays as it is on the paper; another offer is a copy."""

    MOVES = MOVES

    number = models.CharField("見積番号", max_length=20, unique=True)
    state = models.CharField("状態", max_length=12, choices=QuoteState, default=QuoteState.DRAFT)
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="顧客"
    )
    name = models.CharField("お名前", max_length=100)
    kana = models.CharField("フリガナ", max_length=100, blank=True)
    company = models.CharField("会社名", max_length=100, blank=True)
    postal_code = models.CharField("郵便番号", max_length=20, blank=True)
    prefecture = models.CharField("都道府県", max_length=40, blank=True)
    city = models.CharField("市区町村", max_length=100, blank=True)
    line1 = models.CharField("番地", max_length=200, blank=True)
    line2 = models.CharField("建物", max_length=200, blank=True)
    phone = models.CharField("電話", max_length=30, blank=True)
    email = models.CharField("メール", max_length=254, blank=True)
    subject = models.CharField("件名", max_length=100, blank=True)
    valid_until = models.DateField("有効期限")
    payment = models.CharField("支払方法", max_length=20, choices=PaymentKind)
    delivery_note = models.CharField("納期・お届け", max_length=200, blank=True)
    note = models.TextField("備考（見積書に載る）", blank=True)
    shop_note = models.TextField("店舗メモ", blank=True)
    goods_yen = models.BigIntegerField("商品代", default=0)
    shipping_yen = models.BigIntegerField("送料", default=0)
    wrapping_yen = models.BigIntegerField("ラッピング料", default=0)
    discount_yen = models.BigIntegerField("値引", default=0)
    total_yen = models.BigIntegerField("見積金額", default=0)
    issuer = models.JSONField("提出時の自社情報", default=dict, blank=True)
    pdf_sha256 = models.CharField("PDFの指紋", max_length=64, blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    submitted_on = models.DateField("提出日", null=True, blank=True)
    submitted_at = models.DateTimeField("提出日時", null=True, blank=True)
    decided_at = models.DateTimeField("返事の日時", null=True, blank=True)
    order = models.OneToOneField(
        Order, models.PROTECT, null=True, blank=True, related_name="quote", verbose_name="受注"
    )
    copied_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="copies", verbose_name="複写元"
    )

    class Meta:
        verbose_name = verbose_name_plural = "見積"
        constraints = [
            models.CheckConstraint(
                condition=Q(total_yen__gte=0) & Q(discount_yen__gte=0), name="quote_total_not_negative"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "cancelled"]) | ~Q(pdf_sha256=""),
                name="quote_submitted_has_paper",
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", order__isnull=False)
                | (~Q(state="accepted") & Q(order__isnull=True)),
                name="quote_accepted_has_order",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "valid_until"], name="quote_state"),
            models.Index(fields=["-created_at", "-id"], name="quote_created"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def to(self) -> str:
        """宛名 as papers and mails write it."""
        if self.company and self.name and self.name != self.company:
            return f"{self.company} {self.name} 様"
        return f"{self.company} 御中" if self.company else f"{self.name} 様"


class QuoteLine(models.Model):
    """見積明細."""

    quote = models.ForeignKey(Quote, models.PROTECT, related_name="lines", verbose_name="見積")
    line_no = models.PositiveIntegerField("行")
    sku = models.ForeignKey("catalog.Sku", models.PROTECT, related_name="+", verbose_name="SKU")
    name = models.CharField("商品名", max_length=400)
    quantity = models.PositiveIntegerField("数量")
    unit_price_yen = models.BigIntegerField("単価（税込）")
    tax_rate = models.PositiveSmallIntegerField("税率(%)")

    class Meta:
        verbose_name = verbose_name_plural = "見積明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["quote", "line_no"], name="quoteline_once"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) & Q(unit_price_yen__gte=0), name="quoteline_positive"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"

    @property
    def subtotal_yen(self) -> int:
        return self.quantity * self.unit_price_yen
