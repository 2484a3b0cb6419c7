"""代金引換: the carrier takes the money at the door and brings it in one transfer, less his fee."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from akinai.accounting import services as accounting
from akinai.accounting.tests import life
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.insights.queries import leaks
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.errors import AlreadyMatched
from akinai.payments.services import Part, settlements
from akinai.payments.settlement_ports import PayoutLine
from akinai.payments.settlement_states import LineKind, Why
from akinai.payments.tests.factories import credit
from akinai.payments.tests.screens import client_of, get, plain, post
from akinai.payments.tests.settling import line_of, said, take
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


def taken_at_the_door(number: str, yen: int) -> PayoutLine:
    """One parcel on the carrier's paper."""
    return PayoutLine(LineKind.SALE, yen, tracking_no=number)


def paid(*made: Order) -> list[int]:
    return [Order.objects.get(pk=one.pk).paid_yen for one in made]


def in_one_parcel(number: str) -> tuple[Order, Order]:
    """Two orders of 2,160 and 1,080 yen that have left in one parcel."""
    cast.company()
    life.goods("TEA-1")
    told: dict[str, Any] = {"payment": "cod", "payment_settled": False}
    first, second = (
        cast.place(cast.draft(no, ("TEA-1", pieces, 1080), **told), channel="phone")
        for no, pieces in (("A", 2), ("B", 1))
    )
    for one in (first, second):
        if one.state == "on_hold":
            orders.release_all(one, note="確認済", by=None)
    shipping.merge_orders([first.pk, second.pk], by=None)
    lead = shipping.instruct([first.pk], ship_on=SHIPPED.date(), by=None).shipments.get(rides_with=None)
    shipping.add_tracking(lead, numbers=[number], by=None)
    shipping.ship([lead.pk], by=None)
    life.drain()
    return first, second


def test_one_sum_for_merged_orders_pays_each_its_own() -> None:
    first, second = in_one_parcel("398712040016")
    wrong = take(taken_at_the_door("398712040016", 3000), provider="yamato", number="Y-1")
    assert (said(wrong), paid(first, second)) == (
        [("", Why.SEVERAL_ORDERS)],
        [0, 0],
    )  # not what the driver was to take
    made = take(taken_at_the_door("398712040016", 3240), provider="yamato", number="Y-2")
    assert (said(made), paid(first, second)) == ([("paid", "")], [2160, 1080])
    again = take(taken_at_the_door("398712040016", 3240), provider="yamato", number="Y-3")
    assert (said(again)[0][0], paid(first, second)) == ("", [2160, 1080])
    settlements.reverse(again, note="二重", by=None)
    settlements.undo_line(line_of(made), note="間違い", by=None)
    assert paid(first, second) == [0, 0]
    settlements.reverse(made, note="間違い", by=None)
    take(taken_at_the_door("398712040016", 3240), provider="yamato", number="Y-2")
    accounting.post_upto()
    assert (paid(first, second), life.balance("receivable"), life.broken()) == ([2160, 1080], 0, set())


def test_a_sum_that_a_clerk_has_written_down_in_part_is_shared_out_by_a_person_and_never_counted_twice() -> (
    None
):
    first, second = in_one_parcel("398712040016")
    told: dict[str, Any] = {"received_on": SHIPPED.date(), "by": None}
    payments.receive_otherwise(order_id=first.pk, amount_yen=2160, source="carrier", key="mine", **told)
    short = line_of(take(taken_at_the_door("398712040016", 3000), provider="yamato", number="Y-1"))
    with pytest.raises(DomainError, match="代引金額と同じではありません"):
        settlements.tie_parcel(short, by=None)
    made = take(taken_at_the_door("398712040016", 3240), provider="yamato", number="Y-2")
    line, suzuki = line_of(made), client_of("鈴木")
    assert (said(made), paid(first, second)) == ([("", Why.SEVERAL_ORDERS)], [2160, 0])

    in_cash = payments.receive_otherwise(order_id=second.pk, amount_yen=1080, source="cash", key="k", **told)
    with pytest.raises(DomainError, match="未入金は ¥0"):
        settlements.tie_parcel(line, by=None)
    assert (said(made), paid(first, second)) == ([("", Why.SEVERAL_ORDERS)], [2160, 1080])
    payments.reverse_payment(in_cash.pk, note="間違い", by=None)

    page = plain(get(suzuki, "payments:settlement_line", line))
    assert f"{first.number} の手入力の入金 ¥2,160 は取り消し" in page and "2 件の受注に分ける" in page
    post(suzuki, "payments:explain_line", line, "parcel")
    assert (said(made), paid(first, second)) == ([("paid", "")], [2160, 1080])
    assert list(first.payments.order_by("pk").values_list("amount_yen", flat=True)) == [2160, -2160, 2160]
    with pytest.raises(DomainError, match="説明済み"):
        settlements.tie_parcel(line, by=None)
    settlements.undo_line(line, note="間違い", by=None)
    assert paid(first, second) == [0, 0]
    settlements.tie_parcel(line, by=None)
    accounting.post_upto()
    assert (paid(first, second), life.balance("receivable"), life.broken()) == ([2160, 1080], 0, set())


def test_an_order_in_two_parcels_is_paid_parcel_by_parcel() -> None:
    cast.company()
    life.goods("TEA-1")
    order = ordered("A", 3)
    line = order.lines.get()
    numbers = ("398712040016", "398712040020")
    for pieces, number in zip((1, 2), numbers, strict=True):
        batch = shipping.instruct_part(order.pk, {line.pk: pieces}, ship_on=SHIPPED.date(), by=None)
        shipment = batch.shipments.get()
        shipping.add_tracking(shipment, numbers=[number], by=None)
        shipping.ship([shipment.pk], by=None)
        life.drain()
    assert said(take(taken_at_the_door(numbers[0], 1080), provider="yamato", number="Y-1")) == [("paid", "")]
    assert paid(order) == [1080]
    assert said(take(taken_at_the_door(numbers[1], 2160), provider="yamato", number="Y-2")) == [("paid", "")]
    accounting.post_upto()
    assert (paid(order), life.balance("receivable"), life.broken()) == ([3240], 0, set())
