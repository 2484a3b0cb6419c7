"""知らせ: only who has signed is believed, each notice counts once, and in whatever order they come the end is the same."""

from __future__ import annotations

import itertools
import json
import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.core.serializers.json import DjangoJSONEncoder
from django.test import Client

from akinai.adapters.payment_providers import null
from akinai.adapters.payment_providers.base import signing
from akinai.adapters.payment_providers.null import events
from akinai.core import clock
from akinai.orders import queries as orders_known
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import PaymentRequest, ProviderCall, WebhookEvent
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.providers import card_order, fresh, held, linked, moment, tell
from akinai.payments.tests.screens import client_of, get, post
from akinai.shipping import services as shipping

pytestmark = pytest.mark.django_db
PI = "pi_demo_1"


def send(body: bytes, signature: str | None = None, at: datetime | None = None) -> int:
    """POST one body as the world does. Out: the status."""
    signed = (
        signature if signature is not None else signing.sign(body, secret=null.secret(), at=at or clock.now())
    )
    client = Client(headers={"host": "localhost"}, raise_request_exception=True)
    headers = {"Stripe-Signature": signed}
    return client.post("/webhooks/null/", body, content_type="application/json", headers=headers).status_code


def state() -> str:
    """Everything that a notice could change, as text."""
    rows = [
        list(model.objects.order_by("pk").values()) for model in (PaymentRequest, ProviderCall, WebhookEvent)
    ]
    orders = list(Order.objects.order_by("pk").values("state", "paid_yen", "payment_settled"))
    return json.dumps([rows, orders], cls=DjangoJSONEncoder)


def test_only_the_providers_own_signature_of_these_five_minutes_is_believed() -> None:
    made = linked(card_order())
    body = events.held(PI, 1080, made.number)[0]
    before, now = state(), clock.now()
    good = signing.sign(body, secret=null.secret(), at=now)
    wrong = [
        "", "t=,v1=", "t=1,v1=abc", "v1=abc", good.replace("v1=", "v0="), good[:-1] + ("0" if good[-1] != "0" else "1"),
        signing.sign(body, secret="another", at=now), signing.sign(body + b" ", secret=null.secret(), at=now),
        signing.sign(body, secret=null.secret(), at=now - timedelta(seconds=301)),
        signing.sign(body, secret=null.secret(), at=now + timedelta(seconds=320)), f"{good},t=1", "t=" + "9" * 5000,
    ]  # fmt: skip
    assert [send(body, one) for one in wrong] == [400] * len(wrong)
    assert state() == before
    assert send(body, good) == 200


def test_one_notice_counts_once_however_often_it_comes() -> None:
    made = linked(card_order())
    body = events.held(PI, 1080, made.number)[0]
    assert [send(body) for _ in range(5)] == [200] * 5
    services.handle_webhooks()
    assert (WebhookEvent.objects.count(), fresh(made).state) == (1, "authorised")
    send(body)
    services.handle_webhooks()
    assert WebhookEvent.objects.get().tries == 1


def test_too_much_is_not_read_and_another_method_not_answered() -> None:
    linked(card_order())
    assert send(b"x" * (256 * 1024 + 1)) == 413
    client = Client(headers={"host": "localhost"})
    assert client.get("/webhooks/null/").status_code == 405
    assert client.post("/webhooks/nobody/", b"{}", content_type="application/json").status_code == 404
    assert (
        client.post("/webhooks/stripe/", b"{}", content_type="application/json").status_code == 404
    )  # no keys


def test_who_knocks_with_wrong_signatures_is_cut_short_and_the_provider_is_still_heard() -> None:
    made = linked(card_order())
    answers = [send(b"{}", "t=1,v1=00") for _ in range(61)]
    assert (answers[0], answers[59], answers[60]) == (400, 400, 429)
    assert send(events.held(PI, 1080, made.number)[0]) == 200


def test_a_thousand_mutilated_notices_change_nothing_and_break_nothing() -> None:
    """Signed as the provider would (its key was stolen, or its own writer is broken) and not: never a 500."""
    made = held(linked(card_order()))
    dice = random.Random(20261124)
    seeds = [
        *events.held(PI, 1080, made.number), events.succeeded(PI, 1080), events.canceled(PI),
        events.dispute("charge.dispute.created", "dp_1", PI, 1080, status="needs_response"),
        events.refund_failed("re_1", PI, 10, "k"),
    ]  # fmt: skip
    before = state()
    for _ in range(1000):
        body = mutilated(dice, dice.choice(seeds))
        assert send(body, signing.sign(body, secret="stolen", at=clock.now())) in (400, 429)
    assert state() == before
    money = list(PaymentRequest.objects.values("amount_yen", "refunded_yen", "provider_ref"))
    for _ in range(1000):
        body = mutilated(dice, dice.choice(seeds))
        assert send(body) in (200, 400)
    services.handle_webhooks(limit=2000)
    assert not WebhookEvent.objects.filter(state="received").exists()  # none of them fell over
    assert list(PaymentRequest.objects.values("amount_yen", "refunded_yen", "provider_ref")) == money
    assert broken() == []


