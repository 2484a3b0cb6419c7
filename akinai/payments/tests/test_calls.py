"""決済会社への依頼: the goods leave, so the money is taken once; nothing is asked twice, and a no is never lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse

from akinai.adapters.payment_providers.null import Null, events
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import queries, services
from akinai.payments.models import PaymentRequest, ProviderCall
from akinai.payments.provider_ports import ProviderUnreachable
from akinai.payments.services import following
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.providers import card_order, fresh, held, linked, tell
from akinai.payments.tests.screens import client_of, get, post, said
from akinai.shipping import services as shipping
from tests import cast

pytestmark = pytest.mark.django_db


def gone(order: Order) -> None:
    """The parcel has left, and payments have heard of it."""
    batch = shipping.instruct([order.pk], ship_on=clock.today(), by=None)
    ids = list(batch.shipments.values_list("pk", flat=True))
    shipping.ship(ids, by=None)
    following.on_shipped(shipment_ids=ids)


def calls(made: PaymentRequest) -> list[tuple[str, int, str]]:
    return list(
        ProviderCall.objects.filter(request=made).order_by("id").values_list("verb", "amount_yen", "state")
    )


def test_shipping_takes_the_money_and_the_order_is_paid() -> None:
    order = card_order()
    made = held(linked(order))
    gone(order)
    following.on_shipped_outside(order_ids=[order.pk])  # told once more
    assert calls(made) == [("capture", 1080, "waiting")]
    assert services.run_due() == 1 and services.run_due() == 0
    assert (calls(made), fresh(made).state, again(order).paid_yen) == (
        [("capture", 1080, "done")],
        "captured",
        1080,
    )
    (paid,) = queries.payments_of_batch(made.number)
    assert (paid.source, paid.amount_yen, paid.order_id) == ("channel", 1080, order.pk)
    assert broken() == []


def test_what_the_order_owes_less_than_was_held_is_taken_and_the_rest_is_free() -> None:
    order = card_order()
    made = held(linked(order))
    Order.objects.filter(pk=order.pk).update(total_yen=900)
    gone(order)
    services.run_due()
    assert (calls(made), fresh(made).amount_yen, again(order).paid_yen) == (
        [("capture", 900, "done")],
        900,
        900,
    )


def test_a_capture_that_comes_too_late_is_shown_to_a_person_and_can_be_asked_anew() -> None:
    order = card_order()
    made = held(linked(order), "pi_demo_expired_1")
    gone(order)
    services.run_due()
    assert (calls(made), fresh(made).state, again(order).paid_yen) == (
        [("capture", 1080, "refused")],
        "expired",
        0,
    )
    assert queries.talks_to_do() == 1
    assert services.follow_orders() == 0  # a person decides
    second = services.send_link(
        order.pk, kind="card", by=None
    )  # the goods have left: pay again, by a new link
    held(second, "pi_demo_2")
    assert calls(second) == [("capture", 1080, "waiting")]
    services.run_due()
    assert (fresh(second).state, again(order).paid_yen) == ("captured", 1080)
    services.resolve(ProviderCall.objects.get(state="refused"), note="新しいリンクで支払われた", by=None)
    assert queries.talks_to_do() == 0


def test_a_provider_that_cannot_be_reached_is_asked_again_with_the_same_key(monkeypatch: Any) -> None:
    order = card_order()
    made = held(linked(order))
    keys: list[str] = []

    def away(self: Null, ref: str, *, amount_yen: int, key: str) -> Any:
        keys.append(key)
        raise ProviderUnreachable("届きません。")

    monkeypatch.setattr(Null, "capture", away)
    gone(order)
    now = clock.now()
    for n in range(9):
        with clock.told(now + timedelta(hours=9 * n)):
            services.run_due()
    assert keys == [f"{made.number}/capture/1"] * 9
    assert (calls(made), fresh(made).state) == ([("capture", 1080, "refused")], "authorised")
    monkeypatch.undo()
    post(client_of("鈴木"), "payments:answer_call", ProviderCall.objects.get().pk, "again")
    services.run_due()
    assert calls(made) == [("capture", 1080, "resolved"), ("capture", 1080, "done")]


def test_who_died_while_asking_is_followed_by_the_next_worker() -> None:
    order = card_order()
    made = held(linked(order))
    gone(order)
    ProviderCall.objects.update(state="asking", tries=1, next_at=clock.now() + timedelta(minutes=5))
    assert services.run_due() == 0
    with clock.told(clock.now() + timedelta(minutes=6)):
        assert services.run_due() == 1
    assert fresh(made).state == "captured"


def test_a_refund_without_an_answer_for_a_day_is_never_asked_blindly_again() -> None:
    order = card_order()
    made = held(linked(order))
    gone(order)
    services.run_due()
    call = services.ask_refund(fresh(made), amount_yen=100, by=None)
    ProviderCall.objects.filter(pk=call.pk).update(state="asking", tries=1)
    with clock.told(clock.now() + timedelta(hours=24)):
        services.run_due()
    call.refresh_from_db()
    assert (call.state, call.code) == ("refused", "no_answer")


def test_a_cancelled_order_lets_the_card_go_and_owes_nothing_back() -> None:
    order = card_order()
    made = held(linked(order))
    orders.cancel(order.pk, reason="お客様都合", by=None)
    following.on_cancelled(order_id=order.pk)
    following.on_cancelled(order_id=order.pk)
    assert again(order).payment_progress == "exception"
    services.run_due()
    assert (calls(made), fresh(made).state) == ([("release", 0, "done")], "cancelled")
    assert again(order).payment_progress == "not_needed"
    assert broken() == []


def test_a_cancelled_order_closes_the_page_that_is_open() -> None:
    order = card_order()
    made = linked(order)
    services.open_page(fresh(made))
    orders.cancel(order.pk, reason="お客様都合", by=None)
    following.on_cancelled(order_id=order.pk)
    assert (calls(made), fresh(made).state) == ([("close", 0, "waiting")], "cancelled")
    assert services.run_due() == 1


def test_an_event_that_was_lost_is_found_by_the_next_look() -> None:
    shipped, cancelled = card_order("C-1"), card_order("C-2")
    first, second = held(linked(shipped)), held(linked(cancelled), "pi_demo_2")
    Order.objects.filter(pk=shipped.pk).update(shipped_at=clock.now(), state="shipped")
    orders.cancel(cancelled.pk, reason="お客様都合", by=None)
    assert [services.follow_orders(), services.follow_orders()] == [2, 0]
    assert (calls(first), calls(second)) == ([("capture", 1080, "waiting")], [("release", 0, "waiting")])


def test_refunds_are_promised_booked_and_asked_for_in_one_act_and_never_beyond() -> None:
    order = card_order()
    made = held(linked(order))
    gone(order)
    services.run_due()
    answer = post(
        client_of("鈴木"), "payments:move_request", made.number, "refund", amount_yen="80", note="送料"
    )
    assert answer.status_code == 302
    services.ask_refund(fresh(made), amount_yen=1000, by=None)
    services.run_due()
    assert (fresh(made).state, fresh(made).refunded_yen, again(order).paid_yen) == ("refunded", 1080, 0)
    assert calls(made)[1:] == [("refund", 80, "done"), ("refund", 1000, "done")]
    assert ProviderCall.objects.filter(verb="refund").exclude(provider_ref="").count() == 2
    with pytest.raises(DomainError, match="返金できません"):
        services.ask_refund(fresh(made), amount_yen=1, by=None)
    assert broken() == []


def test_money_that_a_provider_took_is_given_back_by_asking_it_and_not_by_a_note_that_it_was() -> None:
    order, suzuki = card_order(), client_of("鈴木")
    made = held(linked(order))
    gone(order)
    services.run_due()
    page = get(suzuki, "orders:detail", order.number)
    assert f'href="{reverse("payments:request", args=[made.number])}#refund"' in page
    assert 'id="refund"' in get(suzuki, "payments:request", made.number)
    told = {"amount_yen": "80", "on": str(clock.today()), "note": "送料"}
    answer = post(suzuki, "payments:refund", order.pk, method="channel", **told)
    assert "返金を記録できません" in said(answer) and again(order).paid_yen == 1080
    post(suzuki, "payments:refund", order.pk, method="transfer", **told)
    assert (again(order).paid_yen, fresh(made).state) == (1000, "captured")
    services.ask_refund(fresh(made), amount_yen=1000, by=None)
    page = get(suzuki, "orders:detail", order.number)
    assert "に返金する" not in page and broken() == []


def test_a_refund_that_fails_later_is_a_debt_that_a_person_must_see() -> None:
    order = card_order()
    made = held(linked(order), "pi_demo_nofund_1")
    gone(order)
    services.run_due()
    asked = services.ask_refund(fresh(made), amount_yen=300, by=None)
    services.run_due()
    tell(events.refund_failed("re_1", "pi_demo_nofund_1", 300, asked.key))
    call = ProviderCall.objects.get(verb="refund")
    assert (call.state, "返金が失敗し" in call.error, queries.talks_to_do()) == ("failed", True, 1)
    post(client_of("鈴木"), "payments:answer_call", call.pk, "resolve", note="銀行振込でお返しした")
    call.refresh_from_db()
    assert (call.state, call.resolution, queries.talks_to_do()) == ("resolved", "銀行振込でお返しした", 0)


def test_a_hold_is_taken_or_let_go_and_never_both() -> None:
    order = card_order()
    made = held(linked(order))
    gone(order)
    with pytest.raises(DomainError, match="依頼中"):
        services.ask_release(fresh(made), by=None)


def test_only_who_keeps_the_books_may_ask_the_provider() -> None:
    made = held(linked(card_order()))
    for name in ("佐藤", "高橋", "部外者"):
        assert post(client_of(name), "payments:move_request", made.number, "capture").status_code == 403
    assert calls(made) == []
    cast.staff("鈴木")
