"""Stripe's door: what it is asked for, to the last parameter, and what is made of its answers. The network is a stand-in."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import parse_qsl

import pytest
import stripe

from akinai.adapters.payment_providers.base import notices, signing
from akinai.adapters.payment_providers.stripe import Stripe, client
from akinai.payments.provider_ports import (
    BadNotice,
    BadSignature,
    CardDeclined,
    CardTold,
    ChargeAsk,
    CheckoutAsk,
    Heard,
    ProviderRefused,
    ProviderUnreachable,
)

NOW = datetime(2026, 11, 24, 3, 0, tzinfo=UTC)
SECRET = "whsec_test"


class Wire(stripe.HTTPClient):
    """Answers what was laid ready, and keeps what was asked."""

    name = "wire"

    def __init__(self, *answers: tuple[int, dict[str, Any]]) -> None:
        super().__init__()
        self.answers = list(answers)
        self.asked: list[tuple[str, str, dict[str, str], str]] = []

    def request(self, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        body = dict(parse_qsl(post_data or "", keep_blank_values=True))
        path = url.split("api.stripe.com", 1)[-1]
        self.asked.append((method, path, body, headers.get("Idempotency-Key", "")))
        status, told = self.answers.pop(0)
        return json.dumps(told), status, {}

    def request_stream(self, method: str, url: str, headers: Any, post_data: Any = None) -> Any:
        raise NotImplementedError

    def close(self) -> None:
        pass

    def _sleep_time_seconds(self, *args: Any, **kwargs: Any) -> float:
        return 0.0


@pytest.fixture
def wire(monkeypatch: Any, settings: Any) -> Any:
    settings.STRIPE_SECRET_KEY, settings.STRIPE_WEBHOOK_SECRET = "sk_test_1", SECRET

    def lay(*answers: tuple[int, dict[str, Any]]) -> Wire:
        made = Wire(*answers)
        monkeypatch.setattr(client, "transport", made)
        return made

    return lay


def ask(kind: str = "card", yen: int = 9340) -> CheckoutAsk:
    return CheckoutAsk(
        "PQ-2026-000001", "SO-2026-000123", kind, yen, "茶と器 みほん", "aoki@example.com",
        "https://shop.example.jp/pay/x/done/", "https://shop.example.jp/pay/x/", date(2036, 12, 1), "PQ-2026-000001/page/0",
    )  # fmt: skip


SESSION = {
    "id": "cs_test_1", "object": "checkout.session", "url": "https://checkout.stripe.com/c/pay/cs_test_1", "status": "open",
    "expires_at": 1_795_600_000,
}  # fmt: skip


def refusal(code: str, **more: Any) -> tuple[int, dict[str, Any]]:
    return 400, {"error": {"type": "invalid_request_error", "code": code, "message": code} | more}


def test_the_page_is_asked_for_with_3d_secure_and_takes_no_money_yet(wire: Any) -> None:
    line = wire((200, SESSION))
    page = Stripe().open_page(ask())
    ((method, path, told, key),) = line.asked
    assert (method, path, key) == ("post", "/v1/checkout/sessions", "PQ-2026-000001/page/0")
    assert told == {
        "mode": "payment", "locale": "ja", "client_reference_id": "PQ-2026-000001",
        "metadata[akinai_request]": "PQ-2026-000001", "customer_email": "aoki@example.com",
        "line_items[0][quantity]": "1", "line_items[0][price_data][currency]": "jpy",
        "line_items[0][price_data][unit_amount]": "9340",
        "line_items[0][price_data][product_data][name]": "茶と器 みほん ご注文 SO-2026-000123",
        "success_url": "https://shop.example.jp/pay/x/done/", "cancel_url": "https://shop.example.jp/pay/x/",
        "allowed_payment_method_types[0]": "card", "payment_method_options[card][request_three_d_secure]": "any",
        "payment_intent_data[capture_method]": "manual", "payment_intent_data[metadata][akinai_request]": "PQ-2026-000001",
        "payment_intent_data[description]": "SO-2026-000123 PQ-2026-000001",
    }  # fmt: skip
    assert (page.ref, page.url, page.expires_at.tzinfo) == ("cs_test_1", SESSION["url"], UTC)


def test_a_store_payment_has_days_and_no_authorisation(wire: Any) -> None:
    line = wire((200, SESSION))
    Stripe().open_page(ask("convenience"))
    told = line.asked[0][2]
    assert told["allowed_payment_method_types[0]"] == "konbini"
    assert told["payment_method_options[konbini][expires_after_days]"] == "60"
    assert "payment_intent_data[capture_method]" not in told


def test_less_than_stripe_takes_is_refused_before_it_is_asked(wire: Any) -> None:
    line = wire()
    with pytest.raises(ProviderRefused, match="50 円から"):
        Stripe().open_page(ask(yen=49))
    assert line.asked == []


def test_a_page_is_found_while_it_is_open_only(wire: Any) -> None:
    wire((200, SESSION), (200, SESSION | {"status": "expired", "url": None}))
    assert Stripe().find_page("cs_test_1") is not None
    assert Stripe().find_page("cs_test_1") is None


def test_acts_carry_their_key_and_their_yen(wire: Any) -> None:
    payment = {"id": "pi_1", "object": "payment_intent", "status": "succeeded"}
    refund = {"id": "re_1", "object": "refund", "status": "pending"}
    line = wire((200, payment), (200, payment), (200, refund), (200, SESSION))
    door = Stripe()
    door.capture("pi_1", amount_yen=900, key="k1")
    door.release("pi_1", key="k2")
    told = door.refund("pi_1", amount_yen=80, request="PQ-2026-000001", key="k3")
    door.close_page("cs_test_1", key="k4")
    assert line.asked == [
        ("post", "/v1/payment_intents/pi_1/capture", {"amount_to_capture": "900"}, "k1"),
        ("post", "/v1/payment_intents/pi_1/cancel", {}, "k2"),
        ("post", "/v1/refunds", {"payment_intent": "pi_1", "amount": "80", "metadata[akinai_request]": "PQ-2026-000001",
                                 "metadata[akinai_call]": "k3"}, "k3"),
        ("post", "/v1/checkout/sessions/cs_test_1/expire", {}, "k4"),
    ]  # fmt: skip
    assert (told.ref, told.status) == ("re_1", "pending")


def test_what_was_done_before_is_done(wire: Any) -> None:
    """The first answer was lost on its way, and the provider's memory of our key is over."""
    wire(
        refusal(
            "payment_intent_unexpected_state",
            payment_intent={"id": "pi_1", "object": "payment_intent", "status": "succeeded"},
        )
    )
    assert Stripe().capture("pi_1", amount_yen=900, key="k").status == "succeeded"
    wire(
        refusal(
            "payment_intent_unexpected_state",
            payment_intent={"id": "pi_1", "object": "payment_intent", "status": "canceled"},
        )
    )
    assert Stripe().release("pi_1", key="k").status == "canceled"


