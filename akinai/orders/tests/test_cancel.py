"""キャンセル: the goods go to who waits for them; money already seen asks for a person."""

from __future__ import annotations

import pytest

from akinai.core import activity, events
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.orders import services
from akinai.orders.models import Order
from tests import cast
from tests.cast import draft, place, somebody

pytestmark = pytest.mark.django_db


def reload(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_the_goods_of_a_cancelled_order_go_to_the_next_one_waiting() -> None:
    tea = cast.sku("TEA-001", pieces=1)
    first = place(
        draft("A-1", ("TEA-001", 1, 1080), buyer=somebody("X"), payment="cod", payment_settled=False)
    )
    second = place(draft("A-2", ("TEA-001", 1, 1080), buyer=somebody("Y")))
    assert (first.state, second.state) == ("ready", "awaiting_stock")
    services.cancel(first.pk, reason="お客様都合", by=cast.staff("佐藤"))
    events.drain()
    assert (reload(first).state, reload(second).state, cast.level(tea)) == ("cancelled", "ready", (1, 1))
    assert reload(first).payment_progress == "none"
    assert activity.of(first).first().summary == "キャンセル: お客様都合"


def test_a_cancellation_needs_a_reason() -> None:
    cast.sku("TEA-001", pieces=1)
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    with pytest.raises(DomainError, match="理由がありません"):
        services.cancel(order.pk, reason="　", by=None)
    assert reload(order).state == "ready"


def test_an_order_being_packed_is_not_cancelled_and_says_the_way_out() -> None:
    tea = cast.sku("TEA-001", pieces=1)
    order = place(draft("A-1", ("TEA-001", 1, 1080)))
    services.note_instructed([order.pk], by=None)
    with pytest.raises(ImpossibleMove) as refusal:
        services.cancel(order.pk, reason="お客様都合", by=None)
    assert refusal.value.way_out == "先に出荷指示を取り消してから、キャンセルしてください。"
    assert (reload(order).state, cast.level(tea)) == ("picking", (1, 1))


def test_money_of_a_cancelled_order_must_go_back_and_then_is_done() -> None:
    cast.sku("TEA-001", pieces=1)
    order = place(draft("A-1", ("TEA-001", 1, 1080)))  # the card company has taken it
    services.cancel(order.pk, reason="お客様都合", by=None)
    assert reload(order).payment_progress == "exception"
    with pytest.raises(DomainError, match="返金の方法"):
        services.note_refunded(order.pk, note="", by=None)
    services.note_refunded(order.pk, note="11/25 振込で返金", by=cast.staff("鈴木"))
    assert reload(order).payment_progress == "not_needed"
    with pytest.raises(DomainError, match="返金を待っている受注ではありません"):
        services.note_refunded(order.pk, note="もう一度", by=None)


def test_money_in_our_own_ledger_is_refunded_there_and_never_by_a_note() -> None:
    cast.sku("TEA-001", pieces=1)
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment="bank_transfer", payment_settled=False))
    services.note_paid(order.pk, 1080, by=None)
    services.cancel(order.pk, reason="お客様都合", by=None)
    with pytest.raises(DomainError, match="この受注には入金 ¥1,080 が残っています"):
        services.note_refunded(order.pk, note="11/25 振込で返金", by=None)
    services.note_unpaid(order.pk, 80, by=None)
    assert reload(order).payment_progress == "exception"
    services.note_unpaid(order.pk, 1000, by=None)
    assert (reload(order).payment_progress, reload(order).paid_yen) == ("not_needed", 0)
    services.note_refund_reversed(order.pk, 1080, by=None)
    assert (reload(order).payment_progress, reload(order).paid_yen) == ("exception", 1080)


def test_an_order_without_any_money_can_be_cancelled_once() -> None:
    cast.sku("TEA-001", pieces=1)
    order = place(draft("A-1", ("TEA-001", 1, 1080), payment="cod", payment_settled=False))
    services.cancel(order.pk, reason="いたずら", by=None)
    with pytest.raises(ImpossibleMove, match="キャンセル"):
        services.cancel(order.pk, reason="いたずら", by=None)
