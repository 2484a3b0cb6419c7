"""Asking Stripe (問い合わせ): one client per act, and its refusals in our words. Bodies and keys are never logged."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from django.conf import settings

from akinai.payments.provider_ports import CardDeclined, ProviderRefused, ProviderUnreachable

if TYPE_CHECKING:
    from stripe import HTTPClient, StripeClient

SECONDS = 20
transport: HTTPClient | None = None  # tests put their own here

WORDS = {
    "charge_expired_for_capture": "与信の期限が切れています。",
    "payment_intent_unexpected_state": "この決済は、もうこの操作ができる状態ではありません。",
    "charge_already_refunded": "すでに全額が返金されています。",
    "charge_already_captured": "すでに売上確定されています。",
    "charge_disputed": "異議申立が出ているため、返金できません。",
    "amount_too_large": "金額が、残っている金額より大きくなっています。",
    "balance_insufficient": "Stripe の残高が足りません。",
    "resource_missing": "Stripe にこの決済がありません（本番とテストの鍵が違うかもしれません）。",
}


def client_of(key: str) -> StripeClient:
    """A client for one act. The library is big, so it is loaded when it is needed."""
    import stripe

    stripe.enable_telemetry = False
    logging.getLogger("stripe").setLevel(logging.WARNING)
    return stripe.StripeClient(
        key, max_network_retries=1, http_client=transport or stripe.RequestsClient(timeout=SECONDS)
    )


@contextmanager
def asking(*, is_done: tuple[str, ...] = ()) -> Iterator[StripeClient]:
    """One act at Stripe. `is_done`: states (or codes) of a refusal which say that it was done before, as we wanted.

    Raises ProviderRefused where asking again is of no use, ProviderUnreachable where it is.
    """
    import stripe

    if not settings.STRIPE_SECRET_KEY:
        raise ProviderUnreachable(
            "Stripe の鍵が設定されていません。",
            way_out="システム担当者に、決済会社の鍵の設定を頼んでください。",
        )
    try:
        yield client_of(settings.STRIPE_SECRET_KEY)
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise ProviderUnreachable(
            "Stripe が鍵を受け付けません。", way_out="鍵（AKINAI_STRIPE_SECRET_KEY）を確かめてください。"
        ) from error
    except (stripe.CardError, stripe.InvalidRequestError, stripe.IdempotencyError) as error:
        if _state_of(error) in is_done or (error.code or "") in is_done:
            return
        raise _refused(error) from error
    except stripe.StripeError as error:
        raise ProviderUnreachable(
            "Stripe に届きません。", way_out="しばらくして、もう一度試します。"
        ) from error


def _state_of(error: Any) -> str:
    """The state of the payment or page that the refusal tells of."""
    told = getattr(error, "error", None)
    payment = getattr(told, "payment_intent", None)
    if payment is not None:
        return str(payment.get("status", "") if isinstance(payment, dict) else getattr(payment, "status", ""))
    # A page tells its state only in words: "Only Checkout Sessions with a status in ["open"] can be expired …"
    text = str(getattr(told, "message", "") or "")
    return next(
        (state for state in ("complete", "expired") if f"status of {state}" in text or f"is {state}" in text),
        "",
    )


def _refused(error: Any) -> ProviderRefused:
    import stripe

    code = error.code or getattr(error, "decline_code", "") or type(error).__name__
    if isinstance(error, stripe.CardError):
        why = str(getattr(error.error, "decline_code", "") or code)[:60]
        return CardDeclined(
            "カードが通りませんでした。", way_out="お客様にお支払いをお願いしてください。", code=why
        )
    said = WORDS.get(code, f"Stripe が断りました（{code}）。")
    return ProviderRefused(
        said, way_out="Stripe の管理画面で、この決済を確かめてください。", code=str(code)[:60]
    )