def test_a_no_is_told_from_a_maybe(wire: Any) -> None:
    wire(refusal("charge_expired_for_capture"))
    with pytest.raises(ProviderRefused, match="与信の期限") as said:
        Stripe().capture("pi_1", amount_yen=900, key="k")
    assert said.value.code == "charge_expired_for_capture"
    wire(
        refusal(
            "payment_intent_unexpected_state",
            payment_intent={"id": "pi_1", "object": "payment_intent", "status": "canceled"},
        )
    )
    with pytest.raises(ProviderRefused):
        Stripe().capture("pi_1", amount_yen=900, key="k")
    for status in (401, 403, 429, 500, 503):
        told = (status, {"error": {"type": "api_error", "message": "sk_test_1 x"}})
        wire(told, told)
        with pytest.raises(ProviderUnreachable) as away:
            Stripe().capture("pi_1", amount_yen=900, key="k")
        assert "sk_test_1" not in str(away.value)


def test_without_a_key_nothing_is_asked(settings: Any) -> None:
    settings.STRIPE_SECRET_KEY = ""
    assert Stripe().is_ready is False
    with pytest.raises(ProviderUnreachable, match="鍵が設定されていません"):
        Stripe().release("pi_1", key="k")


def test_the_key_says_whether_money_is_real(settings: Any) -> None:
    for key, is_live in (
        ("sk_live_1", True),
        ("rk_live_1", True),
        ("sk_test_1", False),
        ("rk_test_1", False),
    ):
        settings.STRIPE_SECRET_KEY = key
        assert Stripe().is_live is is_live


