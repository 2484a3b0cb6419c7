"""見本の決済会社: behaves like the real one, and no money moves. For the demo shop and tests; never on by itself.

It has a page of its own where a visitor chooses what the card company would have said, and sends us signed events.
It keeps nothing: a payment's number says what will become of it (`pi_demo_expired_…` is refused at its capture), and so
does a card's (`pm_demo_declined_…` is declined at every later turn).
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.core import signing as links
from django.db import transaction
from django.urls import reverse

from akinai.adapters.payment_providers.base import notices, signing
from akinai.adapters.payment_providers.null import events
from akinai.core import clock
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

SALT = "akinai.demo_provider"
PAGE_HOURS = 24
# What becomes of a kept card → (what is printed on it, why it is declined at later turns).
CARDS = {
    "good": ("4242", ""), "declined": ("0341", "insufficient_funds"), "wants3ds": ("3184", "authentication_required"),
    "old": ("4242", "expired_card"),
}  # fmt: skip
GOOD_YEARS = 4


def secret() -> str:
    """The key of our twin's signatures: the shop's own, so that nobody else can speak for it."""
    return hashlib.sha256(f"{SALT}{settings.SECRET_KEY}".encode()).hexdigest()


class Null:
    """見本の決済会社."""

    code = "null"
    title = "見本決済"
    kinds: tuple[str, ...] = (PaymentKind.CARD.value, PaymentKind.CONVENIENCE.value)
    pays_at: tuple[str, ...] = ()
    is_ready = True
    is_live = False

    def open_page(self, ask: CheckoutAsk) -> CheckoutPage:
        ref = f"cs_demo_{hashlib.sha256(ask.key.encode()).hexdigest()[:24]}"
        told = {
            "ref": ref, "number": ask.number, "order": ask.order_no, "kind": ask.kind, "yen": ask.amount_yen,
            "shop": ask.shop, "done": ask.done_url, "back": ask.back_url, "consent": ask.consent,
        }  # fmt: skip
        url = reverse("demo_checkout", args=[links.dumps(told, salt=SALT, compress=True)])
        return CheckoutPage(ref, url, clock.now() + timedelta(hours=PAGE_HOURS))

    def find_page(self, ref: str) -> CheckoutPage | None:
        """It keeps nothing; the same key gives the same page."""
        return None

    def close_page(self, ref: str, *, key: str) -> Told:
        return Told()

    def capture(self, ref: str, *, amount_yen: int, key: str) -> Told:
        if ref.startswith("pi_demo_expired"):
            raise ProviderRefused(
                "与信の期限が切れています。", way_out="お客様に新しい決済リンクを送ってください。",
                code="charge_expired_for_capture",
            )  # fmt: skip
        _later(events.succeeded(ref, amount_yen))
        return Told(status="succeeded")

    def release(self, ref: str, *, key: str) -> Told:
        _later(events.canceled(ref))
        return Told(status="canceled")

    def refund(self, ref: str, *, amount_yen: int, request: str, key: str) -> Told:
        """`pi_demo_nofund_…`: taken, and told to have failed a moment later."""
        number = f"re_demo_{hashlib.sha256(key.encode()).hexdigest()[:24]}"
        if ref.startswith("pi_demo_nofund"):
            _later(events.refund_failed(number, ref, amount_yen, key))
            return Told(ref=number, status="pending")
        return Told(ref=number, status="succeeded")

    def find_card(self, ref: str) -> CardTold | None:
        """`pi_demo_keep_good_…`, `seti_demo_keep_old_…`: the number tells which card was chosen on the page."""
        _, _, told = ref.partition("_keep_")
        kind, _, mark = told.partition("_")
        if kind not in CARDS:
            return None
        today = clock.today()
        year = today.year + (0 if kind == "old" else GOOD_YEARS)
        return CardTold(
            f"cus_demo_{mark}", f"pm_demo_{kind}_{mark}", "visa", CARDS[kind][0], year, today.month
        )

    def charge(self, ask: ChargeAsk) -> Told:
        kind = ask.method_ref.removeprefix("pm_demo_").partition("_")[0]
        number = f"pi_demo_{hashlib.sha256(ask.key.encode()).hexdigest()[:24]}"
        if code := CARDS[kind][1]:
            _later(events.declined(number, ask.amount_yen, ask.number, code, ask.key))
            raise CardDeclined(
                "カードが通りませんでした。", way_out="お客様にお支払いをお願いしてください。", code=code
            )
        for event in events.held(number, ask.amount_yen, ask.number):
            _later(event)
        return Told(ref=number, status="requires_capture")

    def forget_card(self, customer_ref: str, method_ref: str, *, key: str) -> Told:
        return Told()

    def verify(self, body: bytes, headers: Mapping[str, str], *, now: datetime) -> dict[str, Any]:
        signing.check(body, headers.get("Stripe-Signature", ""), secret=secret(), now=now)
        return notices.read(body)

    def safe(self, event: Mapping[str, Any]) -> dict[str, Any]:
        return notices.safe(event)

    def notice(self, event: Mapping[str, Any]) -> Notice:
        return notices.notice(event)


def told_of(url: str) -> dict[str, Any]:
    """What a page of ours was opened with. Raises BadSignature for an address that is none."""
    told: dict[str, Any] = links.loads(url.rstrip("/").rsplit("/", 1)[-1], salt=SALT)
    return told


def deliver(body: bytes) -> None:
    """Send ourselves one event, signed, through the door where the real ones come in."""
    from akinai.payments import services

    now = clock.now()
    services.receive_webhook("null", body, {"Stripe-Signature": signing.sign(body, secret=secret(), at=now)})


def _later(body: bytes) -> None:
    """After the act that caused it, as from outside."""
    transaction.on_commit(lambda: deliver(body), robust=True)
