"""変更の申し出: a known order told again: the same, settled, changed, cancelled; accepted or dismissed by a person."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from akinai.channels import queries as channels
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.intake.models import IntakeFile
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
    assert list(order.changes.order_by("id").values_list("state", flat=True)) == ["overtaken", "pending"]


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


def test_an_order_that_left_by_the_mall_is_never_sent_twice(tea: int) -> None:
    order = place(told())
    sent = told(mall_status="shipped", tracking_no="123456789012")
    assert tell(sent).changed == [order.pk]
    change = order.changes.get()
    assert (reload(order).state, [d["after"] for d in change.differences]) == ("on_hold", ["モールで出荷済"])
    services.accept_change(change.pk, by=cast.staff("佐藤"))
    after = reload(order)
    assert (after.state, after.shipped_outside, after.shipment_progress) == ("shipped", True, "not_needed")
    assert (after.invoice_progress, cast.level(tea)) == ("not_needed", (5, 0))
    assert tell(sent).unchanged == [order.pk]


def test_an_order_that_the_mall_calls_shipped_by_mistake_stays_ours(tea: int) -> None:
    order = place(told(customer_note="急ぎです"))
    tell(told(customer_note="急ぎです", mall_status="shipped"))
    services.dismiss_change(order.changes.get().pk, by=None)
    services.release_all(order, by=None)
    assert tell(told(customer_note="急ぎです", mall_status="shipped")).unchanged == [order.pk]
    assert (reload(order).state, cast.level(tea)) == ("ready", (5, 1))


def test_an_order_we_have_sent_ourselves_is_no_news_when_the_mall_says_so(tea: int) -> None:
    order = place(told())
    services.note_instructed([order.pk], by=None)
    assert tell(told(mall_status="shipped")).unchanged == [order.pk]
    assert reload(order).state == "picking"


def test_a_mall_that_changes_its_mind_back_is_heard(tea: int) -> None:
    order = place(told())
    tell(told(2))
    services.accept_change(order.changes.get().pk, by=None)
    assert tell(told(1)).changed == [order.pk]
    services.accept_change(order.changes.get(state="pending").pk, by=None)
    assert tell(told(2)).changed == [order.pk]  # 1 → 2 → 1 → 2: the last one counts
    assert (order.changes.get(state="pending").draft["lines"][0]["quantity"], reload(order).state) == (
        2,
        "on_hold",
    )


def test_a_telling_that_comes_back_after_another_one_is_heard(tea: int) -> None:
    order = place(told())
    tell(told(2))
    tell(told(3))
    assert tell(told(2)).changed == [order.pk]
    states = dict(order.changes.values_list("draft__lines__0__quantity", "state"))
    assert states == {2: "pending", 3: "overtaken"}


def test_the_same_old_file_again_asks_nothing(tea: int) -> None:
    order = place(told())
    old, new = file("a" * 64), file("b" * 64)
    tell(told(2), intake_file=old)
    tell(told(3), intake_file=new)
    assert tell(told(2), intake_file=old).unchanged == [order.pk]
    assert order.changes.get(state="pending").draft["lines"][0]["quantity"] == 3


def file(sha256: str) -> IntakeFile:
    return IntakeFile.objects.create(
        kind="orders", filename="x.csv", files=[{"sha256": sha256}], sha256=sha256
    )


def test_a_change_that_was_turned_down_is_asked_again_once_another_one_was_accepted(tea: int) -> None:
    order = place(told())
    tell(told(2))
    services.dismiss_change(order.changes.get().pk, by=None)
    tell(told(3))
    services.accept_change(order.changes.get(state="pending").pk, by=None)
    assert tell(told(2)).changed == [order.pk]


def test_money_for_an_order_cancelled_here_must_go_back(tea: int) -> None:
    order = place(told(payment="convenience", payment_settled=False))
    services.cancel(order.pk, reason="お客様都合", by=None)
    assert reload(order).payment_progress == "none"
    tell(told(payment="convenience", payment_settled=True))
    after = reload(order)
    assert (after.state, after.payment_settled, after.payment_progress) == ("cancelled", True, "exception")


def test_money_that_the_mall_gives_back_itself_asks_for_no_refund(tea: int) -> None:
    order = place(told(payment="convenience", payment_settled=False))
    tell(told(payment="convenience", payment_settled=True, mall_status="cancelled"))
    services.accept_change(order.changes.get().pk, by=None)
    after = reload(order)
    assert (after.state, after.payment_settled, after.payment_progress) == ("cancelled", False, "none")


def test_deferred_money_that_arrives_after_shipping_completes_the_order(tea: int) -> None:
    order = place(told(payment="deferred", payment_settled=False))
    done = {"state": "shipped", "invoice_progress": "sent", "notified_at": NOW}
    Order.objects.filter(pk=order.pk).update(**done)
    tell(told(payment="deferred", payment_settled=True))
    assert reload(order).state == "completed"


def test_cancelling_closes_every_question(tea: int) -> None:
    order = place(told(customer_note="急ぎです", shipping_yen=500))
    tell(told(2))
    services.cancel(order.pk, reason="お客様都合", by=cast.staff("佐藤"))
    assert not order.holds.filter(released_at=None).exists()
    assert not order.issues.filter(resolved_at=None).exists()
    assert order.changes.get().state == "overtaken"


def test_a_new_amount_below_what_was_paid_in_part_moves_the_progress(tea: int) -> None:
    order = place(told(2, payment="bank_transfer", payment_settled=False))
    services.note_paid(order.pk, 1080, by=None)
    assert reload(order).payment_progress == "partial"
    tell(told(1, payment="bank_transfer", payment_settled=False))
    services.accept_change(order.changes.get().pk, by=None)
    assert (reload(order).payment_progress, reload(order).state) == ("done", "ready")


def test_goods_that_a_clerk_chose_stay_chosen_through_a_change(tea: int) -> None:
    order = place(draft("A-1", ("MALL-7", 1, 1080)))
    services.assign_sku(order.issues.get().pk, sku_id=tea, remember=False, by=None)
    tell(draft("A-1", ("MALL-7", 2, 1080)))
    services.accept_change(order.changes.get().pk, by=None)
    assert (reload(order).state, order.lines.get().sku_id, cast.level(tea)) == ("ready", tea, (5, 2))


def test_an_order_told_twice_in_one_round_is_compared_twice(tea: int) -> None:
    order = place(told())
    placed = services.place_many([told(2), told(3)], channel=channels.by_code("rakuten"), by=None, now=NOW)
    assert placed.changed == [order.pk, order.pk]
    assert order.changes.get(state="pending").draft["lines"][0]["quantity"] == 3


def test_comparing_many_orders_asks_the_database_a_fixed_number_of_times(
    tea: int, django_assert_max_num_queries: Any
) -> None:
    first = [draft(f"A-{n}", ("TEA-001", 1, 1080), buyer=cast.somebody(f"P{n}")) for n in range(30)]
    channel = channels.by_code("rakuten")
    services.place_many(first, channel=channel, by=None, now=NOW)
    again = [replace(one, customer_note="変更") for one in first]
    with django_assert_max_num_queries(21):
        services.place_many(again, channel=channel, by=None, now=NOW)
    assert OrderChange.objects.count() == 30
