"""領収書: who paid how much for one order, issued once; later copies say 再発行."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.billing.models.papers import PaperTax
from akinai.core import clock


class ReceiptPaper(models.Model):
    """領収書. Append-only; a wrong one is made void (`ReceiptVoid`) and answered by another that names it.

    The database keeps the receipts of an order within what was paid for it less what was given back.
    """

    number = models.CharField("番号", max_length=20, unique=True)
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, related_name="+", verbose_name="顧客"
    )
    recipient_name = models.CharField("宛名", max_length=60)
    proviso = models.CharField("但し書き", max_length=40)
    amount_yen = models.BigIntegerField("領収金額")
    is_card = models.BooleanField("クレジットカード利用")
    transaction_on = models.DateField("取引年月日")
    issuer = models.JSONField("発行者")
    replaces = models.OneToOneField(
        "self", models.PROTECT, null=True, related_name="replaced_by", verbose_name="訂正元"
    )
    issued_on = models.DateField("発行日")
    issued_at = models.DateTimeField("発行日時", default=clock.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="発行者（担当）"
    )
    is_self_issued = models.BooleanField("お客様が発行", default=False)
    pdf_sha256 = models.CharField("PDFの指紋", max_length=64)
    copy_sha256 = models.CharField("再発行のPDFの指紋", max_length=64)

    class Meta:
        verbose_name = verbose_name_plural = "領収書"
        constraints = [models.CheckConstraint(condition=Q(amount_yen__gt=0), name="receiptpaper_positive")]
        indexes = [
            models.Index(fields=["-issued_on", "-id"], name="receiptpaper_issued_on"),
            models.Index(fields=["amount_yen", "id"], name="receiptpaper_amount"),
        ]

    def __str__(self) -> str:
        return self.number


class ReceiptTax(PaperTax):
    """領収書の税率別内訳, where the invoice states one."""

    receipt = models.ForeignKey(ReceiptPaper, models.PROTECT, related_name="taxes", verbose_name="領収書")

    class Meta(PaperTax.Meta):
        verbose_name = verbose_name_plural = "領収書の税率別内訳"
        constraints = [
            models.UniqueConstraint(fields=["receipt", "rate"], name="receipttax_once_per_rate"),
            models.CheckConstraint(
                condition=Q(gross_yen=models.F("net_yen") + models.F("tax_yen")), name="receipttax_adds_up"
            ),
        ]


class ReceiptVoid(models.Model):
    """領収書の無効: it counts no more. Append-only."""

    receipt = models.OneToOneField(ReceiptPaper, models.PROTECT, related_name="void", verbose_name="領収書")
    reason = models.CharField("無効にした理由", max_length=200)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "領収書の無効"

    def __str__(self) -> str:
        return f"{self.receipt_id}: {self.reason}"
