"""定期購入: each turn becomes one order, what cannot be made is seen, and the customer is told before."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from akinai.core import activity, clock, proofs
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.models import OutgoingMail
from akinai.orders.demand import OrderedPieces
from akinai.orders.intervals import Interval
from akinai.orders.models import Order, Subscription, SubscriptionNotice, SubscriptionTurn
from akinai.orders.services import EntryLine, subscriptions, turns
from akinai.orders.subscription_proofs import PROOFS
from akinai.purchasing.queries import wanted
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
MONDAY = date(2026, 11, 30)
MONTHLY = Interval("month_day", 1, day=10)


def on(day: date) -> Any:
    return clock.told(timezone.make_aware(datetime(day.year, day.month, day.day, 9)))


def terms(sku: int, **changes: Any) -> subscriptions.Terms:
    told = subscriptions.Terms(
        cast.AOKI,
        cast.AOKI,
        [EntryLine(sku, 2)],
        "cod",
        MONTHLY,
        date(2026, 12, 10),
        shipping_yen=550,
        days_before=3,
    )
    return replace(told, **changes)


def subscribed(**changes: Any) -> Subscription:
    sku = cast.sku("TEA-001", pieces=100)
    with on(MONDAY):
        return subscriptions.subscribe(terms(sku, **changes), by=cast.staff("佐藤"))


def run(day: date) -> turns.Made:
    with on(day):
        return turns.run()


def test_an_order_is_made_on_its_day_and_the_next_turn_is_planned() -> None:
    one = subscribed()
    assert one.order_on == date(2026, 12, 7)
    assert run(date(2026, 12, 6)).orders == 0
    assert run(date(2026, 12, 7)).orders == 1
    assert run(date(2026, 12, 7)).orders == 0
    one.refresh_from_db()
    assert (one.next_turn, one.next_on, one.order_on) == (2, date(2027, 1, 10), date(2027, 1, 6))
    order = Order.objects.get()
    assert (order.channel.code, order.channel_order_no) == ("subscription", f"{one.number}-1")
    assert (order.total_yen, order.delivery_on, order.payment) == (2710, date(2026, 12, 10), "cod")
    assert (one.turns.get().order, one.customer) == (order, order.customer)


def test_a_turn_of_a_subscription_is_there_once() -> None:
    one = subscribed()
    run(date(2026, 12, 7))
    with pytest.raises(IntegrityError, match="subscriptionturn_once"), transaction.atomic():
        SubscriptionTurn.objects.create(subscription=one, turn=1, delivery_on=MONDAY, state="skipped")


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_order() -> None:
    one = subscribed()
    with on(date(2026, 12, 7)):
        answers = together(*[lambda: turns.make_turn(one.pk)] * 4)
    assert (answers.count(True), answers.count(None), Order.objects.count()) == (1, 3, 1)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_tell_the_customer_once() -> None:
    one = subscribed()
    with on(date(2026, 12, 4)):
        told = together(*[lambda: turns.run().notices] * 4)
    assert (sum(told), SubscriptionNotice.objects.count(), OutgoingMail.objects.count()) == (1, 1, 1)
    assert activity.of(one).filter(verb="notify_turn").count() == 1


def test_the_database_knows_no_half_subscription() -> None:
    one = subscribed()
    run(date(2026, 12, 7))
    rows = Subscription.objects.filter(pk=one.pk)
    for table, changes, name in (
        (rows, {"every": 0}, "subscription_every"), (rows, {"discount_percent": 101}, "subscription_percent"),
        (rows, {"first_percent": 101}, "subscription_percent"), (rows, {"shipping_yen": -1}, "subscription_yen_not_negative"),
        (rows, {"order_on": date(2099, 1, 1)}, "subscription_orders_first"), (rows, {"state": "ended"}, "subscription_ended_at"),
        (one.lines, {"quantity": 0}, "subscriptionline_pieces"), (one.turns, {"order": None}, "subscriptionturn_made_has_order"),
        (one.turns, {"state": "failed"}, "subscriptionturn_made_has_order"),
    ):  # fmt: skip
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            table.update(**changes)
    notice = SubscriptionNotice.objects.get_or_create(subscription=one, turn=1, delivery_on=MONDAY)[0]
    with pytest.raises(IntegrityError, match="subscriptionnotice_once"), transaction.atomic():
        SubscriptionNotice.objects.create(subscription=one, turn=notice.turn, delivery_on=notice.delivery_on)


def test_the_first_turn_has_a_discount_of_its_own() -> None:
    subscribed(discount_percent=10, first_percent=50)
    run(date(2026, 12, 7))
    run(date(2027, 1, 6))
    first, second = Order.objects.order_by("pk")
    assert (first.discount_yen, second.discount_yen) == (1080, 216)


def test_a_fixed_price_stays_and_a_current_one_follows() -> None:
    sku = cast.sku("TEA-001", pieces=100)
    with on(MONDAY):
        subscriptions.subscribe(terms(sku, lines=[EntryLine(sku, 1, 900)], price_is="fixed"), by=None)
        subscriptions.subscribe(terms(sku, lines=[EntryLine(sku, 1)]), by=None)
    from akinai.catalog.models import Sku

    Sku.objects.filter(pk=sku).update(price_yen=1200)
    run(date(2026, 12, 7))
    assert list(Order.objects.order_by("pk").values_list("goods_yen", flat=True)) == [900, 1200]


def test_goods_that_are_not_sold_any_more_fail_the_turn_in_sight_and_not_for_ever() -> None:
    one = subscribed()
    from akinai.catalog.models import Sku

    Sku.objects.update(is_active=False)
    assert (run(date(2026, 12, 7)).failed, run(date(2026, 12, 8)).failed) == (1, 1)
    turn = one.turns.get()
    assert (turn.state, turn.reason) == (
        "failed",
        "TEA-001 は販売を終えています。商品を替えるか、この回を休んでください。",
    )
    assert activity.of(one).filter(verb="fail_turn").count() == 1
    Sku.objects.update(is_active=True)
    assert run(date(2026, 12, 8)).orders == 1
    turn.refresh_from_db()
    assert (turn.state, turn.order) == ("made", Order.objects.get())


def test_credit_is_not_stretched_by_a_subscription(monkeypatch: pytest.MonkeyPatch) -> None:
    from akinai.orders import ports

    one = subscribed(payment="credit_terms")
    monkeypatch.setattr(ports, "_limits", [lambda ids: dict.fromkeys(ids, 2000)])
    assert run(date(2026, 12, 7)) == turns.Made(0, 1, 1)
    assert "与信限度額 ¥2,000 を超えます" in one.turns.get().reason


def test_a_turn_is_skipped_once_and_by_what_was_seen() -> None:
    one = subscribed()
    with on(MONDAY):
        subscriptions.skip_next(one.pk, turn=1, reason="旅行", by=cast.staff("佐藤"))
        with pytest.raises(ChangedMeanwhile, match="第1回は、もう済んでいるか休み"):
            subscriptions.skip_next(one.pk, turn=1, by=cast.staff("高橋"))
    one.refresh_from_db()
    assert (one.next_turn, one.next_on, run(date(2026, 12, 7)).orders) == (2, date(2027, 1, 10), 0)


def test_a_moved_day_returns_to_its_day_of_the_month_and_a_distance_moves_along() -> None:
    one = subscribed()
    other = subscribed_again(interval=Interval("days", 30))
    with on(MONDAY):
        for pk in (one.pk, other.pk):
            subscriptions.move_next(pk, to=date(2026, 12, 15), turn=1, by=None)
    run(date(2026, 12, 10))
    days = dict(Subscription.objects.values_list("pk", "next_on"))
    assert days == {one.pk: date(2027, 1, 10), other.pk: date(2027, 1, 14)}


def subscribed_again(**changes: Any) -> Subscription:
    from akinai.catalog.models import Sku

    with on(MONDAY):
        return subscriptions.subscribe(terms(Sku.objects.get().pk, **changes), by=None)


def test_paused_makes_nothing_and_resumed_goes_on_from_the_day_said() -> None:
    one = subscribed()
    with on(MONDAY):
        subscriptions.pause(one.pk, reason="入院", by=None)
    assert run(date(2026, 12, 7)).orders == 0
    with on(date(2027, 2, 1)):
        subscriptions.resume(one.pk, next_on=date(2027, 2, 20), by=None)
    one.refresh_from_db()
    assert (one.state, one.next_on, one.next_turn) == ("active", date(2027, 2, 20), 1)


def test_ending_early_is_a_decision_and_needs_a_reason() -> None:
    one = subscribed(least_turns=3)
    with pytest.raises(DomainError, match="最低 3 回のお約束で、まだ 0 回"):
        subscriptions.end(one.pk, reason="転居", by=None)
    with pytest.raises(DomainError, match="理由がありません"):
        subscriptions.end(one.pk, reason=" ", despite_least=True, by=None)
    subscriptions.end(one.pk, reason="転居", despite_least=True, by=None)
    with pytest.raises(DomainError, match="終了しています"):
        subscriptions.pause(one.pk, by=None)
    assert run(date(2026, 12, 7)).orders == 0


def test_changes_are_told_and_two_writers_do_not_overwrite_each_other() -> None:
    one = subscribed()
    sku = one.lines.get().sku_id
    with on(MONDAY):
        subscriptions.change(one.pk, terms(sku, lines=[EntryLine(sku, 5)]), seen=1, by=cast.staff("佐藤"))
        with pytest.raises(ChangedMeanwhile):
            subscriptions.change(one.pk, terms(sku), seen=1, by=cast.staff("高橋"))
    assert activity.of(one).filter(verb="change_subscription").get().summary == "商品: TEA-001×2 → TEA-001×5"
    run(date(2026, 12, 7))
    assert Order.objects.get().lines.get().quantity == 5


def test_the_customer_is_told_once_before_the_order_is_made() -> None:
    one = subscribed()
    assert [run(date(2026, 12, day)).notices for day in (1, 2, 3)] == [0, 1, 0]
    sent = OutgoingMail.objects.get()
    assert sent.to == "aoki@example.com" and "2026/12/10(木)" in sent.subject
    assert "¥2,710" in sent.body and one.number in sent.subject


def test_who_has_no_address_is_noted_instead() -> None:
    one = subscribed(buyer=replace(cast.AOKI, email=""))
    run(date(2026, 12, 2))
    assert (one.notices.get().reason, OutgoingMail.objects.count()) == ("メールアドレスがありません", 0)


def test_what_is_impossible_is_refused() -> None:
    sku = cast.sku("TEA-001")
    with on(MONDAY):
        for wrong, message in (
            ({"lines": []}, "商品がありません"), ({"first_on": date(2026, 11, 1)}, "今日から 1 年以内"),
            ({"interval": Interval("days", 0)}, "間隔は 1 から"), ({"price_is": "fixed"}, "単価が必要"),
            ({"discount_percent": 101}, "割引は 0 から 100%"),
        ):  # fmt: skip
            with pytest.raises(DomainError, match=message):
                subscriptions.subscribe(terms(sku, **wrong), by=None)
    assert not Subscription.objects.exists()


def test_days_that_a_stopped_worker_missed_are_not_sent_all_at_once() -> None:
    one = subscribed()
    made = run(date(2027, 3, 15))
    one.refresh_from_db()
    assert (made.orders, one.next_on) == (1, date(2027, 4, 10))
    assert Order.objects.get().delivery_on == date(2027, 3, 16)


def test_what_comes_is_foreseen_by_day_and_by_goods() -> None:
    one = subscribed(interval=Interval("weeks", 4))
    with on(MONDAY):
        rows = turns.planned(MONDAY, MONDAY + timedelta(days=90))
        pieces = turns.planned_pieces(MONDAY, MONDAY + timedelta(days=90))
    assert [(row.turn, row.on) for row in rows] == [
        (1, date(2026, 12, 10)), (2, date(2027, 1, 7)), (3, date(2027, 2, 4)),
    ]  # fmt: skip
    assert sum(pieces.values()) == 6 and {sku for sku, _ in pieces} == {one.lines.get().sku_id}


def test_purchasing_counts_what_is_agreed_beyond_what_it_has_seen() -> None:
    one = subscribed(interval=Interval("days", 10))
    sku = one.lines.get().sku_id
    assert wanted.agreed_ahead({sku: 30}, today=MONDAY, window=100) == {sku: 6}  # 10th, 20th, 30th
    run(date(2026, 12, 7))
    (past,) = OrderedPieces().repeated(first_on=date(2026, 12, 1), last_on=date(2026, 12, 31))
    assert (past.sku_id, past.quantity) == (sku, 2)
    later = wanted.agreed_ahead({sku: 50}, today=date(2026, 12, 8), window=10)
    assert later == {}  # two pieces in ten days are what the history expects anyhow
    assert wanted.agreed_ahead({}, today=MONDAY, window=100) == {}


@pytest.mark.parametrize(
    ("fault", "proof"),
    [
        ("UPDATE orders_subscription SET next_turn = 4", "turns_follow_one_another"),
        ("UPDATE orders_order SET channel_order_no = 'SC-9'", "orders_of_turns_bear_their_number"),
        ("UPDATE orders_subscription SET order_on = '2020-01-01'", "due_turns_are_made_or_told"),
        (
            "UPDATE orders_subscriptionturn SET state = 'skipped', order_id = NULL",
            "orders_of_subscriptions_have_their_turn",
        ),
    ],
)
def test_a_planted_fault_is_found_by_its_own_proof(fault: str, proof: str) -> None:
    subscribed()
    run(date(2026, 12, 7))
    ours = {name for name, *_ in PROOFS}
    assert {one.name: one.rows for one in proofs.run_all(*ours) if one.name in ours} == dict.fromkeys(ours, 1)
    assert [one.name for one in proofs.run_all(*ours) if one.name in ours and one.broken] == []
    with connection.cursor() as cursor:
        cursor.execute(fault)
    assert [one.name for one in proofs.run_all(*ours) if one.name in ours and one.broken] == [proof]
