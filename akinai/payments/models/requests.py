"""決済: one attempt to be paid through a card company, a wallet, a コンビニ or a 後払い company, and how far it got."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from akinai.core import clock
from akinai.orders.payment_methods import METHODS
from akinai.payments.states import REQUEST_MOVES, RequestState

OPEN = ["requested", "authorised", "captured", "partly_refunded", "disputed"]
KINDS = [(kind.value, kind.label) for kind, method in METHODS.items() if method.has_request]


class PaymentRequest(models.Model):
    """決済. It says that the money is promised; that it has come is said by `Payment`, from the provider's settlement."""

    MOVES = REQUEST_MOVES

    number = models.CharField("決済番号", max_length=20, unique=True)
    order = models.ForeignKey(
        "orders.Order", models.PROTECT, related_name="payment_requests", verbose_name="受注"
    )
    kind = models.CharField("支払方法", max_length=20, choices=KINDS)
    state = models.CharField("状態", max_length=20, choices=RequestState, default=RequestState.REQUESTED)
    provider = models.CharField("決済会社", max_length=40)
    provider_ref = models.CharField("決済会社の番号", max_length=120, blank=True)
    amount_yen = models.BigIntegerField("金額")
    refunded_yen = models.BigIntegerField("返金額", default=0)
    requested_at = models.DateTimeField("申込日時", default=clock.now)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )
    authorised_at = models.DateTimeField("与信日時", null=True, blank=True)
    expires_on = models.DateField("与信・支払の期限", null=True, blank=True)
    captured_at = models.DateTimeField("売上確定日時", null=True, blank=True)
    answer_by = models.DateField("異議申立の回答期限", null=True, blank=True)
    # Where a door of ours asks the provider and hears from it; "" where a clerk moves it by hand or by file.
    door = models.CharField("接続", max_length=20, blank=True)
    is_live = models.BooleanField("本番", default=True)
    page_ref = models.CharField("決済ページの番号", max_length=120, blank=True)
    page_until = models.DateTimeField("決済ページの期限", null=True, blank=True)
    pages = models.PositiveSmallIntegerField("開いた決済ページ", default=0)
    told_at = models.DateTimeField("最後の知らせの時刻", null=True, blank=True)
    last_told = models.CharField("最後の知らせ", max_length=200, blank=True)
    disputed_yen = models.BigIntegerField("異議申立の金額", default=0)
    dispute_ref = models.CharField("異議申立の番号", max_length=120, blank=True)
    dispute_reason = models.CharField("異議申立の理由", max_length=60, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "決済"
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "provider_ref"], condition=~Q(provider_ref=""), name="paymentrequest_once"
            ),
            # Two attempts must not both hold the buyer's money.
            models.UniqueConstraint(
                fields=["order"],
                condition=Q(state__in=OPEN),
                name="paymentrequest_one_open_per_order",
            ),
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0, refunded_yen__gte=0) & Q(refunded_yen__lte=F("amount_yen")),
                name="paymentrequest_never_refunds_more",
            ),
            models.CheckConstraint(
                condition=Q(state="partly_refunded", refunded_yen__gt=0, refunded_yen__lt=F("amount_yen"))
                | Q(state="refunded", refunded_yen=F("amount_yen"))
                | Q(state__in=["disputed", "lost", "captured"])
                | Q(refunded_yen=0, state__in=["requested", "authorised", "cancelled", "expired", "failed"]),
                name="paymentrequest_state_follows_money",
            ),
        ]
        indexes = [
            models.Index(
                fields=["answer_by", "id"], condition=Q(state="disputed"), name="paymentrequest_disputed"
            ),
            models.Index(
                fields=["expires_on", "id"],
                condition=Q(state__in=["requested", "authorised"]),
                name="paymentrequest_expiry",
            ),
            models.Index(fields=["-requested_at", "-id"], name="paymentrequest_requested"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_open(self) -> bool:
        """Does this attempt hold, or may it still get, the buyer's money?"""
        return self.state in OPEN

    @property
    def left_yen(self) -> int:
        """What may still be refunded."""
        return self.amount_yen - self.refunded_yen