def test_a_signature_of_the_library_is_one_of_ours(settings: Any) -> None:
    settings.STRIPE_WEBHOOK_SECRET = SECRET
    body = json.dumps({"id": "evt_1", "type": "x", "created": 1, "data": {"object": {}}}).encode()
    at = int(NOW.timestamp())
    theirs = stripe.WebhookSignature._compute_signature(f"{at}.{body.decode()}", SECRET)
    headers = {"Stripe-Signature": f"t={at},v1=00ff,v1={theirs},v0=zz"}
    assert Stripe().verify(body, headers, now=NOW)["id"] == "evt_1"
    assert stripe.WebhookSignature.verify_header(
        body.decode(), signing.sign(body, secret=SECRET, at=NOW), SECRET, tolerance=None
    )
    settings.STRIPE_WEBHOOK_SECRET = ""
    with pytest.raises(BadSignature):
        Stripe().verify(body, headers, now=NOW)


def event(kind: str, inner: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "evt_1",
        "type": kind,
        "created": int(NOW.timestamp()),
        "livemode": True,
        "data": {"object": inner},
    }


def test_what_is_kept_of_a_notice_names_nobody() -> None:
    charge = {
        "id": "ch_1", "object": "charge", "amount": 9340, "currency": "jpy", "captured": False, "payment_intent": "pi_1",
        "billing_details": {"name": "青木 美咲", "email": "aoki@example.com", "address": {"postal_code": "1500001"}},
        "receipt_email": "aoki@example.com", "metadata": {"akinai_request": "PQ-2026-000001", "memo": "青木"},
        "payment_method_details": {"card": {"last4": "4242", "fingerprint": "f", "capture_before": 1_798_160_400}},
    }  # fmt: skip
    kept = notices.safe(event("charge.succeeded", charge))
    text = json.dumps(kept, ensure_ascii=False)
    assert not [word for word in ("青木", "example.com", "4242", "1500001", "fingerprint") if word in text]
    told = notices.notice(kept)
    assert (told.heard, told.payment_ref, told.request, told.yen, told.until) == (
        Heard.AUTHORISED, "pi_1", "PQ-2026-000001", 9340, date(2026, 12, 25),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "inner", "heard", "yen"),
    [
        ("checkout.session.completed", {"payment_status": "unpaid", "status": "complete", "amount_total": 5}, Heard.WAITING, 5),
        ("checkout.session.completed", {"payment_status": "paid", "status": "complete", "amount_total": 5}, Heard.OTHER, 5),
        ("payment_intent.succeeded", {"object": "payment_intent", "amount_received": 7}, Heard.PAID, 7),
        ("charge.succeeded", {"captured": True, "amount": 7}, Heard.OTHER, 0),
        ("charge.refunded", {"amount_refunded": 80}, Heard.REFUNDED, 80),
        ("payout.paid", {"amount": -300}, Heard.PAYOUT, -300),
        ("customer.created", {}, Heard.OTHER, 0),
    ],
)  # fmt: skip
def test_each_notice_has_one_meaning(kind: str, inner: dict[str, Any], heard: Heard, yen: int) -> None:
    told = notices.notice(event(kind, {"id": "x"} | inner))
    assert (told.heard, told.yen) == (heard, yen)


def test_a_notice_without_its_own_facts_is_none() -> None:
    good = event("payment_intent.succeeded", {"id": "pi_1", "object": "payment_intent", "amount_received": 5})
    for broken in ({"id": ""}, {"type": 5}, {"created": "now"}, {"created": 10**15}, {"data": None}):
        with pytest.raises(BadNotice):
            notices.notice(good | broken)
    for amount in (-1, True, "5", 1.5, None, 10**14):
        with pytest.raises(BadNotice):
            notices.notice(event("payment_intent.succeeded", {"id": "pi_1", "amount_received": amount}))
    for body in (b"", b"[]", b"{}", b'{"data": []}', b"[" * 100_000, b"\xff\xfe"):
        with pytest.raises(BadNotice):
            notices.read(body)


CONSENT = "カードを預かります。"
METHOD = {
    "id": "pm_1", "object": "payment_method",
    "card": {"brand": "visa", "last4": "4242", "exp_year": 2030, "exp_month": 4},
}  # fmt: skip


def test_a_page_that_keeps_the_card_says_so_and_makes_a_customer(wire: Any) -> None:
    line = wire((200, SESSION))
    Stripe().open_page(replace(ask(), consent=CONSENT))
    told = line.asked[0][2]
    assert told["payment_intent_data[setup_future_usage]"] == "off_session"
    assert (told["customer_creation"], told["custom_text[submit][message]"]) == ("always", CONSENT)
    assert told["payment_intent_data[capture_method]"] == "manual"


