"""決済会社とのやりとり: what we ask of a provider (ProviderCall), what it tells us (WebhookEvent), and which are in use."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import Q

from akinai.core import clock
from akinai.payments.states import CALL_OPEN, CallState, CallVerb, EventState


class ProviderSwitch(models.Model):
    """決済会社の入・切. Without a row a real provider is in use once its keys are there, and the demo's twin is not."""

    provider = models.CharField("決済会社", max_length=20, unique=True)
    is_on = models.BooleanField("使う")
    switched_at = models.DateTimeField("切替日時", default=clock.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )

    class Meta:
        verbose_name = verbose_name_plural = "決済会社の設定"

    def __str__(self) -> str:
        return self.provider


class ProviderCall(models.Model):
    """決済会社への依頼: one act asked for, in the transaction that needs it, and done after commit.

    `key` goes to the provider too, so that asking twice is doing once.
    """

    request = models.ForeignKey(
        "payments.PaymentRequest", models.PROTECT, related_name="calls", verbose_name="決済"
    )
    verb = models.CharField("依頼", max_length=10, choices=CallVerb)
    amount_yen = models.BigIntegerField("金額", default=0)
    key = models.CharField("重複防止キー", max_length=160, unique=True)
    state = models.CharField("状態", max_length=10, choices=CallState, default=CallState.WAITING)
    tries = models.PositiveSmallIntegerField("回数", default=0)
    next_at = models.DateTimeField("次に試す時刻", default=clock.now)
    provider_ref = models.CharField("決済会社の番号", max_length=120, blank=True)
    error = models.CharField("断られた理由", max_length=300, blank=True)
    code = models.CharField("理由のコード", max_length=60, blank=True)
    asked_at = models.DateTimeField("依頼日時", default=clock.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+", verbose_name="担当者"
    )
    done_at = models.DateTimeField("完了日時", null=True, blank=True)
    resolution = models.CharField("解決", max_length=200, blank=True)

    class Meta:
        verbose_name = verbose_name_plural = "決済会社への依頼"
        constraints = [
            models.CheckConstraint(
                condition=Q(amount_yen__gt=0, verb__in=["capture", "refund", "charge"])
                | Q(amount_yen=0, verb__in=["release", "close"]),
                name="providercall_amount",
            ),
            # What is held is taken or let go, once; and not both.
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(verb__in=["capture", "release"], state__in=["waiting", "asking", "done"]),
                name="providercall_one_end_of_a_hold",
            ),
            # A kept card is asked for the money of one 決済 once at a time, and never again once it has given it.
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(verb="charge", state__in=["waiting", "asking", "done"]),
                name="providercall_one_charge",
            ),
        ]
        indexes = [
            models.Index(fields=["next_at"], condition=Q(state__in=["waiting", "asking"]), name="providercall_due"),
            models.Index(fields=["state", "-id"], condition=Q(state__in=["refused", "failed"]), name="providercall_open"),
            models.Index(fields=["provider_ref"], condition=~Q(provider_ref=""), name="providercall_ref"),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.request} {self.get_verb_display()}"

    @property
    def is_unanswered(self) -> bool:
        """Does it wait for a person?"""
        return self.state in CALL_OPEN


class WebhookEvent(models.Model):
    """決済会社からの知らせ: taken in once by its number, whatever it says; what it does is done afterwards.

    Only numbers, amounts and states of it are kept (`payload`); names, addresses and cards are not.
    """

    provider = models.CharField("決済会社", max_length=20)
    event_id = models.CharField("知らせの番号", max_length=255)
    type = models.CharField("種類", max_length=100)
    is_live = models.BooleanField("本番")
    created_at = models.DateTimeField("決済会社の時刻")
    received_at = models.DateTimeField("受信日時", default=clock.now)
    object_id = models.CharField("対象の番号", max_length=255, blank=True)
    is_final = models.BooleanField("取り消せない知らせ", default=False)
    payload = models.JSONField("内容", default=dict)
    state = models.CharField("状態", max_length=10, choices=EventState, default=EventState.RECEIVED)
    tries = models.PositiveSmallIntegerField("回数", default=0)
    next_at = models.DateTimeField("次に試す時刻", default=clock.now)
    error = models.CharField("理由", max_length=300, blank=True)
    handled_at = models.DateTimeField("処理日時", null=True, blank=True)
    request = models.ForeignKey(
        "payments.PaymentRequest", models.PROTECT, null=True, blank=True, related_name="told",
        verbose_name="決済",
    )  # fmt: skip

    class Meta:
        verbose_name = verbose_name_plural = "決済会社からの知らせ"
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="webhookevent_once"),
        ]
        indexes = [
            models.Index(fields=["-received_at", "-id"], name="webhookevent_received"),
            models.Index(fields=["next_at"], condition=Q(state="received"), name="webhookevent_due"),
            models.Index(fields=["state", "-id"], condition=Q(state="failed"), name="webhookevent_failed"),
            models.Index(fields=["object_id"], condition=Q(is_final=True), name="webhookevent_final"),
        ]

    def __str__(self) -> str:
        return self.event_id
