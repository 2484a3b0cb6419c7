"""変更の申し出: a known order told again: the same, settled, changed, cancelled; accepted or dismissed by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from akinai.channels import queries as channels
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import services
from akinai.orders.models import Order, OrderChange
from akinai.orders.ports import OrderDraft
from tests import cast
from tests.cast import AOKI, NOW, draft, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> int:
    return cast.sku("TEA-001", pieces=5)


def tell(told: OrderDraft, **options: Any) -> services.Placed:
    return services.place_many([told], channel=channels.by_code("rakuten"), by=None, now=NOW, **options)


def told(quantity: int = 1, **changes: Any) -> OrderDraft:
    return draft("A-1", ("TEA-001", quantity, 1080), **changes)


def reload(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_a_changed_order_waits_for_a_person_and_says_what_changed(tea: int) -> None:
    order = place(told())
    placed = tell(told(2, ship_to=replace(AOKI, line1="神宮前5-1")))
    change = order.changes.get()
    assert (placed.changed, placed.unchanged, placed.exceptions) == ([order.pk], [], 1)
    assert (reload(order).state, change.state) == ("on_hold", "pending")
    assert [(d["title"], d["before"], d["after"]) for d in change.differences] == [
        ("送付先番地", "神宮前4-12-3", "神宮前5-1"),
        ("商品代", "¥1,080", "¥2,160"),
        ("請求金額", "¥1,080", "¥2,160"),
        ("税率別内訳", "8%対象 ¥1,080（税 ¥80）", "8%対象 ¥2,160（税 ¥160）"),
        ("明細 1 数量", "1", "2"),
    ]
    assert cast.level(tea) == (5, 1)


def test_the_same_change_is_asked_about_once(tea: int) -> None:
    order = place(told())
    tell(told(2))
    placed = tell(told(2))
    assert (placed.changed, placed.unchanged) == ([], [order.pk])
    services.dismiss_change(order.changes.get().pk, by=None)
    tell(told(2))
    assert (order.changes.count(), reload(order).state) == (1, "ready")


def test_a_newer_telling_overtakes_the_one_nobody_decided(tea: int) -> None:
    order = place(told())
    tell(told(2))
    tell(told(3))
    assert list(order.changes.order_by("id").values_list("state", flat=True)) == ["dismissed", "pending"]


def test_accepting_rewrites_the_order_and_promises_the_goods_anew(tea: int) -> None:
    order = place(told())
    tell(told(3, ship_to=replace(AOKI, line1="神宮前5-1")))
    services.accept_change(order.changes.get().pk, by=cast.staff("佐藤"))
    after = reload(order)
    assert (after.state, after.total_yen, after.ship_line1) == ("ready", 3240, "神宮前5-1")
    assert (after.lines.get().quantity, cast.level(tea)) == (3, (5, 3))
    assert tell(told(3, ship_to=replace(AOKI, line1="神宮前5-1"))).unchanged == [order.pk]


def test_accepting_more_than_there_is_waits_for_stock(tea: int) -> None:
    order = place(told())
    tell(told(9))
    services.accept_change(order.changes.get().pk, by=None)
    assert (reload(order).state, cast.level(tea)) == ("awaiting_stock", (5, 5))


def test_a_line_that_is_gone_stays_with_no_pieces_and_a_new_one_is_added(tea: int) -> None:
    cup = cast.sku("CUP-001", pieces=2)
    order = place(draft("A-1", ("TEA-001", 1, 1080), ("CUP-001", 1, 1650)))
    after = draft("A-1", ("TEA-001", 1, 1080))
    new = replace(after.lines[0], line_no=3, sku_code="cup-001", unit_price_yen=1650)
    tell(replace(after, lines=(after.lines[0], new), goods_yen=2730, total_yen=2730))
    services.accept_change(order.changes.get().pk, by=None)
    lines = list(order.lines.values_list("line_no", "sku_id", "quantity"))
    assert lines == [(1, tea, 1), (2, cup, 0), (3, cup, 1)]
    assert (cast.level(tea), cast.level(cup)) == ((5, 1), (2, 1))


def test_the_rules_look_at_an_accepted_change(tea: int) -> None:
    order = place(told(customer_note="急ぎです"))
    services.release_all(order, by=None)
    far = replace(AOKI, prefecture="沖縄県", city="那覇市", line1="泉崎1-1", postal_code="9000021")
    tell(told(customer_note="急ぎです", ship_to=far))
    services.accept_change(order.changes.get().pk, by=None)
    assert reload(order).state == "on_hold"
    assert [hold.rule for hold in order.holds.filter(released_at=None)] == ["island"]


def test_an_accepted_change_answers_the_old_exceptions(tea: int) -> None:
    order = place(told(shipping_yen=500))
    assert order.issues.get().code == "total_mismatch"
    tell(told(shipping_yen=500, total_yen=1580))
    services.accept_change(order.changes.get().pk, by=None)
    assert (reload(order).state, order.issues.get().resolution) == ("ready", "変更の反映で置き換え")


def test_a_change_cannot_be_accepted_once_the_parcel_is_on_its_way(tea: int) -> None:
    order = place(told())
    services.note_instructed([order.pk], by=None)
    tell(told(2))
    with pytest.raises(DomainError) as refusal:
        services.accept_change(order.changes.get().pk, by=None)
    assert "出荷作業中" in refusal.value.message
    assert "出荷指示を取り消し" in refusal.value.way_out
    assert (reload(order).state, order.changes.get().state, cast.level(tea)) == ("picking", "pending", (5, 1))


def test_a_change_below_what_is_paid_is_refused(tea: int) -> None:
    order = place(told(2, payment="bank_transfer", payment_settled=False))
    services.note_paid(order.pk, 2160, by=None)
    tell(told(1, payment="bank_transfer", payment_settled=False))
    with pytest.raises(DomainError, match="¥2,160 入金済み"):
        services.accept_change(order.changes.get().pk, by=None)
    assert reload(order).total_yen == 2160


def test_two_people_decide_once(tea: int) -> None:
    order = place(told())
    tell(told(2))
    change = order.changes.get()
    services.dismiss_change(change.pk, by=cast.staff("佐藤"))
    with pytest.raises(ChangedMeanwhile):
        services.accept_change(change.pk, by=cast.staff("伊藤"))
    assert reload(order).total_yen == 1080


def test_money_that_has_arrived_at_the_mall_moves_the_order_on_at_once(tea: int) -> None:
    order = place(told(payment="convenience", payment_settled=False))
    assert order.state == "awaiting_payment"
    placed = tell(told(payment="convenience", payment_settled=True))
    after = reload(order)
    assert (placed.unchanged, after.state, after.payment_progress) == ([order.pk], "ready", "done")
    assert OrderChange.objects.count() == 0


def test_a_cancellation_at_the_mall_is_a_change_to_accept(tea: int) -> None:
    order = place(told())
    placed = tell(told(mall_status="cancelled"))
    change = order.changes.get()
    assert (placed.changed, reload(order).state) == ([order.pk], "on_hold")
    assert [d["after"] for d in change.differences] == ["モールでキャンセル"]
    services.accept_change(change.pk, by=None)
    assert (reload(order).state, cast.level(tea)) == ("cancelled", (5, 0))
    assert tell(told(mall_status="cancelled")).unchanged == [order.pk]


def test_a_status_that_went_forward_at_the_mall_changes_nothing(tea: int) -> None:
    order = place(told())
    assert tell(told(mall_status="shipped", tracking_no="123456789012")).unchanged == [order.pk]
    assert reload(order).state == "ready"


def test_comparing_many_orders_asks_the_database_a_fixed_number_of_times(
    tea: int, django_assert_max_num_queries: Any
) -> None:
    first = [draft(f"A-{n}", ("TEA-001", 1, 1080), buyer=cast.somebody(f"P{n}")) for n in range(30)]
    channel = channels.by_code("rakuten")
    services.place_many(first, channel=channel, by=None, now=NOW)
    again = [replace(one, customer_note="変更") for one in first]
    with django_assert_max_num_queries(20):
        services.place_many(again, channel=channel, by=None, now=NOW)
    assert OrderChange.objects.count() == 30