def test_a_page_for_the_card_alone_asks_for_no_money(wire: Any) -> None:
    line = wire((200, SESSION))
    Stripe().open_page(replace(ask(yen=0), consent=CONSENT))
    told = line.asked[0][2]
    assert (told["mode"], told["customer_creation"], told["currency"]) == ("setup", "always", "jpy")
    assert told["payment_method_options[card][request_three_d_secure]"] == "any"
    assert not [name for name in told if name.startswith(("line_items", "payment_intent_data"))]


def test_a_kept_card_is_known_by_its_last_digits(wire: Any) -> None:
    intent = {"id": "pi_1", "object": "payment_intent", "customer": "cus_1", "payment_method": METHOD}
    setup = {"id": "seti_1", "object": "setup_intent", "customer": None, "payment_method": None}
    line = wire((200, intent), (200, setup))
    assert Stripe().find_card("pi_1") == CardTold("cus_1", "pm_1", "visa", "4242", 2030, 4)
    assert Stripe().find_card("seti_1") is None
    assert [path.partition("?")[0] for _, path, _, _ in line.asked] == [
        "/v1/payment_intents/pi_1",
        "/v1/setup_intents/seti_1",
    ]


def test_a_turn_is_held_without_its_buyer(wire: Any) -> None:
    line = wire((200, {"id": "pi_9", "object": "payment_intent", "status": "requires_capture"}))
    told = Stripe().charge(
        ChargeAsk("cus_1", "pm_1", 2710, "PQ-2026-000009", "SC-2026-000001-2", "PQ-2026-000009/charge/1")
    )
    assert (told.ref, told.status) == ("pi_9", "requires_capture")
    assert line.asked == [
        ("post", "/v1/payment_intents", {
            "amount": "2710", "currency": "jpy", "customer": "cus_1", "payment_method": "pm_1", "allowed_payment_method_types[0]": "card",
            "off_session": "true", "confirm": "true", "capture_method": "manual",
            "metadata[akinai_request]": "PQ-2026-000009", "description": "SC-2026-000001-2 PQ-2026-000009",
        }, "PQ-2026-000009/charge/1"),
    ]  # fmt: skip


def test_a_card_that_is_declined_says_why_and_another_fault_is_none_of_the_buyers(wire: Any) -> None:
    turn = ChargeAsk("cus_1", "pm_1", 2710, "PQ-1", "SC-1", "PQ-1/charge/1")
    card = (
        402,
        {
            "error": {
                "type": "card_error",
                "code": "card_declined",
                "decline_code": "insufficient_funds",
                "message": "x",
            }
        },
    )
    shy = (402, {"error": {"type": "card_error", "code": "authentication_required", "message": "x"}})
    waits = (200, {"id": "pi_9", "object": "payment_intent", "status": "requires_action"})
    wire(card, shy, waits, refusal("resource_missing"))
    said = []
    for _ in range(4):
        with pytest.raises(ProviderRefused) as no:
            Stripe().charge(turn)
        said.append((type(no.value), no.value.code))
    assert said == [
        (CardDeclined, "insufficient_funds"), (CardDeclined, "authentication_required"),
        (CardDeclined, "authentication_required"), (ProviderRefused, "resource_missing"),
    ]  # fmt: skip


def test_a_card_is_forgotten_with_the_customer_that_was_made_for_it(wire: Any) -> None:
    line = wire((200, {"id": "pm_1", "object": "payment_method"}), refusal("resource_missing"))
    Stripe().forget_card("cus_1", "pm_1", key="card/1/forget")
    assert [(how, path) for how, path, _, _ in line.asked] == [
        ("post", "/v1/payment_methods/pm_1/detach"),
        ("delete", "/v1/customers/cus_1"),
    ]


def test_a_notice_of_a_registered_card_is_no_payment() -> None:
    inner = {
        "id": "cs_1",
        "object": "checkout.session",
        "mode": "setup",
        "setup_intent": "seti_1",
        "status": "complete",
    }
    told = notices.notice(notices.safe(event("checkout.session.completed", inner)))
    assert (told.heard, told.object_id, told.payment_ref) == (Heard.CARD_GIVEN, "cs_1", "seti_1")
