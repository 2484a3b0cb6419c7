"""会計ソフトへの出力: files that were written, which entries stand in them, and the names each product uses."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.accounting.models.journal import Account, JournalEntry
from akinai.core import clock


class JournalExport(models.Model):
    """仕訳の出力. The file is kept as it was written."""

    number = models.CharField("出力番号", max_length=20, unique=True)
    product = models.CharField("会計ソフト", max_length=20)
    from_on = models.DateField("期間の初め")
    to_on = models.DateField("期間の終わり")
    filename = models.CharField("ファイル名", max_length=120)
    data = models.BinaryField("内容")
    sha256 = models.CharField("指紋", max_length=64)
    count = models.PositiveIntegerField("仕訳数")
    debit_yen = models.BigIntegerField("借方合計")
    made_at = models.DateTimeField("出力日時", default=clock.now)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="出力者"
    )
    withdrawn_at = models.DateTimeField("取り消した日時", null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取り消した人",
    )
    reason = models.CharField("取り消した理由", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "仕訳の出力"
        indexes = [models.Index(fields=["-made_at", "-id"], name="journalexport_made_at")]

    def __str__(self) -> str:
        return self.number

    @property
    def period(self) -> str:
        return f"{self.from_on:%Y/%m/%d}〜{self.to_on:%Y/%m/%d}"


class JournalExportEntry(models.Model):
    """出力した仕訳: an entry goes to a product once, until that file is withdrawn."""

    export = models.ForeignKey(JournalExport, models.PROTECT, related_name="entries", verbose_name="出力")
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="exports", verbose_name="仕訳")
    product = models.CharField("会計ソフト", max_length=20)
    digest = models.CharField("書いた行の指紋", max_length=64)
    is_live = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "出力した仕訳"
        constraints = [
            models.UniqueConstraint(
                fields=["product", "entry"], condition=Q(is_live=True), name="journalexport_once_per_product"
            )
        ]

    def __str__(self) -> str:
        return f"{self.product}: {self.entry_id}"


class ProductAccount(models.Model):
    """会計ソフトでの科目名."""

    product = models.CharField("会計ソフト", max_length=20)
    account = models.ForeignKey(Account, models.PROTECT, related_name="names", verbose_name="勘定科目")
    name = models.CharField("会計ソフトの勘定科目", max_length=24)
    sub_name = models.CharField("補助科目", max_length=24, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "会計ソフトの科目"
        constraints = [models.UniqueConstraint(fields=["product", "account"], name="productaccount_once")]

    def __str__(self) -> str:
        return f"{self.product}: {self.name}"


class ProductTax(models.Model):
    """会計ソフトでの税区分の名前."""

    product = models.CharField("会計ソフト", max_length=20)
    tax_class = models.CharField("税区分", max_length=12)
    name = models.CharField("会計ソフトの税区分", max_length=40)

    class Meta:
        verbose_name = verbose_name_plural = "会計ソフトの税区分"
        constraints = [models.UniqueConstraint(fields=["product", "tax_class"], name="producttax_once")]

    def __str__(self) -> str:
        return f"{self.product}: {self.tax_class}"
