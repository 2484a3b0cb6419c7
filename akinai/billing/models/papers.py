"""請求: issued papers. Nothing here is ever edited; a wrong invoice is answered by a credit note and a new one."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.search import grams_field


class IssuedPaper(models.Model):
    """What an invoice and a credit note share: who, to whom, when, how much, rounded how, and the file as issued."""

    number = models.CharField("番号", max_length=20, unique=True)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, related_name="+", verbose_name="顧客"
    )
    recipient_name = models.CharField("宛名", max_length=120)
    recipient_address = models.CharField("宛先住所", max_length=400, blank=True)
    issuer = models.JSONField("発行者", help_text="発行時の名称・登録番号・住所・電話")
    issued_on = models.DateField("発行日")
    issued_at = models.DateTimeField("発行日時", default=clock.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="発行者（担当）"
    )
    rounding = models.CharField("端数処理", max_length=10)
    net_yen = models.BigIntegerField("税抜合計")
    tax_yen = models.BigIntegerField("消費税額")
    total_yen = models.BigIntegerField("税込合計")
    pdf_sha256 = models.CharField("PDFの指紋", max_length=64, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.number


class Invoice(IssuedPaper):
    """適格請求書. `replaces` names the invoice that this one corrects.

    A slip (納品書) is written for customers whose monthly statement is the qualified invoice: it says what was delivered
    and what it costs, and leaves the tax to the statement.
    """

    class Kind(models.TextChoices):
        INVOICE = "invoice", "請求書"
        SLIP = "slip", "納品書"

    kind = models.CharField(
        "種類", max_length=10, choices=Kind, default=Kind.INVOICE, db_default=Kind.INVOICE
    )
    transaction_on = models.DateField("取引年月日")
    due_on = models.DateField("支払期限", null=True, blank=True)
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="訂正元"
    )
    search_text = models.TextField(blank=True, default="", editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "請求書"
        constraints = [
            models.UniqueConstraint(
                fields=["order"], condition=Q(replaces__isnull=True), name="invoice_first_once_per_order"
            ),
            models.CheckConstraint(
                condition=Q(total_yen=F("net_yen") + F("tax_yen")), name="invoice_adds_up"
            ),
        ]
        indexes = [
            models.Index(fields=["-issued_on", "-id"], name="invoice_issued_on"),
            models.Index(fields=["total_yen", "id"], name="invoice_total"),
            models.Index(fields=["-transaction_on", "-id"], name="invoice_transaction_on"),
            models.Index(fields=["recipient_name", "id"], name="invoice_recipient"),
            models.Index(fields=["customer", "transaction_on"], name="invoice_customer"),
            GinIndex(fields=["search_grams"], name="invoice_search"),
        ]


class CreditNote(IssuedPaper):
    """適格返還請求書: amounts are positive and reduce the invoice named."""

    invoice = models.ForeignKey(
        Invoice, models.PROTECT, related_name="credit_notes", verbose_name="元の請求書"
    )
    reason = models.CharField("理由", max_length=200)
    returned_on = models.DateField("返還・値引の日")
    original_on = models.DateField("元の取引年月日")

    class Meta:
        verbose_name = verbose_name_plural = "返還請求書"
        constraints = [
            models.CheckConstraint(
                condition=Q(total_yen=F("net_yen") + F("tax_yen")), name="creditnote_adds_up"
            ),
            models.CheckConstraint(condition=Q(total_yen__gt=0), name="creditnote_positive"),
        ]
        indexes = [models.Index(fields=["-issued_on", "-id"], name="creditnote_issued_on")]


class PaperLine(models.Model):
    """明細 as printed: 税込 amounts, reduced-rate mark by rate. `kind` says goods, shipping, fee, discount…"""

    line_no = models.PositiveIntegerField("行")
    kind = models.CharField("種類", max_length=12, default="goods")
    name = models.CharField("品名", max_length=400)
    quantity = models.IntegerField("数量", default=1)
    unit_price_yen = models.BigIntegerField("単価")
    amount_yen = models.BigIntegerField("金額")
    tax_rate = models.PositiveSmallIntegerField("税率(%)")
    includes_tax = models.BooleanField("税込", default=True)

    class Meta:
        abstract = True
        ordering = ["line_no"]

    def __str__(self) -> str:
        return self.name


class InvoiceLine(PaperLine):
    """請求明細."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", verbose_name="請求書")

    class Meta(PaperLine.Meta):
        verbose_name = verbose_name_plural = "請求明細"
        constraints = [models.UniqueConstraint(fields=["invoice", "line_no"], name="invoiceline_once")]


class CreditNoteLine(PaperLine):
    """返還明細."""

    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, related_name="lines", verbose_name="返還請求書"
    )

    class Meta(PaperLine.Meta):
        verbose_name = verbose_name_plural = "返還明細"
        constraints = [models.UniqueConstraint(fields=["credit_note", "line_no"], name="creditnoteline_once")]


class PaperTax(models.Model):
    """税率別の合計と消費税額: one row per rate, rounded once."""

    rate = models.PositiveSmallIntegerField("税率(%)")
    net_yen = models.BigIntegerField("税抜対価")
    tax_yen = models.BigIntegerField("消費税額")
    gross_yen = models.BigIntegerField("税込対価")

    class Meta:
        abstract = True
        ordering = ["-rate"]

    def __str__(self) -> str:
        return f"{self.rate}%: {self.tax_yen}"


class InvoiceTax(PaperTax):
    """請求書の税率別内訳."""

    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="taxes", verbose_name="請求書")

    class Meta(PaperTax.Meta):
        verbose_name = verbose_name_plural = "請求書の税率別内訳"
        constraints = [
            models.UniqueConstraint(fields=["invoice", "rate"], name="invoicetax_once_per_rate"),
            models.CheckConstraint(
                condition=Q(gross_yen=F("net_yen") + F("tax_yen")), name="invoicetax_adds_up"
            ),
        ]


class CreditNoteTax(PaperTax):
    """返還請求書の税率別内訳."""

    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, related_name="taxes", verbose_name="返還請求書"
    )

    class Meta(PaperTax.Meta):
        verbose_name = verbose_name_plural = "返還請求書の税率別内訳"
        constraints = [
            models.UniqueConstraint(fields=["credit_note", "rate"], name="creditnotetax_once_per_rate"),
            models.CheckConstraint(
                condition=Q(gross_yen=F("net_yen") + F("tax_yen")), name="creditnotetax_adds_up"
            ),
        ]


class PaperDelivery(models.Model):
    """送付記録: append-only log of how and when a paper reached the customer."""

    class Way(models.TextChoices):
        MAIL = "mail", "メール"
        PRINT = "print", "同梱・印刷"
        DOWNLOAD = "download", "ダウンロード"

    number = models.CharField("番号", max_length=20, db_index=True)
    way = models.CharField("方法", max_length=10, choices=Way)
    to = models.CharField("宛先", max_length=254, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "送付記録"

    def __str__(self) -> str:
        return f"{self.number} {self.way}"
