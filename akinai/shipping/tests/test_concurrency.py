"""Two clerks at once, on two real connections."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.shipping import services
from akinai.shipping.models import Shipment
from akinai.shipping.tests import factories
from tests.together import together

pytestmark = pytest.mark.django_db(transaction=True)
DAY = date(2026, 11, 24)


def test_two_clerks_shipping_one_box_move_the_goods_once() -> None:
    goods = factories.sku()
    order = factories.order(factories.line(goods=goods, quantity=2))
    shipment = services.instruct([order.pk], ship_on=DAY, by=None).shipments.get()
    answers = together(*[lambda: services.ship([shipment.pk], by=None)] * 4)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 3
    assert factories.on_hand(goods) == 0
    assert factories.model("stock.StockEntry").objects.filter(reference=shipment.number).count() == 1


def test_two_clerks_instructing_one_order_make_one_shipment() -> None:
    order = factories.order()
    answers = together(*[lambda: services.instruct([order.pk], ship_on=DAY, by=None)] * 4)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 3
    assert Shipment.objects.count() == 1


def test_two_clerks_giving_one_number_to_two_shipments_give_it_once() -> None:
    orders = [factories.order(), factories.order()]
    one, two = services.instruct([o.pk for o in orders], ship_on=DAY, by=None).shipments.order_by("pk")
    number = factories.number(7)
    answers = together(
        lambda: services.add_tracking(one, numbers=[number], by=None),
        lambda: services.add_tracking(two, numbers=[number], by=None),
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1


def test_shipping_and_withdrawing_at_once_leave_one_truth() -> None:
    goods = factories.sku()
    order = factories.order(factories.line(goods=goods))
    shipment = services.instruct([order.pk], ship_on=DAY, by=None).shipments.get()
    answers = together(
        lambda: services.ship([shipment.pk], by=None), lambda: services.withdraw([shipment.pk], by=None)
    )
    assert sum(isinstance(answer, DomainError) for answer in answers) == 1
    shipment.refresh_from_db()
    order.refresh_from_db()
    truth = (shipment.state, order.state, factories.on_hand(goods))
    assert truth in {("shipped", "shipped", 0), ("withdrawn", "ready", 1)}


def test_two_workers_hearing_of_one_shipment_write_to_the_customer_once() -> None:
    order = factories.order()
    shipment = services.instruct([order.pk], ship_on=DAY, by=None).shipments.get()
    services.ship([shipment.pk], by=None)
    OutgoingMail.objects.all().delete()
    Shipment.objects.update(notice="none")
    together(*[lambda: services.queue_mail([shipment.pk], by=None)] * 4)
    assert OutgoingMail.objects.count() == 1


def test_two_calls_about_one_shipment_are_noted_once() -> None:
    order = factories.order()
    shipment = services.instruct([order.pk], ship_on=DAY, by=None).shipments.get()
    services.ship([shipment.pk], by=None)
    answers = together(*[lambda: services.notify_by_hand(shipment, note="電話", by=None)] * 4)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 3
