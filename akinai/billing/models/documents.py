"""電子取引書類: what others sent us, and one view over every paper issued and received."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock


class DocumentKind(models.TextChoices):
    """書類の種類."""

    INVOICE = "invoice", "請求書"
    SLIP = "slip", "納品書"
    CREDIT_NOTE = "credit_note", "返還請求書"
    STATEMENT = "statement", "合計請求書"
    RECEIPT = "receipt", "領収書"
    PURCHASE_ORDER = "purchase_order", "発注書"
    SHIPMENT = "shipment", "納品書（同梱）"
    QUOTE = "quote", "見積書"
    CONTRACT = "contract", "契約書"
    OTHER = "other", "その他"


RECEIVED_KINDS = [
    DocumentKind.INVOICE, DocumentKind.SLIP, DocumentKind.CREDIT_NOTE, DocumentKind.RECEIPT, DocumentKind.QUOTE,
    DocumentKind.PURCHASE_ORDER, DocumentKind.CONTRACT, DocumentKind.OTHER,
]  # fmt: skip


class ReceivedDocument(models.Model):
    """受領書類: a file as it was sent to us, kept by its SHA-256. Append-only; what it says stands in its versions."""

    number = models.CharField("番号", max_length=20, unique=True)
    sha256 = models.CharField("指紋", max_length=64, unique=True)
    suffix = models.CharField("形式", max_length=5)
    filename = models.CharField("ファイル名", max_length=255)
    size = models.PositiveIntegerField("大きさ")
    kept_at = models.DateTimeField("保存日時", default=clock.now)
    kept_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="保存した人"
    )

    class Meta:
        verbose_name = verbose_name_plural = "受領書類"

    def __str__(self) -> str:
        return self.number


class ReceivedVersion(models.Model):
    """受領書類の記録事項: day, amount, partner. A correction is the next version; none is ever changed. Append-only."""

    document = models.ForeignKey(
        ReceivedDocument, models.PROTECT, related_name="versions", verbose_name="受領書類"
    )
    version = models.PositiveSmallIntegerField("版")
    kind = models.CharField("書類の種類", max_length=16, choices=DocumentKind)
    on = models.DateField("取引年月日")
    amount_yen = models.BigIntegerField("取引金額（税込）")
    partner = models.CharField("取引先", max_length=120)
    supplier = models.ForeignKey(
        "party.Supplier", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="仕入先"
    )
    note = models.CharField("メモ", max_length=200, blank=True)
    is_void = models.BooleanField("無効（誤って保存した）", default=False)
    reason = models.CharField("訂正の理由", max_length=200, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "受領書類の記録事項"
        constraints = [
            models.UniqueConstraint(fields=["document", "version"], name="receivedversion_once"),
            models.CheckConstraint(condition=Q(amount_yen__gte=0), name="receivedversion_not_negative"),
            models.CheckConstraint(
                condition=Q(version=1, is_void=False) | Q(version__gt=1) & ~Q(reason=""),
                name="receivedversion_says_why",
            ),
        ]
        indexes = [models.Index(fields=["on"], name="receivedversion_on")]

    def __str__(self) -> str:
        return f"{self.document_id} 第{self.version}版"


class DocumentEntry(models.Model):
    """書類の検索: one row for each paper, issued or received. A view; nothing is written here."""

    class Direction(models.TextChoices):
        ISSUED = "issued", "発行"
        RECEIVED = "received", "受領"

    direction = models.CharField("発行・受領", max_length=8, choices=Direction)
    kind = models.CharField("種類", max_length=16, choices=DocumentKind)
    number = models.CharField("番号", max_length=20)
    on = models.DateField("取引年月日")
    amount_yen = models.BigIntegerField("取引金額")
    partner = models.CharField("取引先", max_length=200)
    partner_key = models.TextField("取引先（検索用）")
    sha256 = models.CharField("指紋", max_length=64)
    suffix = models.CharField("形式", max_length=5)
    kept_at = models.DateTimeField("保存日時")
    is_void = models.BooleanField("無効・訂正済")

    class Meta:
        managed = False
        db_table = "billing_documententry"
        verbose_name = verbose_name_plural = "書類"

    def __str__(self) -> str:
        return self.number
