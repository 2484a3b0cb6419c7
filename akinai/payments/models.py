"""入金: what the bank says (BankLine), what we believe (Payment) and the tie between (Match)."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.payments.states import BankLineState, PaymentSource


class BankAccount(models.Model):
    """入金口座."""

    code = models.CharField("口座コード", max_length=40, unique=True)
    bank_name = models.CharField("銀行名", max_length=60)
    bank_code = models.CharField("銀行コード", max_length=4, blank=True)
    branch_name = models.CharField("支店名", max_length=60, blank=True)
    branch_code = models.CharField("支店コード", max_length=3, blank=True)
    kind = models.CharField("種目", max_length=10, blank=True)
    account_no = models.CharField("口座番号", max_length=12, blank=True)
    holder = models.CharField("口座名義", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "入金口座"

    def __str__(self) -> str:
        return f"{self.bank_name} {self.branch_name} {self.account_no}".strip()


class BankLine(models.Model):
    """入金明細: one line of a statement, as the bank wrote it. Append-only.

    `digest` = account, date, amount, payer, balance and the how-manieth of its like, so that an overlapping file adds
    nothing while two true payments of one day stay two.
    """

    account = models.ForeignKey(BankAccount, models.PROTECT, related_name="lines", verbose_name="口座")
    on = models.DateField("日付")
    amount_yen = models.BigIntegerField("金額（入金＋・出金－）")
    payer = models.CharField("振込人", max_length=100, blank=True)
    payer_key = models.CharField("名義キー", max_length=100, blank=True)
    text = models.CharField("摘要", max_length=200, blank=True)
    kind = models.CharField("種類", max_length=20, blank=True)
    is_transfer = models.BooleanField("振込", default=False)
    balance_yen = models.BigIntegerField("残高", null=True, blank=True)
    bank_ref = models.CharField("照会番号", max_length=30, blank=True)
    edi = models.CharField("EDI情報", max_length=30, blank=True)
    memo = models.CharField("メモ", max_length=200, blank=True)
    digest = models.CharField("指紋", max_length=64, unique=True)
    intake_file = models.ForeignKey(
        "core.IntakeFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取込ファイル",
    )
    source_line = models.PositiveIntegerField("ファイルの行", default=0)
    raw = models.JSONField("原データ", default=dict, blank=True)
    added_at = models.DateTimeField("取込日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "入金明細"
        indexes = [models.Index(fields=["-on", "-id"], name="bankline_on")]

    def __str__(self) -> str:
        return f"{self.on} {self.payer} {self.amount_yen}"


class BankLineStatus(models.Model):
    """消込の進み: the guarded cache beside a credit line. The CHECK keeps one yen from being used twice."""

    line = models.OneToOneField(
        BankLine, models.PROTECT, primary_key=True, related_name="status", verbose_name="入金明細"
    )
    state = models.CharField("状態", max_length=10, choices=BankLineState, default=BankLineState.OPEN)
    amount_yen = models.BigIntegerField("入金額")
    matched_yen = models.BigIntegerField("消込済額", default=0)
    score = models.PositiveSmallIntegerField("確度", default=0)
    proposal = models.JSONField("候補", default=list, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "消込状況"
        constraints = [
            models.CheckConstraint(
                condition=Q(matched_yen__gte=0) & Q(matched_yen__lte=F("amount_yen")),
                name="bankline_never_matched_twice",
            )
        ]
        indexes = [models.Index(fields=["state", "-line"], name="banklinestatus_state")]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.state}"


class Match(models.Model):
    """消込: ties one bank line to the payments made of it. Append-only; unmatching is a reversing row."""

    number = models.CharField("消込番号", max_length=20, unique=True)
    line = models.ForeignKey(BankLine, models.PROTECT, related_name="matches", verbose_name="入金明細")
    amount_yen = models.BigIntegerField("金額（取消は－）")
    score = models.PositiveSmallIntegerField("確度", default=0)
    reasons = models.JSONField("理由", default=list, blank=True)
    is_automatic = models.BooleanField("自動", default=False)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "消込"
        constraints = [
            models.CheckConstraint(
                condition=(Q(reverses__isnull=True) & Q(amount_yen__gt=0))
                | (Q(reverses__isnull=False) & Q(amount_yen__lt=0)),
                name="match_sign",
            )
        ]

    def __str__(self) -> str:
        return self.number


class Payment(models.Model):
    """入金: yen that count for one order (or are kept for the customer). Append-only; signed."""

    number = models.CharField("入金番号", max_length=20, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, blank=True, related_name="payments", verbose_name="受注"
    )
    customer = models.ForeignKey(
        "party.Customer", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="顧客"
    )
    match = models.ForeignKey(
        Match, models.PROTECT, null=True, blank=True, related_name="payments", verbose_name="消込"
    )
    source = models.CharField("種類", max_length=12, choices=PaymentSource)
    amount_yen = models.BigIntegerField("金額")
    received_on = models.DateField("入金日")
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    note = models.CharField("メモ", max_length=200, blank=True)
    key = models.CharField("重複防止キー", max_length=120, unique=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "入金"
        constraints = [models.CheckConstraint(condition=~Q(amount_yen=0), name="payment_moves_something")]
        indexes = [models.Index(fields=["-received_on", "-id"], name="payment_received_on")]

    def __str__(self) -> str:
        return self.number


class PayerAlias(models.Model):
    """名義の覚え: a payer's name that a person once tied to this customer."""

    customer = models.ForeignKey("party.Customer", models.PROTECT, related_name="+", verbose_name="顧客")
    payer_key = models.CharField("名義キー", max_length=100)
    learned_at = models.DateTimeField("覚えた日時", default=clock.now)
    learned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "名義の覚え"
        constraints = [models.UniqueConstraint(fields=["customer", "payer_key"], name="payeralias_once")]
        indexes = [models.Index(fields=["payer_key"], name="payeralias_key")]

    def __str__(self) -> str:
        return self.payer_key
