"""入金: what the bank says (BankLine), what we believe (Payment) and the tie between (Match)."""

from __future__ import annotations

import unicodedata

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.search import grams_field
from akinai.payments.states import AsideReason, BankLineState, PaymentSource, RefundMethod


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
    note = models.CharField("メモ", max_length=200, blank=True)
    is_active = models.BooleanField("使用中", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "入金口座"

    def __str__(self) -> str:
        return " ".join(part for part in (self.bank_name, self.branch_name, self.account_no) if part)


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

    @property
    def who(self) -> str:
        """振込人 in wide letters for the screen; the bank's own words where it names nobody."""
        return unicodedata.normalize("NFKC", self.payer or self.text).strip() or "名義なし"


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
    aside_reason = models.CharField("対象外の理由", max_length=12, choices=AsideReason, blank=True)
    returned_by = models.OneToOneField(
        BankLine,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="returns",
        verbose_name="取消・組戻の明細",
    )
    on = models.DateField("日付")
    search_text = models.TextField(blank=True, editable=False)
    search_grams = grams_field()

    class Meta:
        verbose_name = verbose_name_plural = "消込状況"
        constraints = [
            models.CheckConstraint(
                condition=Q(matched_yen__gte=0) & Q(matched_yen__lte=F("amount_yen")),
                name="bankline_never_matched_twice",
            ),
            models.CheckConstraint(
                condition=Q(state="matched", matched_yen=F("amount_yen"))
                | Q(state="partial", matched_yen__gt=0, matched_yen__lt=F("amount_yen"))
                | Q(state__in=["open", "proposed", "set_aside"], matched_yen=0),
                name="bankline_state_follows_money",
            ),
        ]
        indexes = [
            models.Index(fields=["-on", "-line"], name="banklinestatus_on"),
            models.Index(fields=["state", "-on", "-line"], name="banklinestatus_state"),
            GinIndex(fields=["search_grams"], name="banklinestatus_search"),
        ]

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
    method = models.CharField("返金の方法", max_length=10, choices=RefundMethod, blank=True)
    batch = models.CharField("まとめ番号", max_length=40, blank=True)
    note = models.CharField("メモ", max_length=200, blank=True)
    key = models.CharField("重複防止キー", max_length=120, unique=True)
    at = models.DateTimeField("日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "入金"
        constraints = [
            models.CheckConstraint(condition=~Q(amount_yen=0), name="payment_moves_something"),
            models.CheckConstraint(
                condition=Q(order__isnull=False) | Q(customer__isnull=False),
                name="payment_belongs_to_somebody",
            ),
            # Money in is positive and money back negative; 預り金 goes both ways, and a reversal is the mirror.
            models.CheckConstraint(
                condition=Q(reverses__isnull=False)
                | Q(source__in=["credit", "credit_used"])
                | (Q(source="refund") & Q(amount_yen__lt=0))
                | (~Q(source="refund") & Q(amount_yen__gt=0)),
                name="payment_sign",
            ),
        ]
        indexes = [
            models.Index(fields=["-received_on", "-id"], name="payment_received_on"),
            models.Index(fields=["customer", "-id"], condition=Q(order__isnull=True), name="payment_credit"),
            models.Index(fields=["batch"], condition=~Q(batch=""), name="payment_batch"),
        ]

    def __str__(self) -> str:
        return self.number


class CreditBalance(models.Model):
    """預り金残高: the guarded cache beside the payments kept for a customer. One yen is never used twice.

    = the sum of the customer's payments that belong to no order.
    """

    customer = models.OneToOneField(
        "party.Customer", models.PROTECT, primary_key=True, related_name="+", verbose_name="顧客"
    )
    balance_yen = models.BigIntegerField("預り金", default=0)
    moved_at = models.DateTimeField("最後の動き", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "預り金"
        constraints = [
            models.CheckConstraint(condition=Q(balance_yen__gte=0), name="credit_never_below_zero")
        ]
        indexes = [models.Index(fields=["-balance_yen", "-customer"], name="creditbalance_balance")]

    def __str__(self) -> str:
        return f"{self.customer_id}: {self.balance_yen}"


class PayerAlias(models.Model):
    """名義の覚え: a payer's name that a person once tied to this customer."""

    customer = models.ForeignKey("party.Customer", models.PROTECT, related_name="+", verbose_name="顧客")
    payer_key = models.CharField("名義キー", max_length=100)
    payer = models.CharField("名義", max_length=100, blank=True)
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
