"""定期便のカード: kept with consent by the provider, replaced, taken off and forgotten; never a number of it here."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from akinai.adapters.payment_providers.null import Null, events
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders.services import subscriptions
from akinai.party import erasing
from akinai.party.ports import TIMERS, Erasee
from akinai.payments import services
from akinai.payments.holding import MoneyHeld
from akinai.payments.models import KeptCard
from akinai.payments.provider_ports import ProviderUnreachable
from akinai.payments.services import links
from akinai.payments.tests.card_turns import by_card, charged, kept, on, turn_of
from akinai.payments.tests.providers import card_order, linked, tell
from akinai.payments.tests.screens import client_of, get, post
from tests.together import together

pytestmark = pytest.mark.django_db


def test_a_registered_card_is_known_by_its_last_digits_alone() -> None:
    one = by_card()
    url = links.open_card_page(one, done_url="/done/", back_url="/back/")
    card = KeptCard.objects.get()
    assert (card.state, url.startswith("/pay/demo/"), card.request) == ("asked", True, None)
    told = tell(events.registered(card.page_ref, "seti_demo_keep_good_7", f"card/{card.pk}"))
    assert (told.state, told.error) == ("handled", "カードが登録されました。")
    assert services.tidy_cards() == 1
    card.refresh_from_db()
    assert (card.state, card.last4, card.method_ref, card.customer_ref) == (
        "kept",
        "4242",
        "pm_demo_good_7",
        "cus_demo_7",
    )
    with pytest.raises(IntegrityError), transaction.atomic():
        KeptCard.objects.filter(pk=card.pk).update(last4="42x2")
    assert tell(events.registered("cs_demo_other", "seti_demo_keep_good_8", "card/0")).state == "ignored"


def test_a_page_for_another_order_keeps_no_card() -> None:
    made = linked(card_order())
    services.open_page(made)
    assert not KeptCard.objects.exists()


def test_the_newest_card_counts_and_the_one_before_is_forgotten_at_the_provider(monkeypatch: Any) -> None:
    gone: list[tuple[str, str]] = []
    real = Null.forget_card
    monkeypatch.setattr(
        Null, "forget_card", lambda self, c, m, key: gone.append((c, m)) or real(self, c, m, key=key)
    )
    one = by_card()
    first = kept(one, "good", "1")
    second = kept(one, "good", "2")
    services.tidy_cards()
    first.refresh_from_db()
    assert (first.state, first.method_ref, second.state) == ("gone", "", "kept")
    assert gone == [("cus_demo_1", "pm_demo_good_1")]


def test_a_card_is_not_forgotten_while_money_is_held_on_it(monkeypatch: Any) -> None:
    one = by_card()
    card = kept(one)
    charged(turn_of(one))
    services.remove_card(one, why="お客様", by=None)
    services.tidy_cards()
    card.refresh_from_db()
    assert (card.state, card.method_ref) == ("leaving", "pm_demo_good_1")


def test_a_provider_that_cannot_be_reached_is_told_later(monkeypatch: Any) -> None:
    def away(self: Null, *_: Any, **__: Any) -> Any:
        raise ProviderUnreachable("届きません。", way_out="待ちます。")

    monkeypatch.setattr(Null, "forget_card", away)
    one = by_card()
    card = kept(one)
    assert services.remove_card(one, why="お客様", by=None)
    services.tidy_cards()
    card.refresh_from_db()
    assert (card.state, card.tries) == ("leaving", 1)
    monkeypatch.undo()
    with on(date(2027, 1, 1)):
        services.tidy_cards()
    card.refresh_from_db()
    assert card.state == "gone"


def test_a_card_that_another_worker_has_forgotten_meanwhile_is_not_asked_about_again(
    monkeypatch: Any,
) -> None:
    def forgotten(self: Null, *_: Any, **__: Any) -> Any:
        gone = {
            "state": "gone",
            "gone_at": clock.now(),
            "customer_ref": "",
            "method_ref": "",
            "next_at": None,
        }
        KeptCard.objects.update(**gone)
        raise ProviderUnreachable("届きません。", way_out="待ちます。")

    monkeypatch.setattr(Null, "forget_card", forgotten)
    one = by_card()
    card = kept(one)
    services.remove_card(one, why="お客様", by=None)
    services.tidy_cards()
    card.refresh_from_db()
    assert (card.state, card.next_at) == ("gone", None)


def test_a_subscription_that_ended_keeps_no_card_and_takes_none() -> None:
    one = by_card()
    card = kept(one)
    subscriptions.end(one.pk, reason="解約", by=None)
    services.tidy_cards()
    card.refresh_from_db()
    assert card.state in ("leaving", "gone") and not services.remove_card(one, why="x", by=None)
    one.refresh_from_db()
    with pytest.raises(DomainError, match="登録はできません"):
        services.begin_registering(one)


def test_an_erased_person_leaves_no_card() -> None:
    one = by_card()
    card = kept(one)
    assert one.customer_id is not None
    erasee = Erasee([one.customer_id])
    for share in MoneyHeld().shares(erasee):
        if not share.law:
            erasing.take(share)
    services.tidy_cards()
    card.refresh_from_db()
    assert (card.state, card.brand, card.last4, card.method_ref, card.customer_ref) == (
        "gone",
        "",
        "",
        "",
        "",
    )
    rows = TIMERS["cards"].rows(clock.now().replace(year=2100))
    assert list(rows) == [card]


def test_the_buyer_is_told_once_of_a_card_that_will_be_too_old() -> None:
    one = by_card()
    card = kept(one)
    KeptCard.objects.filter(pk=card.pk).update(expires_year=2026, expires_month=11)
    with on(date(2026, 12, 1)):
        assert (services.tell_expiring(), services.tell_expiring()) == (1, 0)
    letter = OutgoingMail.objects.get(key__contains="expiring")
    assert "2026年11月" in letter.body and "/mypage/subscriptions/" in letter.body
    KeptCard.objects.filter(pk=card.pk).update(expires_month=12, told_expiry_at=None)
    with on(date(2026, 12, 1)):
        assert services.tell_expiring() == 0  # still good on the day on which it is asked


def test_the_office_sees_the_card_and_takes_it_off() -> None:
    one = by_card()
    card = kept(one, "old")
    assert "Visa 下4けた 4242" in get(client_of("鈴木"), "orders:subscription", one.number)
    assert post(client_of("高橋"), "payments:remove_card", card.pk).status_code == 403
    post(client_of("鈴木"), "payments:remove_card", card.pk)
    card.refresh_from_db()
    assert card.state == "leaving"
    assert "カードがありません" in get(client_of("鈴木"), "orders:subscription", one.number)


@pytest.mark.django_db(transaction=True)
def test_of_two_cards_given_at_once_one_is_in_use() -> None:
    one = by_card()
    cards = [services.begin_registering(one) for _ in range(2)]
    for n, card in enumerate(cards):
        KeptCard.objects.filter(pk=card.pk).update(intent_ref=f"seti_demo_keep_good_{n}", next_at=clock.now())
    together(*[lambda pk=card.pk: services.learn(pk) for card in cards])
    assert sorted(KeptCard.objects.values_list("state", flat=True)) in (["gone", "kept"], ["kept", "leaving"])
