"""月締め合計請求書: what a customer is asked for once a month, and the guard that no paper is asked for twice."""

from __future__ import annotations

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from akinai.billing.models.papers import CreditNote, Invoice, PaperTax
from akinai.billing.models.terms import DAYS
from akinai.core import clock
from akinai.core.search import grams_field


class ClosingRun(models.Model):
    """締め処理 of one closing day and month. Running it again closes only whom it has not closed yet."""

    closing_day = models.PositiveSmallIntegerField("締め日", choices=DAYS)
    closed_on = models.DateField("締めた日")
    started_at = models.DateTimeField("実行日時", default=clock.now)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "締め処理"
        constraints = [models.UniqueConstraint(fields=["closing_day", "closed_on"], name="closingrun_once")]

    def __str__(self) -> str:
        return f"{self.get_closing_day_display()}締め {self.closed_on:%Y/%m/%d}"


class Statement(models.Model):
    """合計請求書. Append-only; a wrong one is made void (`StatementVoid`) and answered by the next edition."""

    number = models.CharField("番号", max_length=20, unique=True)
    customer = models.ForeignKey("party.Customer", models.PROTECT, related_name="+", verbose_name="顧客")
    run = models.ForeignKey(ClosingRun, models.PROTECT, related_name="statements", verbose_name="締め処理")
    period_from = models.DateField("期間のはじめ")
    closed_on = models.DateField("締め日")
    edition = models.PositiveSmallIntegerField("版", default=1)
    previous = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="+", verbose_name="前回の合計請求書"
    )
    recipient_name = models.CharField("宛名", max_length=120)
    recipient_address = models.CharField("宛先住所", max_length=400, blank=True)
    issuer = models.JSONField("発行者")
    terms = models.CharField("請求条件", max_length=60)
    is_qualified = models.BooleanField("適格請求書")
    issued_on = models.DateField("発行日")
    issued_at = models.DateTimeField("発行日時", default=clock.now)
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="発行者（担当）"
    )
    rounding = models.CharField("端数処理", max_length=10)
    previous_yen = models.BigIntegerField("前回請求額")
    received_yen = models.BigIntegerField("入金額")
    carried_yen = models.BigIntegerField("繰越額")
    net_yen = models.BigIntegerField("今回の税抜合計")
    tax_yen = models.BigIntegerField("今回の消費税額")
    total_yen = models.BigIntegerField("今回の税込合計")
    asked_yen = models.BigIntegerField("今回請求額")
    due_on = models.DateField("支払期限")
    pdf_sha256 = models.CharField("PDFの指紋", max_length=64)
    search_text = models.TextField(blank=True, default="", editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "合計請求書"
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "closed_on", "edition"], name="statement_once_per_closing"
            ),
            models.CheckConstraint(
                condition=Q(total_yen=F("net_yen") + F("tax_yen"))
                & Q(carried_yen=F("previous_yen") - F("received_yen"))
                & Q(asked_yen=F("carried_yen") + F("total_yen")),
                name="statement_adds_up",
            ),
        ]
        indexes = [
            models.Index(fields=["-closed_on", "-id"], name="statement_closed_on"),
            models.Index(fields=["customer", "-closed_on", "-edition"], name="statement_customer"),
            models.Index(fields=["-issued_on", "-id"], name="statement_issued_on"),
            GinIndex(fields=["search_grams"], name="statement_search"),
        ]

    def __str__(self) -> str:
        return self.number


class StatementLine(models.Model):
    """合計請求書の明細: one invoice or slip (+), or one credit note (−). Append-only."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="lines", verbose_name="合計請求書")
    line_no = models.PositiveIntegerField("行")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, related_name="+", verbose_name="請求書・納品書"
    )
    credit_note = models.ForeignKey(
        CreditNote, models.PROTECT, null=True, related_name="+", verbose_name="返還請求書"
    )
    on = models.DateField("取引年月日")
    number = models.CharField("伝票番号", max_length=20)
    amount_yen = models.BigIntegerField("金額（税込）")

    class Meta:
        verbose_name = verbose_name_plural = "合計請求書の明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["statement", "line_no"], name="statementline_once"),
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, credit_note__isnull=True, amount_yen__gte=0)
                | Q(invoice__isnull=True, credit_note__isnull=False, amount_yen__lt=0),
                name="statementline_one_paper",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class StatementTax(PaperTax):
    """合計請求書の税率別内訳: rounded once per rate where the statement is the qualified invoice."""

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="taxes", verbose_name="合計請求書")

    class Meta(PaperTax.Meta):
        verbose_name = verbose_name_plural = "合計請求書の税率別内訳"
        constraints = [
            models.UniqueConstraint(fields=["statement", "rate"], name="statementtax_once_per_rate"),
            models.CheckConstraint(
                condition=Q(gross_yen=F("net_yen") + F("tax_yen")), name="statementtax_adds_up"
            ),
        ]


class StatementVoid(models.Model):
    """合計請求書の取消: the paper asks for nothing any more; its papers wait for the next closing. Append-only."""

    statement = models.OneToOneField(
        Statement, models.PROTECT, related_name="void", verbose_name="合計請求書"
    )
    reason = models.CharField("取り消した理由", max_length=200)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "合計請求書の取消"

    def __str__(self) -> str:
        return f"{self.statement_id}: {self.reason}"


class BilledItem(models.Model):
    """締め済みの印: the guard beside the statements. A paper wears it in one statement at a time.

    = the lines of all statements that are not void. A row goes only when its statement was made void.
    """

    statement = models.ForeignKey(Statement, models.PROTECT, related_name="items", verbose_name="合計請求書")
    customer = models.ForeignKey("party.Customer", models.PROTECT, related_name="+", verbose_name="顧客")
    order = models.ForeignKey("orders.Order", models.PROTECT, related_name="+", verbose_name="受注")
    invoice = models.OneToOneField(
        Invoice, models.PROTECT, null=True, related_name="billed", verbose_name="請求書・納品書"
    )
    credit_note = models.OneToOneField(
        CreditNote, models.PROTECT, null=True, related_name="billed", verbose_name="返還請求書"
    )
    amount_yen = models.BigIntegerField("金額（税込）")

    class Meta:
        verbose_name = verbose_name_plural = "締め済みの印"
        constraints = [
            models.CheckConstraint(
                condition=Q(invoice__isnull=False, credit_note__isnull=True)
                | Q(invoice__isnull=True, credit_note__isnull=False),
                name="billeditem_one_paper",
            )
        ]

    def __str__(self) -> str:
        return f"{self.statement_id}/{self.order_id}"
