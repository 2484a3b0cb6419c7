"""入金精算: what a mall, a card company or a carrier paid at once, and how each yen of it is explained.

`Settlement`, its lines and `SettlementEntry` only grow. Beside them stand two small tables that move: how far a
settlement is (its bank line), and what explains each line.
"""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.payments.settlement_states import ROLES, How, LineKind, LineState, SettlementState, Why

FINDS = [("channel", "モールの注文番号"), ("request", "決済会社の番号"), ("tracking", "送り状番号")]
RATES = [(10, "10%（課税）"), (0, "非課税・不課税")]


def _by() -> models.ForeignKey:
    return models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )


class PayoutTerms(models.Model):
    """支払元: who sends money for many orders at once, how his transfers are signed, and when they should have come."""

    code = models.SlugField("支払元コード", max_length=30, unique=True)
    title = models.CharField("支払元", max_length=60)
    finds = models.CharField("受注の見つけ方", max_length=10, choices=FINDS, default="channel")
    covers = models.CharField("対象の店舗・運送会社", max_length=30, blank=True)
    payers = models.JSONField("振込の名義", default=list, blank=True)
    fee_rate = models.PositiveSmallIntegerField("手数料の消費税", choices=RATES, default=10)
    due_days = models.PositiveSmallIntegerField("出荷から入金までの日数", default=45)
    note = models.CharField("メモ", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "支払元"
        constraints = [
            models.CheckConstraint(condition=Q(fee_rate__in=[0, 10]), name="payoutterms_fee_rate"),
            models.CheckConstraint(
                condition=Q(due_days__gte=1, due_days__lte=365), name="payoutterms_due_days"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class Settlement(models.Model):
    """入金精算. Append-only. Its lines add up to `net_yen`: the database looks when the transaction ends."""

    number = models.CharField("精算番号", max_length=20, unique=True)
    provider = models.ForeignKey(
        PayoutTerms, models.PROTECT, related_name="settlements", verbose_name="支払元"
    )
    channel = models.ForeignKey(
        "channels.Channel", models.PROTECT, null=True, blank=True, related_name="+", verbose_name="店舗"
    )
    payout_no = models.CharField("支払元の番号", max_length=60)
    since = models.DateField("対象期間から", null=True, blank=True)
    until = models.DateField("対象期間まで", null=True, blank=True)
    paid_on = models.DateField("入金日")
    gross_yen = models.BigIntegerField("売上・ポイント")
    refund_yen = models.BigIntegerField("返金")
    fee_yen = models.BigIntegerField("手数料（税込）")
    fee_tax_yen = models.BigIntegerField("うち消費税")
    adjustment_yen = models.BigIntegerField("調整・移動")
    reserve_yen = models.BigIntegerField("留保・繰越")
    net_yen = models.BigIntegerField("差引入金額")
    line_count = models.PositiveIntegerField("明細数")
    digest = models.CharField("内容の指紋", max_length=64)
    intake_file = models.ForeignKey(
        "core.IntakeFile",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name="取込ファイル",
    )
    at = models.DateTimeField("取込日時", default=clock.now)
    by = _by()

    class Meta:
        verbose_name = verbose_name_plural = "入金精算"
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    net_yen=F("gross_yen")
                    + F("refund_yen")
                    + F("fee_yen")
                    + F("adjustment_yen")
                    + F("reserve_yen")
                ),
                name="settlement_parts_are_net",
            ),
            models.CheckConstraint(condition=Q(line_count__gt=0), name="settlement_has_lines"),
        ]
        indexes = [models.Index(fields=["-paid_on", "-id"], name="settlement_paid_on")]

    def __str__(self) -> str:
        return self.number

    @property
    def title(self) -> str:
        return f"{self.provider.title} {self.payout_no}"

    @property
    def period(self) -> str:
        return f"{self.since:%Y/%m/%d}〜{self.until or self.paid_on:%Y/%m/%d}" if self.since else ""


class SettlementStatus(models.Model):
    """精算の進み: is it live, and on which bank line did its money come."""

    settlement = models.OneToOneField(
        Settlement, models.PROTECT, primary_key=True, related_name="status", verbose_name="入金精算"
    )
    provider = models.ForeignKey(PayoutTerms, models.PROTECT, related_name="+", verbose_name="支払元")
    payout_no = models.CharField("支払元の番号", max_length=60)
    state = models.CharField("状態", max_length=10, choices=SettlementState, default=SettlementState.LIVE)
    bank_line = models.ForeignKey(
        "payments.BankLine",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settlements",
        verbose_name="入金明細",
    )
    bank_yen = models.BigIntegerField("入金額", default=0)
    bank_note = models.CharField("入金の照合", max_length=200, blank=True)
    acts = models.PositiveIntegerField("計上の回数", default=0)

    class Meta:
        verbose_name = verbose_name_plural = "精算の進み"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "payout_no"], condition=Q(state="live"), name="settlement_once_per_payout"
            ),
            models.CheckConstraint(
                condition=Q(bank_line__isnull=True, bank_yen=0) | Q(state="live", bank_line__isnull=False),
                name="settlement_bank_only_while_live",
            ),
        ]
        indexes = [
            models.Index(
                fields=["settlement"], condition=Q(state="live", bank_line=None), name="settlement_no_bank"
            )
        ]

    def __str__(self) -> str:
        return f"{self.payout_no}: {self.state}"


