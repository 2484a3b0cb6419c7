"""定期便の請求: each turn is asked of the kept card once, tried again by the ladder, and given up in the end."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from akinai.adapters.payment_providers.null import Null, events
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services
from akinai.payments.models import KeptCard, PaymentRequest, ProviderCall, TurnCharge
from akinai.payments.provider_ports import ProviderUnreachable
from akinai.payments.rules.charging import next_try
from akinai.payments.services import following
from akinai.payments.services.link_addresses import number_of
from akinai.payments.tests.card_turns import ORDERED, TOTAL, by_card, charged, kept, on, turn_of
from akinai.payments.tests.factories import again, broken
from akinai.payments.tests.providers import fresh, tell
from akinai.payments.tests.screens import client_of, get, post, said
from akinai.shipping import services as shipping
from tests.together import together

pytestmark = pytest.mark.django_db


def mails(word: str) -> list[OutgoingMail]:
    return list(OutgoingMail.objects.filter(key__contains=word).order_by("pk"))


def test_a_turn_is_charged_to_the_card_and_its_order_may_ship() -> None:
    one = by_card()
    kept(one)
    order = turn_of(one)
    assert order.state == "awaiting_payment"
    charge = charged(order)
    made = charge.request
    assert (charge.state, charge.tries, made.state, made.amount_yen) == ("held", 1, "authorised", TOTAL)
    assert (again(order).total_yen, again(order).state, again(order).payment_settled) == (
        TOTAL,
        "ready",
        True,
    )
    call = ProviderCall.objects.get()
    assert (call.verb, call.state, call.amount_yen, call.key) == (
        "charge",
        "done",
        TOTAL,
        f"{made.number}/charge/1",
    )
    assert broken() == []


def test_the_money_is_taken_when_the_goods_leave_and_stands_in_the_ledger() -> None:
    one = by_card()
    kept(one)
    order = turn_of(one)
    made = charged(order).request
    with on(ORDERED):
        batch = shipping.instruct([order.pk], ship_on=clock.today(), by=None)
        ids = list(batch.shipments.values_list("pk", flat=True))
        shipping.ship(ids, by=None)
        following.on_shipped(shipment_ids=ids)
        services.run_due()
    assert (fresh(made).state, again(order).paid_yen) == ("captured", TOTAL)
    assert broken() == []


def test_a_turn_is_asked_of_its_card_once_however_often_the_job_runs(monkeypatch: Any) -> None:
    asked: list[str] = []
    real = Null.charge
    monkeypatch.setattr(Null, "charge", lambda self, ask: asked.append(ask.key) or real(self, ask))
    one = by_card()
    kept(one)
    order = turn_of(one)
    for _ in range(3):
        charged(order)
    assert len(asked) == 1
    assert (PaymentRequest.objects.count(), TurnCharge.objects.get().tries) == (1, 1)


def test_an_answer_that_was_lost_is_asked_for_with_the_same_key(monkeypatch: Any) -> None:
    asked: list[str] = []
    real = Null.charge

    def first_lost(self: Null, ask: Any) -> Any:
        asked.append(ask.key)
        if len(asked) == 1:
            raise ProviderUnreachable("届きません。", way_out="待ちます。")
        return real(self, ask)

    monkeypatch.setattr(Null, "charge", first_lost)
    one = by_card()
    kept(one)
    order = turn_of(one)
    assert charged(order).state == "charging"
    assert charged(order, hour=12).state == "held"
    assert len(asked) == 2 and len(set(asked)) == 1


def test_nobody_is_asked_blindly_again_after_a_day_without_an_answer(monkeypatch: Any) -> None:
    def lost(self: Null, ask: Any) -> Any:
        raise ProviderUnreachable("届きません。", way_out="待ちます。")

    monkeypatch.setattr(Null, "charge", lost)
    one = by_card()
    kept(one)
    order = turn_of(one)
    made = charged(order).request
    monkeypatch.undo()
    charged(order, ORDERED + timedelta(days=1), 12)
    call = ProviderCall.objects.get()
    assert (call.state, call.code) == ("refused", "no_answer")
    with on(ORDERED + timedelta(days=1)), pytest.raises(DomainError, match="請求しています"):
        services.open_page(fresh(made))


def test_a_declined_card_leaves_the_order_waiting_and_its_buyer_gets_a_link() -> None:
    one = by_card()
    kept(one, "declined")
    order = turn_of(one)
    charge = charged(order)
    assert (charge.state, charge.code, again(order).state) == (
        "waiting",
        "insufficient_funds",
        "awaiting_payment",
    )
    assert (charge.declined_on, charge.cancel_on) == (ORDERED, ORDERED + timedelta(days=7))
    assert charge.next_at == timezone.make_aware(datetime(2026, 12, 8, 10))
    (letter,) = mails("declined")
    assert letter.to == one.buyer["email"]
    (token,) = re.findall(r"/pay/(\S+)/", letter.body)
    assert number_of(token) == charge.request.number
    assert "¥2,710" in letter.body and "0341" in letter.body
    call = ProviderCall.objects.get()
    assert (call.state, call.is_unanswered) == ("declined", False)
    assert order.number in get(client_of("鈴木"), "payments:charges")
    assert "お客様待ち" in get(client_of("佐藤"), "orders:subscription", one.number)


def test_the_card_is_tried_again_on_the_days_of_the_ladder_and_then_the_turn_is_given_up() -> None:
    one = by_card()
    kept(one, "declined")
    order = turn_of(one)
    days = []
    for ahead in range(9):
        before = TurnCharge.objects.filter(order=order).values_list("tries", flat=True).first() or 0
        charge = charged(order, ORDERED + timedelta(days=ahead))
        days += [ahead] if charge.tries > before else []
    assert days == [0, 1, 3, 5]
    assert (charge.state, again(order).state, charge.request.state) == ("given_up", "cancelled", "expired")
    assert len(mails("declined")) == 4 and len(mails("given_up")) == 1
    assert broken() == []


def test_a_try_before_its_day_is_not_made_whoever_asks_for_it() -> None:
    one = by_card()
    kept(one, "declined")
    charge = charged(turn_of(one))
    with on(ORDERED, 23):
        assert services.attempt(charge.pk) is False
    charge.refresh_from_db()
    assert (charge.state, charge.tries) == ("waiting", 1)


def test_a_bank_that_wants_to_see_its_customer_is_not_asked_again() -> None:
    one = by_card()
    kept(one, "wants3ds")
    charge = charged(turn_of(one))
    assert (charge.state, charge.code, charge.next_at) == ("waiting", "authentication_required", None)
    assert "本人認証が必要" in mails("declined")[0].body


def test_without_a_card_the_buyer_is_asked_at_once() -> None:
    one = by_card()
    charge = charged(turn_of(one))
    assert (charge.state, charge.code, charge.card) == ("waiting", "no_card", None)
    assert not ProviderCall.objects.exists()
    assert "登録されていません" in mails("declined")[0].body


def test_who_pays_by_the_link_gives_the_card_for_the_next_turns() -> None:
    one = by_card()
    old = kept(one, "declined")
    order = turn_of(one)
    charge = charged(order)
    with on(ORDERED, 15):
        services.open_page(fresh(charge.request))
        for body in events.held("pi_demo_keep_good_9", TOTAL, charge.request.number):
            tell(body)
        services.tidy_cards()
        services.tidy_cards()
    charge.refresh_from_db()
    assert (charge.state, again(order).state) == ("held", "ready")
    card = KeptCard.objects.get(state="kept")
    assert (card.method_ref, card.last4, card.request_id) == ("pm_demo_good_9", "4242", charge.request_id)
    old.refresh_from_db()
    assert (old.state, old.method_ref, old.customer_ref) == ("gone", "", "")


def test_a_new_card_is_asked_for_the_turn_that_waits() -> None:
    one = by_card()
    kept(one, "wants3ds")
    order = turn_of(one)
    charged(order)
    with on(ORDERED, 13):
        kept(one, "good", "2")
    charge = charged(order, hour=14)
    assert (charge.state, charge.tries, charge.card and charge.card.last4) == ("held", 2, "4242")


def test_an_order_that_was_changed_is_asked_for_what_it_costs_now() -> None:
    one = by_card()
    kept(one, "declined")
    order = turn_of(one)
    first = charged(order).request
    Order.objects.filter(pk=order.pk).update(total_yen=TOTAL - 550, shipping_yen=0)
    with on(ORDERED, 13):
        kept(one, "good", "2")
    charge = charged(order, hour=14)
    assert (fresh(first).state, charge.request.amount_yen, charge.state) == ("cancelled", TOTAL - 550, "held")


def test_nobody_is_charged_while_he_pays_on_the_page() -> None:
    one = by_card()
    kept(one, "declined")
    order = turn_of(one)
    charge = charged(order)
    with on(ORDERED, 13):
        services.open_page(fresh(charge.request))
        kept(one, "good", "2")
    assert charged(order, hour=14).state == "waiting"
    assert ProviderCall.objects.filter(verb="charge").count() == 1


def test_a_page_that_opens_while_the_card_is_asked_is_closed_again(monkeypatch: Any) -> None:
    one = by_card()
    kept(one, "declined")
    charge = charged(turn_of(one))
    real = Null.open_page

    def opened(self: Null, ask: Any) -> Any:
        assert services.attempt(charge.pk)
        return real(self, ask)

    monkeypatch.setattr(Null, "open_page", opened)
    with on(ORDERED, 13):
        kept(one, "good", "2")
        with pytest.raises(DomainError, match="いまは使えません"):
            services.open_page(fresh(charge.request))
    asked = ProviderCall.objects.exclude(state="declined").order_by("pk").values_list("verb", flat=True)
    assert list(asked) == ["charge", "close"]


def test_a_cancelled_order_lets_go_what_the_card_gave_meanwhile(monkeypatch: Any) -> None:
    one = by_card()
    kept(one)
    order = turn_of(one)
    real = Null.charge

    def cancelled(self: Null, ask: Any) -> Any:
        orders.cancel(order.pk, reason="お客様のお申し出", by=None)
        following.on_cancelled(order_id=order.pk)
        return real(self, ask)

    monkeypatch.setattr(Null, "charge", cancelled)
    charge = charged(order)
    assert charge.request.state == "cancelled"
    assert list(ProviderCall.objects.order_by("pk").values_list("verb", flat=True)) == ["charge", "release"]


def test_the_first_order_of_a_shop_is_asked_of_nobody_but_its_buyer() -> None:
    one = by_card()
    kept(one)
    order = turn_of(one)
    type(order.channel).objects.filter(pk=order.channel_id).update(code="own_shop")
    with on(ORDERED):
        services.charge_due()
    assert not TurnCharge.objects.exists()


def test_the_ladder_has_an_end() -> None:
    first = date(2026, 12, 7)
    tries = [next_try(first, [5, 1], today=first + timedelta(days=n), code="card_declined") for n in range(6)]
    assert [day and (day - first).days for day in tries] == [1, 5, 5, 5, 5, None]
    assert next_try(first, [1], today=first, code="expired_card") is None


def test_the_office_sets_the_ladder_and_asks_again_by_hand() -> None:
    client = client_of("鈴木")
    answer = post(client, "payments:card_rules", retry_days="2、4", cancel_days="5", expiry_days="20")
    assert said(answer) == "定期便のカードの決まりを保存しました。"
    assert (
        "最後の再請求"
        in post(
            client, "payments:card_rules", retry_days="9", cancel_days="5", expiry_days="20"
        ).content.decode()
    )
    one = by_card()
    kept(one, "declined")
    order = turn_of(one)
    charge = charged(order)
    assert charge.cancel_on == ORDERED + timedelta(days=5)
    with on(ORDERED, 15):
        kept(one, "good", "2")
        post(client_of("佐藤"), "payments:charge_again", charge.pk)
    assert charged(order, hour=16).state == "held"
    assert post(client_of("部外者"), "payments:charge_again", charge.pk).status_code == 403
    assert post(client_of("佐藤"), "payments:card_rules", retry_days="1").status_code == 403


@pytest.mark.django_db(transaction=True)
def test_two_workers_charge_one_turn_once(monkeypatch: Any) -> None:
    asked: list[str] = []
    real = Null.charge
    monkeypatch.setattr(Null, "charge", lambda self, ask: asked.append(ask.key) or real(self, ask))
    one = by_card()
    kept(one)
    with monkeypatch.context() as quiet:
        quiet.setattr(services.charging, "begin", lambda pk: False)
        order = turn_of(one)
    with on(ORDERED):
        together(services.charge_due, services.charge_due)
        services.charge_due()
    assert (len(asked), PaymentRequest.objects.count(), TurnCharge.objects.get().state) == (1, 1, "held")
    assert again(order).state == "ready"
