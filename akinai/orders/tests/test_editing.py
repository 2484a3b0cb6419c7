"""受注を直す: delivery, payment, memo; the rules look again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.core.search import search
from akinai.orders import services
from akinai.orders.models import Order
from tests import cast
from tests.cast import AOKI, draft, place

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def tea() -> int:
    return cast.sku("TEA-001", pieces=5)


def edit(order: Order, to: Any = AOKI, **changes: Any) -> Order:
    given = {
        "ship_to": to,
        "delivery_on": None,
        "delivery_slot": "",
        "carrier": "",
        "by": cast.staff("佐藤"),
        **changes,
    }
    services.edit_delivery(order.pk, **given)
    return Order.objects.get(pk=order.pk)


def test_a_corrected_address_releases_the_address_hold() -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), ship_to=replace(AOKI, line1="神宮前")))
    assert (order.state, order.holds.get().rule) == ("on_hold", "address")
    after = edit(order, replace(AOKI, line1="神宮前4-12-3", name="青木 次郎"))
    assert (after.state, after.ship_line1, order.holds.get().note) == (
        "ready",
        "神宮前4-12-3",
        "お届け先を直して解消",
    )
    assert list(search(Order.objects, "青木次郎")) == [after]
    summary = activity.of(order).get(verb="edit_delivery").summary
    assert summary == "お届け先を修正: 送付先、送付先番地"


def test_an_address_on_an_island_is_held_when_it_is_entered() -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    far = replace(AOKI, prefecture="沖縄県", city="那覇市", line1="泉崎1-1", postal_code="9000021")
    after = edit(order, far)
    assert (after.state, after.is_remote_island) == ("on_hold", True)
    assert edit(order, AOKI).state == "ready"


def test_what_a_person_has_released_is_not_asked_again() -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), customer_note="急ぎです"))
    services.release_all(order, by=None)
    assert edit(order, replace(AOKI, line2="201")).state == "ready"
    assert order.holds.count() == 1


def test_a_delivery_day_in_the_past_is_held() -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    after = edit(order, delivery_on=date(2020, 1, 1), delivery_slot="am", carrier="sagawa")
    assert (after.state, after.delivery_slot, after.carrier) == ("on_hold", "am", "sagawa")
    assert order.holds.get(released_at=None).rule == "delivery"


def test_an_edited_address_survives_the_same_file() -> None:
    told = draft("A-1", ("TEA-001", 1, 1080))
    order = place(told)
    edit(order, replace(AOKI, line1="神宮前5-1"))
    assert place(told).ship_line1 == "神宮前5-1"
    assert order.changes.count() == 0


def test_a_payment_nobody_understood_is_decided_by_a_clerk() -> None:
    told = draft("A-1", ("TEA-001", 1, 1080), payment="unknown", payment_label="振替", payment_settled=False)
    order = place(told)
    assert order.holds.get().rule == "unknown_payment"
    services.set_payment(order.pk, payment="bank_transfer", is_settled=False, by=None)
    order.refresh_from_db()
    assert (order.state, order.payment) == ("awaiting_payment", "bank_transfer")
    services.set_payment(order.pk, payment="bank_transfer", is_settled=True, by=None)
    order.refresh_from_db()
    assert (order.state, order.payment_progress) == ("ready", "done")


def test_money_seen_elsewhere_frees_the_order_once() -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment="convenience", payment_settled=False))
    services.settle(order.pk, note="楽天ペイの画面で確認", by=None)
    order.refresh_from_db()
    assert (order.state, order.payment_progress) == ("ready", "done")
    with pytest.raises(DomainError, match="すでに決済済み"):
        services.settle(order.pk, note="", by=None)


def test_the_shop_memo_may_be_written_in_every_state() -> None:
    order = place(draft("A-1", ("TEA-001", 1, 1080), mall_status="shipped"))
    services.edit_note(order.pk, shop_note=" 常連様 ", by=None)
    assert Order.objects.get(pk=order.pk).shop_note == "常連様"
    services.edit_note(order.pk, shop_note="常連様", by=None)
    assert activity.of(order).filter(verb="edit_note").count() == 1
