"""定期便のカード: what is known of a card that a provider keeps for us, and how the money of each turn is asked of it.

No number of a card is here, ever: only the provider's own names for customer and card, and what is printed on a receipt.
"""

from __future__ import annotations

import calendar
from datetime import date

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.payments.states import CardState, ChargeState

RETRY_DAYS = [1, 3, 5]
CANCEL_DAYS, EXPIRY_DAYS, MOST_DAYS = 7, 30, 60
# As they are written on the cards.
BRANDS = {
    "visa": "Visa", "mastercard": "Mastercard", "jcb": "JCB", "amex": "American Express", "diners": "Diners Club",
    "discover": "Discover", "unionpay": "銀聯",
}  # fmt: skip


def usual_days() -> list[int]:
    """The ladder as delivered."""
    return list(RETRY_DAYS)


class CardRules(models.Model):
    """定期便のカードの決まり: the ladder of tries, when the turn is given up, when an old card is told of. One row."""

    retry_days = ArrayField(models.PositiveSmallIntegerField(), verbose_name="もう一度請求する日", default=usual_days, blank=True)  # fmt: skip
    cancel_days = models.PositiveSmallIntegerField("見送るまでの日数", default=CANCEL_DAYS)
    expiry_days = models.PositiveSmallIntegerField("有効期限のお知らせ", default=EXPIRY_DAYS)
    changed_at = models.DateTimeField("変更日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "定期便のカードの決まり"
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="cardrules_one"),
            models.CheckConstraint(
                condition=Q(cancel_days__gte=1, cancel_days__lte=MOST_DAYS), name="cardrules_cancel_days"
            ),
        ]

    def __str__(self) -> str:
        return "定期便のカードの決まり"


class KeptCard(models.Model):
    """定期便のカード. At most one of a 定期便 is in use; an earlier one goes to the provider to be forgotten."""

    subscription = models.ForeignKey(
        "orders.Subscription", models.PROTECT, related_name="cards", verbose_name="定期便"
    )
    # The 決済 on whose page it was typed; none where only a card was registered.
    request = models.OneToOneField(
        "payments.PaymentRequest", models.PROTECT, null=True, blank=True, related_name="kept_card", verbose_name="決済"
    )  # fmt: skip
    state = models.CharField("状態", max_length=10, choices=CardState, default=CardState.ASKED)
    door = models.CharField("接続", max_length=20)
    is_live = models.BooleanField("本番", default=True)
    page_ref = models.CharField("登録ページの番号", max_length=120, blank=True)
    intent_ref = models.CharField("登録の番号", max_length=120, blank=True)
    customer_ref = models.CharField("決済会社の顧客番号", max_length=120, blank=True)
    method_ref = models.CharField("決済会社のカード番号", max_length=120, blank=True)
    brand = models.CharField("ブランド", max_length=20, blank=True)
    last4 = models.CharField("下4けた", max_length=4, blank=True)
    expires_year = models.PositiveSmallIntegerField("有効期限の年", null=True, blank=True)
    expires_month = models.PositiveSmallIntegerField("有効期限の月", null=True, blank=True)
    asked_at = models.DateTimeField("登録を始めた日時", default=clock.now)
    kept_at = models.DateTimeField("登録日時", null=True, blank=True)
    gone_at = models.DateTimeField("削除日時", null=True, blank=True)
    gone_why = models.CharField("削除の理由", max_length=60, blank=True)
    told_expiry_at = models.DateTimeField("有効期限のお知らせ", null=True, blank=True)
    tries = models.PositiveSmallIntegerField("問い合わせた回数", default=0)
    next_at = models.DateTimeField("次に問い合わせる時刻", null=True, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "定期便のカード"
        constraints = [
            models.UniqueConstraint(
                fields=["subscription"], condition=Q(state="kept"), name="keptcard_one_in_use"
            ),
            models.CheckConstraint(
                condition=~Q(state="kept") | Q(kept_at__isnull=False) & ~Q(method_ref="") & ~Q(customer_ref=""),
                name="keptcard_kept_is_known",
            ),
            # What is gone is not known by any name at the provider any more.
            models.CheckConstraint(
                condition=~Q(state="gone") | Q(method_ref="", customer_ref="", gone_at__isnull=False),
                name="keptcard_gone_is_forgotten",
            ),
            models.CheckConstraint(condition=Q(last4__regex=r"^([0-9]{4})?$"), name="keptcard_no_number"),
        ]  # fmt: skip
        indexes = [
            models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="keptcard_due"),
            models.Index(fields=["subscription", "-id"], name="keptcard_subscription"),
            models.Index(fields=["page_ref"], condition=~Q(page_ref=""), name="keptcard_page"),
        ]

    def __str__(self) -> str:
        brand = BRANDS.get(self.brand, self.brand) or "カード"
        return f"{brand} 下4けた {self.last4}" if self.last4 else "カード"

    @property
    def last_day(self) -> date | None:
        """The last day on which it is good."""
        if not self.expires_year or not self.expires_month:
            return None
        days = calendar.monthrange(self.expires_year, self.expires_month)[1]
        return date(self.expires_year, self.expires_month, days)

    @property
    def expiry(self) -> str:
        """有効期限 as it stands on a card: 2028年4月."""
        return f"{self.expires_year}年{self.expires_month}月" if self.last_day else ""

    def is_over_on(self, day: date) -> bool:
        """Will it be too old on that day?"""
        return self.last_day is not None and self.last_day < day


class TurnCharge(models.Model):
    """定期便の請求: the money of one turn, asked of the kept card, with the ladder of its tries."""

    subscription = models.ForeignKey(
        "orders.Subscription", models.PROTECT, related_name="charges", verbose_name="定期便"
    )
    order = models.OneToOneField(
        "orders.Order", models.PROTECT, related_name="turn_charge", verbose_name="受注"
    )
    request = models.OneToOneField(
        "payments.PaymentRequest", models.PROTECT, related_name="turn_charge", verbose_name="決済"
    )
    card = models.ForeignKey(
        KeptCard, models.SET_NULL, null=True, blank=True, related_name="charges", verbose_name="カード"
    )
    state = models.CharField("状態", max_length=10, choices=ChargeState, default=ChargeState.DUE)
    tries = models.PositiveSmallIntegerField("請求した回数", default=0)
    next_at = models.DateTimeField("次に請求する日時", null=True, blank=True, default=clock.now)
    declined_on = models.DateField("はじめて通らなかった日", null=True, blank=True)
    cancel_on = models.DateField("見送る日", null=True, blank=True)
    code = models.CharField("通らなかった理由", max_length=60, blank=True)
    began_at = models.DateTimeField("請求を始めた日時", default=clock.now)

    class Meta:
        verbose_name = verbose_name_plural = "定期便の請求"
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="waiting") | Q(declined_on__isnull=False, cancel_on__isnull=False),
                name="turncharge_waits_until",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["held", "given_up"]) | Q(next_at=None), name="turncharge_over_is_over"
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=["due", "waiting"]), name="turncharge_due"),
            models.Index(fields=["cancel_on"], condition=Q(state="waiting"), name="turncharge_cancel"),
            models.Index(fields=["-began_at", "-id"], name="turncharge_began"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request}"
