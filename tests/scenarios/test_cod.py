"""代金引換: the carrier takes the money at the door and brings it in one transfer, less his fee."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from akinai.accounting import services as accounting
from akinai.accounting.tests import life
from akinai.core import clock
from akinai.insights.queries import leaks
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.errors import AlreadyMatched
from akinai.payments.services import Part
from akinai.payments.tests.factories import credit
from akinai.shipping import services as shipping
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)
SHIPPED = timezone.make_aware(datetime(2026, 11, 24, 15, 0))
DELIVERED, REMITTED = date(2026, 11, 25), date(2026, 12, 4)


def ordered(no: str, pieces: int) -> Order:
    """By telephone, to be paid at the door."""
    who = cast.somebody(no)
    told: dict[str, Any] = {"payment": "cod", "payment_settled": False, "buyer": who, "ship_to": who}
    return cast.place(cast.draft(no, ("TEA-1", pieces, 1080), **told), channel="phone")


def leak(name: str) -> int:
    return int(next(item["count"] for item in leaks().lists if item["name"] == name))


def test_the_carriers_transfer_pays_what_he_took_at_the_doors() -> None:
    cast.company()
    life.goods("TEA-1")
    first, second = ordered("A", 2), ordered("B", 1)
    assert {first.state, second.state} == {"ready"}  # goods leave before the money

    with clock.told(SHIPPED):
        ids = life.ship(first, second)
        for order in (first, second):
            life.invoice(order)
        accounting.post_upto()
    assert (life.ledger(first), life.balance("receivable")) == (2160, 3240)

    with clock.told(SHIPPED + timedelta(days=1)):
        shipping.deliver(ids, on=DELIVERED, by=None)
        assert leak("delivered_not_paid") == 2

    # 収納代行の入金: the carrier keeps 660 yen of 3,240 and names both parcels on his paper.
    with clock.told(SHIPPED + timedelta(days=10)):
        line = credit(2580, "ヤマトフイナンシヤル", REMITTED)
        payments.match_all(by=None)  # nobody's name, nobody's amount: a person decides
        parts = [
            Part(first.pk, 1830),
            Part(first.pk, 330, "fee"),
            Part(second.pk, 750),
            Part(second.pk, 330, "fee"),
        ]
        payments.match(line.pk, parts, by=cast.staff("鈴木"))
        accounting.post_upto()
        with pytest.raises(AlreadyMatched):
            payments.match(line.pk, parts, by=cast.staff("鈴木"))
    for order in (first, second):
        order.refresh_from_db()
    assert (first.owed_yen, second.owed_yen, leak("delivered_not_paid")) == (0, 0, 0)
    assert (life.balance("receivable"), life.balance("bank")) == (0, 2580)
    assert (life.balance("fees"), life.balance("tax_paid")) == (600, 60)  # his fee of 660 with its tax
    assert life.broken() == set()


def test_a_list_of_the_carrier_is_taken_once_and_as_a_whole() -> None:
    cast.company()
    life.goods("TEA-1")
    first, second = ordered("A", 2), ordered("B", 1)
    with clock.told(SHIPPED):
        life.ship(first, second)
        told: dict[str, Any] = {
            "source": "carrier",
            "received_on": SHIPPED.date(),
            "batch": "YF-1201",
            "by": cast.staff("鈴木"),
        }
        with pytest.raises(Exception, match="未入金は"):
            payments.receive_many({first.pk: 2160, second.pk: 9999}, key="yf:1", **told)
        payments.receive_many({first.pk: 2160, second.pk: 1080}, key="yf:1", **told)
        with pytest.raises(AlreadyMatched):
            payments.receive_many({first.pk: 2160, second.pk: 1080}, key="yf:1", **told)
        # The transfer itself is the carrier's, not a customer's.
        payments.set_aside(
            credit(3240, "ヤマトフイナンシヤル", SHIPPED.date()).pk,
            reason="settlement",
            note="YF-1201",
            by=None,
        )
        accounting.post_upto()
    assert list(Order.objects.order_by("pk").values_list("paid_yen", flat=True)) == [2160, 1080]
    assert (life.balance("receivable"), life.balance("collectors"), life.balance("bank")) == (0, 0, 3240)
    assert life.broken() == set()
