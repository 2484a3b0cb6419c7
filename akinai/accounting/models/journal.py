"""仕訳: accounts as data, and entries that balance because the database takes no others."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.accounting.rules import tax_classes
from akinai.core import clock


class Account(models.Model):
    """勘定科目. `role` says what the posting rules use it for, if anything; names and codes are the shop's own."""

    class Kind(models.TextChoices):
        ASSET = "asset", "資産"
        LIABILITY = "liability", "負債"
        EQUITY = "equity", "純資産"
        REVENUE = "revenue", "収益"
        EXPENSE = "expense", "費用"

    code = models.CharField("科目コード", max_length=10, unique=True)
    name = models.CharField("勘定科目", max_length=24, unique=True)
    kind = models.CharField("区分", max_length=10, choices=Kind)
    role = models.CharField("用途", max_length=24, unique=True, null=True, blank=True)
    is_sales = models.BooleanField("売上に数える", default=False)
    tax_class = models.CharField(
        "いつもの税区分", max_length=12, blank=True, help_text="振替伝票で選ばないときの税区分です。"
    )
    is_live = models.BooleanField("使う", default=True)

    class Meta:
        verbose_name = verbose_name_plural = "勘定科目"
        ordering = ["code"]
        constraints = [
            # What the posting rules use stays in use.
            models.CheckConstraint(condition=Q(is_live=True) | Q(role=None), name="account_in_use_by_rules"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def is_debit(self) -> bool:
        """Its balance stands on the left: 資産 and 費用."""
        return self.kind in (self.Kind.ASSET, self.Kind.EXPENSE)


class JournalEntry(models.Model):
    """仕訳. Append-only; `key` says of which fact it is, so that no fact is posted twice."""

    number = models.CharField("仕訳番号", max_length=20)
    on = models.DateField("日付")
    source = models.CharField("元の台帳", max_length=16)
    key = models.CharField("重複防止キー", max_length=80)
    memo = models.CharField("摘要", max_length=200)
    document = models.CharField("証憑番号", max_length=60, blank=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, null=True, related_name="+", verbose_name="受注", db_index=False
    )
    channel = models.ForeignKey(
        "channels.Channel",
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="チャネル",
        db_index=False,
        db_constraint=False,
    )
    partner = models.CharField("取引先", max_length=120, blank=True)
    exact_yen = models.DecimalField(
        "端数前の金額", max_digits=18, decimal_places=4, null=True, help_text="原価の仕訳の、円にする前の額"
    )
    # Of entries by hand: whose they are, and which one they take back.
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        related_name="+",
        verbose_name="起票者",
        db_index=False,
    )
    reverses = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="reversed_by", verbose_name="取消元", db_index=False
    )
    at = models.DateTimeField("記帳日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "仕訳"
        indexes = [
            models.Index(fields=["-on", "-id"], name="journal_on"),
            models.Index(fields=["source", "-on", "-id"], name="journal_source"),
            models.Index(fields=["order"], name="journal_order", condition=Q(order__isnull=False)),
            models.Index(fields=["document"], name="journal_document"),
        ]
        # Not `unique=True`, which would keep another index of each for LIKE.
        constraints = [
            models.UniqueConstraint(fields=["number"], name="journal_number_once"),
            models.UniqueConstraint(fields=["key"], name="journal_fact_once"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="journal_reversed_once"
            ),
        ]

    def __str__(self) -> str:
        return self.number


class JournalLine(models.Model):
    """仕訳の行. `tax_yen` is the tax that belongs to this line and stands on a line of its own (`is_tax`)."""

    class Side(models.TextChoices):
        DEBIT = "debit", "借方"
        CREDIT = "credit", "貸方"

    # The trigger that balances entries looks for both of them at once; row by row they cost as much as writing the lines.
    entry = models.ForeignKey(
        JournalEntry,
        models.PROTECT,
        related_name="lines",
        verbose_name="仕訳",
        db_index=False,
        db_constraint=False,
    )
    line_no = models.PositiveSmallIntegerField("行")
    side = models.CharField("貸借", max_length=6, choices=Side)
    account = models.ForeignKey(
        Account,
        models.PROTECT,
        related_name="+",
        verbose_name="勘定科目",
        db_index=False,
        db_constraint=False,
    )
    on = models.DateField("日付")
    yen = models.BigIntegerField("金額")
    tax_class = models.CharField("税区分", max_length=12, blank=True)
    tax_yen = models.BigIntegerField("この行の消費税", default=0)
    is_tax = models.BooleanField("消費税の行", default=False)

    class Meta:
        verbose_name = verbose_name_plural = "仕訳の行"
        ordering = ["line_no"]
        constraints = [
            models.UniqueConstraint(fields=["entry", "line_no"], name="journalline_once"),
            models.CheckConstraint(condition=Q(yen__gte=0), name="journalline_not_negative"),
        ]
        indexes = [
            models.Index(
                fields=["account", "on", "entry"], name="journalline_account", include=["side", "yen"]
            )
        ]

    def __str__(self) -> str:
        return f"{self.entry_id}/{self.line_no} {self.side} {self.yen:,}"

    @property
    def tax_class_name(self) -> str:
        return tax_classes.name_of(self.tax_class)


class DailyBalance(models.Model):
    """科目の日別合計, moved by the database with every line it takes: the trial balance reads days instead of lines."""

    account = models.ForeignKey(
        Account, models.PROTECT, related_name="+", verbose_name="勘定科目", db_index=False
    )
    on = models.DateField("日付")
    debit_yen = models.BigIntegerField("借方", default=0)
    credit_yen = models.BigIntegerField("貸方", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "科目の日別合計"
        constraints = [models.UniqueConstraint(fields=["account", "on"], name="dailybalance_once")]

    def __str__(self) -> str:
        return f"{self.account_id} {self.on}"


class PostedValue(models.Model):
    """どの原価の動きがどの仕訳にあるか: many movements make one entry a day. Append-only."""

    value = models.OneToOneField(
        "stock.ValueEntry", models.PROTECT, related_name="+", verbose_name="原価の動き"
    )
    entry = models.ForeignKey(JournalEntry, models.PROTECT, related_name="values_of", verbose_name="仕訳")

    class Meta:
        verbose_name = verbose_name_plural = "記帳済みの原価"

    def __str__(self) -> str:
        return f"{self.value_id} → {self.entry_id}"