class SettlementLine(models.Model):
    """精算明細, as the provider wrote it. Append-only."""

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="lines", verbose_name="入金精算", db_index=False
    )
    nth = models.PositiveIntegerField("行")
    kind = models.CharField("種類", max_length=12, choices=LineKind)
    yen = models.BigIntegerField("金額")
    tax_yen = models.BigIntegerField("うち消費税", default=0)
    reference = models.CharField("支払元の番号", max_length=120, blank=True)
    order_no = models.CharField("注文番号", max_length=120, blank=True)
    refs = models.JSONField("決済の番号", default=list, blank=True)
    tracking_no = models.CharField("送り状番号", max_length=30, blank=True)
    on = models.DateField("日付", null=True, blank=True)
    text = models.CharField("内容", max_length=200, blank=True)
    role = models.CharField("科目", max_length=12, choices=list(ROLES.items()), blank=True)
    source_line = models.PositiveIntegerField("ファイルの行", default=0)
    detail = models.JSONField("内訳", default=dict, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "精算明細"
        constraints = [
            models.UniqueConstraint(fields=["settlement", "nth"], name="settlementline_once"),
            models.CheckConstraint(condition=~Q(yen=0), name="settlementline_moves_something"),
        ]
        indexes = [
            models.Index(fields=["reference"], condition=~Q(reference=""), name="settlementline_reference")
        ]

    def __str__(self) -> str:
        return f"{self.settlement_id}/{self.nth}"


class SettlementLineStatus(models.Model):
    """明細の説明: what explains a line, or why nothing does."""

    line = models.OneToOneField(
        SettlementLine, models.PROTECT, primary_key=True, related_name="status", verbose_name="精算明細"
    )
    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="line_statuses", verbose_name="入金精算"
    )
    yen = models.BigIntegerField("金額")
    state = models.CharField("説明", max_length=10, choices=LineState, default=LineState.OPEN)
    how = models.CharField("説明のしかた", max_length=12, choices=How, blank=True)
    why = models.CharField("説明のつかない理由", max_length=16, choices=Why, blank=True)
    role = models.CharField("科目", max_length=12, choices=list(ROLES.items()), blank=True)
    order = models.ForeignKey(
        "orders.Order",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="settlement_lines",
        verbose_name="受注",
    )
    payment = models.ForeignKey(
        "payments.Payment", models.PROTECT, null=True, blank=True, related_name="settlement_lines",
        verbose_name="記録済みの入金",
    )  # fmt: skip
    note = models.CharField("メモ", max_length=200, blank=True)
    turn = models.PositiveSmallIntegerField("説明の回数", default=0)
    at = models.DateTimeField("日時", default=clock.now)
    by = _by()

    class Meta:
        verbose_name = verbose_name_plural = "明細の説明"
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="explained") & ~Q(how="") & Q(why=""))
                | (Q(state="open") & Q(how="") & ~Q(why="")),
                name="settlementline_explained_or_why_not",
            ),
            # One payment that was written by hand is explained by one line only.
            models.UniqueConstraint(
                fields=["payment"], condition=Q(state="explained"), name="settlementline_one_payment_once"
            ),
        ]
        indexes = [models.Index(fields=["settlement"], condition=Q(state="open"), name="settlementline_open")]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.state}"


class SettlementEntry(models.Model):
    """精算の計上: yen of a line that go to an account of their own; the books read them. Append-only, mirrored when undone.

    Positive is a cost (debit), against 未収入金. What pays an order stands in `Payment`.
    """

    settlement = models.ForeignKey(
        Settlement, models.PROTECT, related_name="entries", verbose_name="入金精算", db_index=False
    )
    act = models.PositiveIntegerField("回")
    line = models.ForeignKey(
        SettlementLine, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name="精算明細"
    )
    on = models.DateField("日付")
    role = models.CharField("科目", max_length=12, choices=list(ROLES.items()))
    yen = models.BigIntegerField("金額（税込）")
    tax_yen = models.BigIntegerField("うち消費税", default=0)
    note = models.CharField("メモ", max_length=200, blank=True)
    reverses = models.OneToOneField(
        "self", models.PROTECT, null=True, blank=True, related_name="reversed_by", verbose_name="取消元"
    )
    at = models.DateTimeField("日時", default=clock.now)
    by = _by()

    class Meta:
        verbose_name = verbose_name_plural = "精算の計上"
        constraints = [models.CheckConstraint(condition=~Q(yen=0), name="settlemententry_moves_something")]
        indexes = [models.Index(fields=["settlement", "act"], name="settlemententry_act")]

    def __str__(self) -> str:
        return f"{self.settlement_id}:{self.act}"
