"""買掛: suppliers' bills, what we owe by a ledger that only grows, and the runs that pay it."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.purchasing.states import BILL_MOVES, RUN_MOVES, BillState, RunState


class SupplierBill(models.Model):
    """仕入先請求書: what a supplier asks for, checked against what came. `deductible_yen` of the tax may be deducted."""

    MOVES = BILL_MOVES

    number = models.CharField("番号", max_length=20, unique=True)
    supplier = models.ForeignKey("party.Supplier", models.PROTECT, related_name="+", verbose_name="仕入先")
    supplier_bill_no = models.CharField("仕入先の請求番号", max_length=60, blank=True)
    billed_on = models.DateField("請求日")
    due_on = models.DateField("支払期日")
    state = models.CharField("状態", max_length=10, choices=BillState, default=BillState.DRAFT)
    is_qualified = models.BooleanField("適格請求書", default=True)
    net_yen = models.BigIntegerField("税抜金額", default=0)
    tax_yen = models.BigIntegerField("消費税額", default=0)
    deductible_yen = models.BigIntegerField("控除できる税額", default=0)
    note = models.TextField("メモ", blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )
    posted_at = models.DateTimeField("計上日時", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "仕入先請求書"
        indexes = [models.Index(fields=["-billed_on", "-id"], name="supplierbill_billed_on")]
        constraints = [
            models.UniqueConstraint(
                fields=["supplier", "supplier_bill_no"], condition=Q(state="posted") & ~Q(supplier_bill_no=""),
                name="supplierbill_posted_once",
            ),
            models.CheckConstraint(condition=Q(net_yen__gt=-models.F("tax_yen")), name="supplierbill_positive"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return self.number

    @property
    def total_yen(self) -> int:
        return self.net_yen + self.tax_yen


class SupplierBillLine(models.Model):
    """請求明細: the bill's amount for one delivery at one rate, beside ours. Without a receipt: freight and the like."""

    bill = models.ForeignKey(SupplierBill, models.CASCADE, related_name="lines", verbose_name="請求書")
    line_no = models.PositiveIntegerField("行")
    receipt = models.ForeignKey(
        "purchasing.GoodsReceipt",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bill_lines",
        verbose_name="入荷",
    )
    supplier_return = models.ForeignKey(
        "purchasing.SupplierReturn",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="bill_lines",
        verbose_name="仕入返品",
    )
    text = models.CharField("内容", max_length=100, blank=True)
    tax_rate = models.PositiveSmallIntegerField("税率")
    on = models.DateField("取引日")
    net_yen = models.BigIntegerField("請求の金額（税抜）")
    ours_yen = models.BigIntegerField("入荷の金額（税抜）", null=True)
    is_live = models.BooleanField(default=False, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "請求明細"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["bill", "line_no"], name="billline_once"),
            models.UniqueConstraint(
                fields=["receipt", "tax_rate"], condition=Q(is_live=True), name="billline_receipt_billed_once"
            ),
            models.UniqueConstraint(
                fields=["supplier_return", "tax_rate"],
                condition=Q(is_live=True),
                name="billline_return_deducted_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bill_id}/{self.line_no}"


class SupplierBillTax(models.Model):
    """税率ごとの合計 of a bill: tax as the bill says, and the part of it that may be deducted (経過措置)."""

    bill = models.ForeignKey(SupplierBill, models.CASCADE, related_name="taxes", verbose_name="請求書")
    rate = models.PositiveSmallIntegerField("税率")
    net_yen = models.BigIntegerField("税抜金額")
    tax_yen = models.BigIntegerField("消費税額")
    deductible_yen = models.BigIntegerField("控除できる税額")

    class Meta:
        verbose_name = verbose_name_plural = "請求書の税"
        ordering = ["-rate"]
        constraints = [models.UniqueConstraint(fields=["bill", "rate"], name="billtax_once")]

    def __str__(self) -> str:
        return f"{self.bill_id} {self.rate}%"


class PayableEntry(models.Model):
    """買掛台帳: what we owe a supplier, plus and minus. Append-only; a mistake is answered by a row that reverses it."""

    class Kind(models.TextChoices):
        BILL = "bill", "請求"
        OPENING = "opening", "期首残高"
        PAYMENT = "payment", "支払"
        RETURN = "return", "返品・値引"
        CORRECTION = "correction", "訂正"
        REVERSAL = "reversal", "取消"

    supplier = models.ForeignKey("party.Supplier", models.PROTECT, related_name="+", verbose_name="仕入先")
    kind = models.CharField("種類", max_length=12, choices=Kind)
    amount_yen = models.BigIntegerField("金額（買掛の増＋・減－）")
    document = models.CharField("書類", max_length=40)
    key = models.CharField("重複防止キー", max_length=80, unique=True)
    on = models.DateField("日付")
    due_on = models.DateField("支払期日", null=True, blank=True)
    settles = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="settled_by", verbose_name="どの請求の"
    )
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    note = models.CharField("摘要", max_length=200, blank=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="担当者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "買掛台帳"
        indexes = [
            models.Index(fields=["supplier", "-id"], name="payable_supplier"),
            models.Index(fields=["-on", "-id"], name="payable_on"),
            models.Index(
                fields=["due_on"], condition=Q(kind__in=["bill", "opening", "correction"]), name="payable_due"
            ),
        ]
        constraints = [models.CheckConstraint(condition=~Q(amount_yen=0), name="payable_is_something")]

    def __str__(self) -> str:
        return f"{self.document} {self.amount_yen:+,}"


class PayableBalance(models.Model):
    """買掛残: the sum of the ledger per supplier."""

    supplier = models.OneToOneField(
        "party.Supplier", models.PROTECT, primary_key=True, related_name="+", verbose_name="仕入先"
    )
    balance_yen = models.BigIntegerField("買掛残", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "買掛残"

    def __str__(self) -> str:
        return f"{self.supplier_id}: {self.balance_yen}"


class PaymentRun(models.Model):
    """支払: bills paid together on a day by one 総合振込 file, which is written once."""

    MOVES = RUN_MOVES

    number = models.CharField("支払番号", max_length=20, unique=True)
    pay_on = models.DateField("支払日")
    state = models.CharField("状態", max_length=10, choices=RunState, default=RunState.DRAFT)
    total_yen = models.BigIntegerField("合計", default=0)
    file_sha256 = models.CharField("ファイル", max_length=64, blank=True)
    written_at = models.DateTimeField("ファイル作成日時", null=True, blank=True)
    paid_at = models.DateTimeField("支払済にした日時", null=True, blank=True)
    note = models.TextField("メモ", blank=True)
    created_at = models.DateTimeField("作成日時", default=clock.now)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="作成者",
    )

    class Meta:
        verbose_name = verbose_name_plural = "支払"
        indexes = [models.Index(fields=["-pay_on", "-id"], name="paymentrun_pay_on")]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state__in=["written", "paid"]) | ~Q(file_sha256=""),
                name="paymentrun_written_has_file",
            )
        ]

    def __str__(self) -> str:
        return self.number


class PaymentLine(models.Model):
    """支払明細: one bill of a run. `is_live` until the run is cancelled; a bill is in one live run only."""

    run = models.ForeignKey(PaymentRun, models.CASCADE, related_name="lines", verbose_name="支払")
    entry = models.ForeignKey(PayableEntry, models.PROTECT, related_name="payments", verbose_name="請求")
    amount_yen = models.BigIntegerField("金額")
    is_live = models.BooleanField(default=True, editable=False)

    class Meta:
        verbose_name = verbose_name_plural = "支払明細"
        constraints = [
            models.UniqueConstraint(
                fields=["entry"], condition=Q(is_live=True), name="paymentline_paid_once"
            ),
            models.CheckConstraint(condition=Q(amount_yen__gt=0), name="paymentline_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.run_id} {self.amount_yen}"