def mutilated(dice: random.Random, body: bytes) -> bytes:
    """Cut short, bytes turned, or a value that is none."""
    how = dice.randrange(3)
    if how == 0:
        return body[: dice.randrange(len(body))]
    if how == 1:
        turned = bytearray(body)
        for _ in range(dice.randint(1, 6)):
            turned[dice.randrange(len(turned))] = dice.randrange(256)
        return bytes(turned)
    told = json.loads(body)
    place = dice.choice([told, told["data"], told["data"]["object"]])
    odd: list[Any] = [
        None,
        -1,
        10**30,
        True,
        "",
        "x" * 9999,
        [],
        {},
        [[[]]],
        "\x00",
        "円",
        1.5,
        {"id": {"id": 1}},
        "\ud800",
    ]
    place[dice.choice(list(place))] = dice.choice(odd)
    return json.dumps(told).encode()


def test_in_whatever_order_they_come_the_money_ends_where_the_provider_has_it() -> None:
    """Authorised, told its last day, captured: all orders of arrival."""
    for n, order in enumerate(itertools.permutations(range(3))):
        sale = card_order(f"P-{n}")
        made = linked(sale)
        ref = f"pi_demo_{n}"
        bodies = [*events.held(ref, 1080, made.number), events.succeeded(ref, 1080)]
        named = json.loads(bodies[2])
        named["data"]["object"]["metadata"] = {"akinai_request": made.number}
        bodies[2] = json.dumps(named).encode()
        for at in order:
            tell(bodies[at], moment(24, 10 + at))
        assert (fresh(made).state, again(sale).paid_yen) == ("captured", 1080), order
    assert broken() == []


def test_a_hold_that_was_told_to_be_over_does_not_come_back_with_an_older_notice() -> None:
    order = card_order()
    made = linked(order)
    tell(events.canceled(PI), moment(24, 12))
    late = tell(events.held(PI, 1080, made.number)[0], moment(24, 11))
    assert (late.state, fresh(made).state, again(order).state) == ("ignored", "requested", "awaiting_payment")


def test_a_hold_that_runs_out_at_the_provider_makes_the_order_wait_again() -> None:
    order = card_order()
    made = held(linked(order))
    told = json.loads(events.canceled(PI))
    told["data"]["object"]["cancellation_reason"] = "automatic"
    tell(json.dumps(told).encode())
    assert (fresh(made).state, again(order).state, again(order).payment_settled) == (
        "expired",
        "awaiting_payment",
        False,
    )


def test_a_dispute_that_is_closed_before_it_was_opened_is_not_opened_again() -> None:
    made = captured()
    close = events.dispute("charge.dispute.closed", "dp_1", PI, 1080, status="won")
    opened = events.dispute("charge.dispute.created", "dp_1", PI, 1080, status="needs_response")
    assert tell(close, moment(25)).error == "異議申立に勝ちました。"
    assert tell(opened, moment(24)).state == "ignored"
    assert fresh(made).state == "captured"


def captured(no: str = "C-1") -> PaymentRequest:
    """A card payment that was taken, and is on the order as paid."""
    made = held(linked(card_order(no)))
    tell(events.succeeded(PI, 1080))
    return fresh(made)


def test_a_lost_dispute_takes_the_payment_off_the_order_again() -> None:
    made = captured()
    assert again(made.order).paid_yen == 1080
    tell(events.dispute("charge.dispute.created", "dp_1", PI, 1080, status="needs_response", due_in_days=9))
    assert (fresh(made).state, fresh(made).disputed_yen, fresh(made).dispute_reason) == (
        "disputed",
        1080,
        "不正利用（覚えのない請求）",
    )
    assert (fresh(made).answer_by - clock.today()).days == 9  # type: ignore[operator]
    tell(events.dispute("charge.dispute.closed", "dp_1", PI, 1080, status="lost"))
    assert (fresh(made).state, again(made.order).paid_yen) == ("lost", 0)
    assert list(made.order.payments.values_list("source", "amount_yen").order_by("id")) == [
        ("channel", 1080),
        ("refund", -1080),
    ]
    assert broken() == []


def test_a_dispute_lost_after_the_parcel_has_gone_leaves_the_order_unpaid_and_in_sight() -> None:
    made = captured()
    batch = shipping.instruct([made.order_id], ship_on=clock.today(), by=None)
    shipping.ship(list(batch.shipments.values_list("pk", flat=True)), by=None)
    order = again(made.order)
    assert (order.state, order.payment_progress) == ("shipped", "done")
    tell(events.dispute("charge.dispute.created", "dp_1", PI, 1080, status="needs_response", due_in_days=9))
    tell(events.dispute("charge.dispute.closed", "dp_1", PI, 1080, status="lost"))
    order = again(made.order)
    assert (order.payment_progress, order.payment_settled, order.paid_yen) == ("none", False, 0)
    assert orders_known.unfinished_counts()["delivered_not_paid"] == (1, 1080)
    assert broken() == []


