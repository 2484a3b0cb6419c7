"""Stripe: the hosted page with EMV 3-D Secure, and what is done with a payment afterwards. No card number ever reaches us.

The keys are `AKINAI_STRIPE_SECRET_KEY` and `AKINAI_STRIPE_WEBHOOK_SECRET` of the environment, or files of the home; nothing of
them is written anywhere else. Cards are only authorised here (manual capture); the money is taken when the goods leave.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from akinai.adapters.payment_providers.base import notices, signing
from akinai.adapters.payment_providers.stripe.client import asking
from akinai.orders.payment_methods import PaymentKind
from akinai.payments.provider_ports import (
    CardDeclined,
    CardTold,
    ChargeAsk,
    CheckoutAsk,
    CheckoutPage,
    Notice,
    ProviderRefused,
    Told,
)

LEAST_YEN, MOST_YEN = 50, 99_999_999
MANUAL = {"capture_method": "manual"}
LONGEST_TEXT = 1200


class Stripe:
    """決済会社 Stripe."""

    code = "stripe"
    title = "Stripe"
    kinds: tuple[str, ...] = (PaymentKind.CARD.value, PaymentKind.CONVENIENCE.value)
    pays_at: tuple[str, ...] = ("https://checkout.stripe.com",)

    @property
    def is_ready(self) -> bool:
        """Both keys are there."""
        return bool(settings.STRIPE_SECRET_KEY and settings.STRIPE_WEBHOOK_SECRET)

    @property
    def is_live(self) -> bool:
        """本番の鍵: real money. The key itself says so."""
        return settings.STRIPE_SECRET_KEY.startswith(("sk_live_", "rk_live_"))

    def open_page(self, ask: CheckoutAsk) -> CheckoutPage:
        if not _only_registers(ask):
            _refuse_amount(ask.amount_yen)
        with asking() as client:
            made = client.v1.checkout.sessions.create(params=_page(ask), options={"idempotency_key": ask.key})
        return _shown(made)

    def find_page(self, ref: str) -> CheckoutPage | None:
        with asking() as client:
            found = client.v1.checkout.sessions.retrieve(ref)
        return _shown(found) if found.status == "open" and found.url else None

    def close_page(self, ref: str, *, key: str) -> Told:
        with asking(is_done=("complete", "expired", "resource_missing")) as client:
            client.v1.checkout.sessions.expire(ref, options={"idempotency_key": key})
        return Told()

    def capture(self, ref: str, *, amount_yen: int, key: str) -> Told:
        """売上確定. What is not taken of the authorisation is free again at once."""
        with asking(is_done=("succeeded",)) as client:
            client.v1.payment_intents.capture(
                ref, params={"amount_to_capture": amount_yen}, options={"idempotency_key": key}
            )
        return Told(status="succeeded")

    def release(self, ref: str, *, key: str) -> Told:
        with asking(is_done=("canceled",)) as client:
            client.v1.payment_intents.cancel(ref, options={"idempotency_key": key})
        return Told(status="canceled")

    def refund(self, ref: str, *, amount_yen: int, request: str, key: str) -> Told:
        named: Any = {notices.REQUEST: request, notices.CALL: key}
        with asking() as client:
            made = client.v1.refunds.create(
                params={"payment_intent": ref, "amount": amount_yen, "metadata": named},
                options={"idempotency_key": key},
            )
        return Told(ref=made.id, status=made.status or "")

    def find_card(self, ref: str) -> CardTold | None:
        with asking() as client:
            found: Any
            if ref.startswith("seti_"):
                found = client.v1.setup_intents.retrieve(ref, params={"expand": ["payment_method"]})
            else:
                found = client.v1.payment_intents.retrieve(ref, params={"expand": ["payment_method"]})
        return _card(found)

    def charge(self, ask: ChargeAsk) -> Told:
        """与信 without the buyer. Where his bank wants to see him, Stripe refuses at once instead of waiting for him."""
        _refuse_amount(ask.amount_yen)
        named: Any = {notices.REQUEST: ask.number}
        with asking() as client:
            made = client.v1.payment_intents.create(
                params={
                    "amount": ask.amount_yen, "currency": "jpy", "customer": ask.customer_ref, "payment_method": ask.method_ref,
                    "allowed_payment_method_types": ["card"], "off_session": True, "confirm": True, "capture_method": "manual",
                    "metadata": named, "description": f"{ask.order_no} {ask.number}",
                },
                options={"idempotency_key": ask.key},
            )  # fmt: skip
        if made.status not in ("requires_capture", "succeeded"):
            raise CardDeclined(
                "カードの確認が済みませんでした。", way_out="お客様にお支払いをお願いしてください。",
                code="authentication_required",
            )  # fmt: skip
        return Told(ref=made.id, status=made.status)

    def forget_card(self, customer_ref: str, method_ref: str, *, key: str) -> Told:
        """The card is taken off, then the customer whom the page made for it is deleted there."""
        gone = ("resource_missing", "payment_method_unexpected_state")
        if method_ref:
            with asking(is_done=gone) as client:
                client.v1.payment_methods.detach(method_ref, options={"idempotency_key": f"{key}/card"})
        if customer_ref:
            with asking(is_done=gone) as client:
                client.v1.customers.delete(customer_ref)
        return Told()

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
        """The event, once its signature over the raw bytes is ours. Raises BadSignature, BadNotice."""
        signing.check(
            body, headers.get("Stripe-Signature", ""), secret=settings.STRIPE_WEBHOOK_SECRET, now=now
        )
        return notices.read(body)

    def safe(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return notices.safe(event)

    def notice(self, event: Mapping[str, Any]) -> Notice:
        return notices.notice(event)


def _only_registers(ask: CheckoutAsk) -> bool:
    """Is it a page where a card is registered and nothing is paid?"""
    return bool(ask.consent) and not ask.amount_yen


def _refuse_amount(yen: int) -> None:
    if not LEAST_YEN <= yen <= MOST_YEN:
        raise ProviderRefused(
            f"Stripe で決済できるのは {LEAST_YEN} 円から {MOST_YEN:,} 円までです。",
            way_out="ほかの支払方法をご案内ください。",
        )


def _card(found: Any) -> CardTold | None:
    """The card of a payment or a registration. `found.customer`, `.payment_method` are set once the buyer is through."""
    method = getattr(found, "payment_method", None)
    if not found.customer or not method or isinstance(method, str):
        return None
    card = getattr(method, "card", None)
    customer = found.customer if isinstance(found.customer, str) else found.customer.id
    if card is None:
        return CardTold(customer, method.id)
    return CardTold(
        customer,
        method.id,
        str(card.brand or "")[:20],
        str(card.last4 or "")[:4],
        card.exp_year,
        card.exp_month,
    )


def _page(ask: CheckoutAsk) -> Any:
    """What Stripe is asked for: one line, its sum, and 3-D Secure for every card that has it.

    Ways of paying are named by `allowed_…`: the older `payment_method_types` is refused since the API of 2026-09-30.
    """
    if _only_registers(ask):
        return _registering(ask)
    named = {notices.REQUEST: ask.number}
    item = {
        "currency": "jpy",
        "unit_amount": ask.amount_yen,
        "product_data": {"name": f"{ask.shop} ご注文 {ask.order_no}"[:250]},
    }
    told: dict[str, Any] = {
        "mode": "payment", "locale": "ja", "client_reference_id": ask.number, "metadata": named,
        "line_items": [{"quantity": 1, "price_data": item}], "success_url": ask.done_url, "cancel_url": ask.back_url,
        "payment_intent_data": {"metadata": named, "description": f"{ask.order_no} {ask.number}"},
    }  # fmt: skip
    if ask.email:
        told["customer_email"] = ask.email
    if ask.kind == PaymentKind.CONVENIENCE:
        days = max(min((ask.pay_by - datetime.now(UTC).date()).days, 60), 1)
        told["allowed_payment_method_types"] = ["konbini"]
        told["payment_method_options"] = {"konbini": {"expires_after_days": days}}
    else:
        told["allowed_payment_method_types"] = ["card"]
        told["payment_method_options"] = {"card": {"request_three_d_secure": "any"}}
        told["payment_intent_data"] |= MANUAL
        if ask.consent:
            told["payment_intent_data"]["setup_future_usage"] = "off_session"
            told["customer_creation"] = "always"
            told["custom_text"] = _consent(ask)
    return told


def _consent(ask: CheckoutAsk) -> Any:
    return {"submit": {"message": ask.consent[:LONGEST_TEXT]}}


def _registering(ask: CheckoutAsk) -> Any:
    """A page for the card alone; 3-D Secure is asked for now, so that later turns need the buyer seldom."""
    told: dict[str, Any] = {
        "mode": "setup", "locale": "ja", "currency": "jpy", "client_reference_id": ask.number,
        "metadata": {notices.REQUEST: ask.number}, "customer_creation": "always", "allowed_payment_method_types": ["card"],
        "payment_method_options": {"card": {"request_three_d_secure": "any"}}, "custom_text": _consent(ask),
        "success_url": ask.done_url, "cancel_url": ask.back_url,
    }  # fmt: skip
    if ask.email:
        told["customer_email"] = ask.email
    return told


def _shown(session: Any) -> CheckoutPage:
    return CheckoutPage(session.id, session.url, datetime.fromtimestamp(session.expires_at, tz=UTC))
