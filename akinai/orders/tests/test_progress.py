"""進み具合: what shipping, billing and payments tell an order, and when it is complete."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.core.errors import DomainError
from akinai.orders import services
from akinai.orders.models import Order
from tests import cast
from tests.cast import NOW, draft, place

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    cast.sku("TEA-001", pieces=5)
    return place(draft("A-1", ("TEA-001", 1, 1080), payment="bank_transfer", payment_settled=False))


def reload(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def test_part_of_the_money_keeps_the_order_waiting_and_the_rest_frees_it(order: Order) -> None:
    services.note_paid(order.pk, 1000, by=None)
    assert (reload(order).state, reload(order).payment_progress) == ("awaiting_payment", "partial")
    services.note_paid(order.pk, 80, by=None)
    assert (reload(order).state, reload(order).payment_progress) == ("ready", "done")


def test_more_than_what_is_owed_is_refused_and_nothing_changes(order: Order) -> None:
    with pytest.raises(DomainError) as refusal:
        services.note_paid(order.pk, 1081, by=None)
    assert "未入金は ¥1,080 です。¥1,081 は充てられません。" in refusal.value.message
    assert (reload(order).paid_yen, reload(order).state) == (0, "awaiting_payment")


def test_a_cancelled_order_takes_no_money(order: Order) -> None:
    services.cancel(order.pk, reason="お客様都合", by=None)
    with pytest.raises(DomainError):
        services.note_paid(order.pk, 1080, by=None)
    assert reload(order).paid_yen == 0


def test_money_taken_back_lets_the_order_wait_again(order: Order) -> None:
    services.note_paid(order.pk, 1080, by=None)
    services.note_unpaid(order.pk, 1080, by=None)
    assert (reload(order).state, reload(order).payment_progress) == ("awaiting_payment", "none")
    with pytest.raises(DomainError, match="取り消せません"):
        services.note_unpaid(order.pk, 1, by=None)


def test_an_order_is_complete_when_it_is_shipped_told_paid_and_invoiced(order: Order) -> None:
    services.note_paid(order.pk, 1080, by=None)
    assert services.note_instructed([order.pk], by=None) == [order.pk]
    assert services.note_shipped([order.pk], at=NOW, by=None) == [order.pk]
    services.note_invoiced([order.pk], by=None)
    services.note_invoice_sent([order.pk], by=None)
    assert reload(order).state == "shipped"
    services.note_notified(order.pk, at=NOW)
    services.note_delivered(order.pk, on=date(2026, 11, 26))
    done = reload(order)
    assert (done.state, done.invoice_progress, done.delivered_on) == ("completed", "sent", date(2026, 11, 26))
    services.note_unpaid(order.pk, 1080, by=None)
    assert reload(order).state == "shipped"


def test_only_ready_orders_are_instructed_and_only_once(order: Order) -> None:
    assert services.note_instructed([order.pk], by=None) == []
    services.note_paid(order.pk, 1080, by=None)
    assert services.note_instructed([order.pk], by=None) == [order.pk]
    assert services.note_instructed([order.pk], by=None) == []


def test_a_withdrawn_order_goes_where_its_facts_send_it(order: Order) -> None:
    services.note_paid(order.pk, 1080, by=None)
    services.note_instructed([order.pk], by=None)
    services.note_unpaid(order.pk, 1080, by=None)
    assert reload(order).state == "picking"
    services.note_withdrawn(order.pk, by=None)
    assert (reload(order).state, reload(order).shipment_progress) == ("awaiting_payment", "none")