def test_a_refund_on_the_providers_own_screen_is_found_and_written_down_once() -> None:
    made = captured()
    inner = {
        "id": "ch_demo_1",
        "object": "charge",
        "payment_intent": PI,
        "amount_refunded": 80,
        "currency": "jpy",
        "captured": True,
    }
    body = events._event("charge.refunded", inner)
    assert tell(body).error == "決済会社の画面で ¥80 が返金されていました。"
    assert tell(events._event("charge.refunded", inner, mark="again")).state == "ignored"
    assert (fresh(made).state, fresh(made).refunded_yen, again(made.order).paid_yen) == (
        "partly_refunded",
        80,
        1000,
    )
    assert broken() == []


def test_notices_that_cannot_be_right_wait_for_a_person() -> None:
    made = linked(card_order())

    def told(**inner: Any) -> WebhookEvent:
        body = json.loads(events.held(PI, 1080, made.number)[0])
        body["data"]["object"] |= inner
        body["id"] += str(inner)
        return tell(json.dumps(body).encode())

    assert "円以外（usd）" in told(currency="usd").error
    assert "¥1,000 の与信が届きました" in told(amount_capturable=1000).error
    assert set(WebhookEvent.objects.values_list("state", flat=True)) == {"failed"}
    assert fresh(made).state == "requested"
    held(made)
    assert "二重の支払" in told(id="pi_demo_2").error


def test_notices_of_others_and_of_the_other_mode_are_kept_and_do_nothing() -> None:
    made = linked(card_order())
    strange = tell(events.held("pi_other", 500, "PQ-2026-999999")[0])
    body = json.loads(events.held(PI, 1080, made.number)[0]) | {"livemode": True}
    live = tell(json.dumps(body).encode())
    unknown = tell(
        events._event("customer.created", {"id": "cus_1", "object": "customer", "email": "a@example.com"})
    )
    assert [(one.state, one.error) for one in (strange, live, unknown)] == [
        ("ignored", "Akinai の決済ではありません。"), ("ignored", "本番とテストが違う知らせです。"), ("ignored", "使わない種類の知らせです。"),
    ]  # fmt: skip
    assert "example.com" not in json.dumps(list(WebhookEvent.objects.values_list("payload", flat=True)))
    assert fresh(made).state == "requested"


def test_what_breaks_is_tried_again_and_at_last_shown_to_a_person(monkeypatch: Any) -> None:
    from akinai.payments.services import heard

    made = linked(card_order())
    real = heard.DO.copy()
    for kind in real:
        monkeypatch.setitem(heard.DO, kind, lambda request, told: 1 / 0)
    row = tell(events.held(PI, 1080, made.number)[0])
    assert (row.state, row.tries, row.error) == ("received", 1, "ZeroDivisionError")
    now = clock.now()
    for n in range(1, 9):
        with clock.told(now + timedelta(hours=7 * n)):
            services.handle_webhooks()
    row.refresh_from_db()
    assert (row.state, row.tries) == ("failed", 9)
    monkeypatch.undo()
    assert "要確認" in get(client_of("鈴木"), "payments:webhooks")
    post(client_of("鈴木"), "payments:answer_webhook", row.pk, "again")
    services.handle_webhooks()
    row.refresh_from_db()
    assert (row.state, fresh(made).state) == ("handled", "authorised")


def test_who_pays_after_the_order_was_given_up_has_his_card_let_go_at_once() -> None:
    made = linked(card_order())
    services.stop(made, note="お客様都合", by=None)
    first, second = (tell(body) for body in events.held(PI, 1080, made.number))
    assert "取り消しを依頼しました" in first.error and second.state == "ignored"
    services.run_due()
    assert (ProviderCall.objects.get(verb="release").state, fresh(made).state) == ("done", "cancelled")


def test_a_store_payment_is_waited_for_paid_or_over() -> None:
    paid, over = (
        linked(card_order("K-1", payment="convenience"), "convenience"),
        linked(card_order("K-2", payment="convenience"), "convenience"),
    )
    tell(events.session("checkout.session.completed", "cs_1", "pi_k1", 1080, paid.number, "unpaid"))
    assert (fresh(paid).state, fresh(paid).last_told) == (
        "requested",
        "コンビニの支払番号を発行しました。支払を待っています。",
    )
    tell(
        events.session("checkout.session.async_payment_succeeded", "cs_1", "pi_k1", 1080, paid.number, "paid")
    )
    assert (fresh(paid).state, again(paid.order).paid_yen, again(paid.order).state) == (
        "captured",
        1080,
        "ready",
    )
    tell(
        events.session("checkout.session.async_payment_failed", "cs_2", "pi_k2", 1080, over.number, "unpaid")
    )
    assert (fresh(over).state, again(over.order).state) == ("failed", "awaiting_payment")
    assert broken() == []


def test_the_time_of_a_notice_is_the_providers() -> None:
    made = linked(card_order())
    tell(events.held(PI, 1080, made.number)[0], moment(20))
    assert fresh(made).told_at == datetime(2026, 11, 20, 10, tzinfo=UTC)
