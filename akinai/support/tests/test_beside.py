"""受注の横: what the desk sees of an order's parcels and money, who sees it, and that many orders cost no more than one."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.core import clock
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.shipping import services as shipping
from akinai.staff.models import Staff
from akinai.support import queries, services
from akinai.support.queries.beside import beside
from akinai.support.tests.letters import letter, order
from tests.cast import staff

pytestmark = pytest.mark.django_db
MAIL = "hanako@example.jp"


def shipped(no: str, *tracking: str, mall_has_the_money: bool = False) -> Order:
    """An order of hers that left with these parcels; 80 of 1,080 yen have come."""
    made = order(no, mail=MAIL)
    shipment = shipping.instruct([made.pk], ship_on=clock.today(), by=None).shipments.get()
    shipping.add_tracking(shipment, numbers=tracking, carrier="yamato", by=None)
    shipping.ship([shipment.pk], by=None)
    payments.receive_otherwise(order_id=made.pk, amount_yen=80, source="cash", received_on=clock.today(), key=f"t:{no}", by=None)  # fmt: skip
    Order.objects.filter(pk=made.pk).update(payment_settled=mall_has_the_money)
    return Order.objects.get(pk=made.pk)


def test_parcels_and_money_of_an_order_stand_beside_it(kato: Staff) -> None:
    (seen,) = beside([shipped("A-1", "446700000025")], kato)
    ((shipment, parcels),) = seen.shipments
    assert (shipment.state, [(one.carrier, one.number) for one in parcels]) == ("shipped", [("ヤマト運輸", "446700000025")])  # fmt: skip
    assert "446700000025" in parcels[0].url
    assert ([row.yen for row in seen.money], seen.owed_yen) == ([80], 1000)


def test_the_customer_owes_nothing_where_the_mall_has_the_money(kato: Staff) -> None:
    (seen,) = beside([shipped("A-1", mall_has_the_money=True)], kato)
    assert seen.owed_yen == 0


def test_who_may_see_neither_parcels_nor_payments_sees_none() -> None:
    (seen,) = beside([shipped("A-1", "446700000025")], staff("部外者"))
    assert (seen.shipments, seen.money, seen.shows_money) == ((), (), False)


def test_many_orders_cost_no_more_questions_than_one(kato: Staff) -> None:
    orders = [shipped(f"A-{n}", number) for n, number in enumerate(("446700000025", "446700000036", "446700000040"))]  # fmt: skip
    counts = []
    for some in (orders[:1], orders):
        with CaptureQueriesContext(connection) as sent:
            beside(some, Staff.objects.get(pk=kato.pk))
        counts.append(len(sent))
    assert counts[0] == counts[1]


def test_the_ticket_shows_the_parcel_and_what_is_left_to_pay(client: Client, kato: Staff) -> None:
    made = shipped("A-1", "446700000025")
    ticket = services.receive(letter(f"{made.number} はいつ届きますか。")).ticket
    client.force_login(kato)
    page = client.get(f"/office/support/tickets/{ticket.number}/").content.decode()
    assert "446700000025" in page
    assert "残り ¥1,000" in page


def test_a_ticket_is_found_by_the_number_of_its_order_though_nobody_wrote_it() -> None:
    made = order("123456-20261102-01", mail=MAIL)
    ticket = services.receive(letter("湯のみの色を変えたいです。")).ticket
    services.receive(letter("べつの話です。", sender_address="taro@example.jp", sender_name="太郎"))
    services.link_order(ticket, made, by=staff("加藤"))
    assert [*queries.found(queries.for_list(), made.number)] == [ticket]
    assert [*queries.found(queries.for_list(), made.channel_order_no)] == [ticket]
    assert [*queries.found(queries.for_list(), "湯のみの色")] == [ticket]
