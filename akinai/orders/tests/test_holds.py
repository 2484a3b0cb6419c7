"""保留と解除: by rule, by hand, one or all; the order goes where its facts send it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import services
from akinai.orders.models import Hold, HoldRule, Order
from akinai.orders.rules import AUDIT
from tests import cast
from tests.cast import draft, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Order:
    cast.sku("TEA-001", pieces=5)
    return place(draft("A-1", ("TEA-001", 1, 1080), customer_note="急ぎです", gift_note="のし"))


def state(order: Order) -> str:
    return Order.objects.get(pk=order.pk).state


def test_every_hold_has_to_go_before_the_order_does(held: Order) -> None:
    gift, note = held.holds.order_by("rule")
    services.release(note.pk, by=cast.staff("佐藤"))
    assert state(held) == "on_hold"
    services.release(gift.pk, note="のし手配済み", by=cast.staff("佐藤"))
    assert state(held) == "ready"
    gift.refresh_from_db()
    assert (gift.note, str(gift.released_by)) == ("のし手配済み", "佐藤")


def test_who_pays_later_is_held_for_the_audit_once_and_only_before_his_goods_leave() -> None:
    cast.sku("TEA-001", pieces=9)
    later = {"payment": "deferred", "payment_settled": False}
    order, gone, settled, cod = (
        place(draft(no, ("TEA-001", 1, 1080), buyer=cast.somebody(no), **told))
        for no, told in (
            ("A-1", later),
            ("A-2", later),
            ("A-3", later | {"payment_settled": True}),
            ("A-4", later | {"payment": "cod"}),
        )
    )
    services.release_all(order, note="確認済", by=None)
    services.hold(order, reason="電話待ち", by=None)
    Order.objects.filter(pk=gone.pk).update(state="picking")
    for one in (order, order, gone, settled, cod):
        services.hold_for_audit(one.pk, payment="deferred", reason="審査待ち", by=None)
    (audit,) = Hold.objects.filter(rule=AUDIT)
    assert (audit.order, audit.reason, state(order), state(gone)) == (order, "審査待ち", "on_hold", "picking")
    assert activity.of(order).filter(verb="place_hold", summary__contains="審査待ち").count() == 1
    for _ in range(2):
        services.end_audit(order.pk, note="OK", by=None)
    assert activity.of(order).filter(verb="release", summary__contains="OK").count() == 1
    assert [hold.reason for hold in order.holds.filter(released_at=None)] == ["電話待ち"]  # the clerk's stays
    assert state(order) == "on_hold"


def test_releasing_all_tells_what_was_released(held: Order) -> None:
    assert services.release_all(held, note="確認済み", by=cast.staff("佐藤")) == 2
    assert state(held) == "ready"
    row = activity.of(held).filter(verb="release").get()
    assert row.summary in (
        "備考あり・のし・ラッピングを解除 確認済み",
        "のし・ラッピング・備考ありを解除 確認済み",
    )


def test_two_people_release_once(held: Order) -> None:
    hold = held.holds.first()
    services.release(hold.pk, by=None)
    with pytest.raises(ChangedMeanwhile):
        services.release(hold.pk, by=None)


def test_releasing_holds_answers_no_exception() -> None:
    order = place(draft("A-1", ("NEW", 1, 1080), customer_note="急ぎです"))
    services.release_all(order, by=None)
    assert state(order) == "on_hold"
    with pytest.raises(DomainError, match="解除する保留はありません"):
        services.release_all(order, by=None)


def test_a_clerk_may_hold_by_hand_with_a_reason(held: Order) -> None:
    services.release_all(held, by=None)
    with pytest.raises(DomainError, match="理由がありません"):
        services.hold(held, reason=" ", by=None)
    services.hold(held, reason="お客様に確認中", by=cast.staff("佐藤"))
    assert state(held) == "on_hold"
    with pytest.raises(ChangedMeanwhile, match="すでに手動で保留"):
        services.hold(held, reason="もう一度", by=None)
    services.release_all(held, by=None)
    assert state(held) == "ready"


def test_a_parcel_being_packed_cannot_be_held(held: Order) -> None:
    services.release_all(held, by=None)
    services.note_instructed([held.pk], by=None)
    with pytest.raises(DomainError) as refusal:
        services.hold(held, reason="待って", by=None)
    assert refusal.value.way_out == "先に出荷指示を取り消してください。"


def test_built_in_rules_follow_their_settings() -> None:
    cast.sku("TEA-001", pieces=5)
    delivery, address = HoldRule.objects.get(code="delivery"), HoldRule.objects.get(code="address")
    delivery.limit_days, address.is_enabled = 5, False
    services.set_rules([delivery, address], by=cast.staff("伊藤"))
    nowhere = replace(cast.AOKI, line1="", line2="", city="")
    with clock.told(cast.NOW):  # a Tuesday morning: the day can be met
        in_five_days = clock.today() + timedelta(days=5)
        order = place(draft("A-1", ("TEA-001", 1, 1080), delivery_on=in_five_days, ship_to=nowhere))
    assert [hold.rule for hold in order.holds.all()] == ["delivery"]
    assert [row.summary for row in activity.of(address)] == ["住所不備: 無効"]


def test_the_database_and_the_rules_say_the_same_limits() -> None:
    from akinai.orders.rules import RULES

    seeded = {r.code: (r.is_enabled, r.limit_days) for r in HoldRule.objects.all()}
    assert seeded == {c: (r.default.is_enabled, r.default.limit_days) for c, r in RULES.items()}
