"""出荷指示 and its withdrawal."""

from __future__ import annotations

from datetime import date

import pytest

from akinai.core import activity
from akinai.shipping import queries, services
from akinai.shipping.errors import NoCarrier, NotShippable
from akinai.shipping.models import Shipment
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def test_ready_orders_become_one_batch_and_are_being_picked() -> None:
    takahashi = factories.staff()
    first = factories.order(factories.line(quantity=2), factories.line())
    second = factories.order(payment="cod", total_yen=3_300, ship_name="鈴木 一郎", delivery_slot="am")
    batch = services.instruct([first.pk, second.pk], ship_on=DAY, by=takahashi)
    assert (batch.ship_on, batch.created_by, batch.refused) == (DAY, takahashi, ())
    one, two = batch.shipments.order_by("pk")
    assert (one.order, one.carrier, one.service, one.cod_yen, one.hides_prices) == (
        first,
        "plain",
        "parcel",
        0,
        False,
    )
    assert [
        (line.order_line.line_no, line.quantity) for line in one.lines.order_by("order_line__line_no")
    ] == [(1, 2), (2, 1)]
    assert (two.cod_yen, two.service, two.delivery_slot, two.hides_prices) == (3_300, "cod", "am", True)
    first.refresh_from_db()
    assert (first.state, first.shipment_progress) == ("picking", "partial")


def test_an_order_that_is_not_ready_is_named_and_left_alone() -> None:
    ready, held = factories.order(), factories.order(state="on_hold")
    batch = services.instruct([ready.pk, held.pk], ship_on=DAY, by=None)
    assert [(one.number, one.reason) for one in batch.refused] == [(held.number, "状態が「確認待ち」です")]
    assert batch.shipments.count() == 1
    held.refresh_from_db()
    assert held.state == "on_hold"


def test_a_delivery_day_that_is_missed_is_left_off_only_when_asked() -> None:
    missed, met = factories.order(delivery_on=DAY), factories.order(delivery_on=date(2026, 11, 25))
    kept = services.instruct([factories.order(delivery_on=DAY).pk], ship_on=DAY, by=None)
    assert kept.shipments.get().delivery_on == DAY
    batch = services.instruct([missed.pk, met.pk], ship_on=DAY, drop_missed_days=True, by=None)
    one, two = batch.shipments.order_by("pk")
    assert (one.delivery_on, two.delivery_on) == (None, date(2026, 11, 25))
    told = [activity.of(shipment)[0].summary for shipment in (one, two)]
    assert (
        told[0].endswith("お届け希望日 2026/11/24 には間に合わないため、指定なし") and "希望日" not in told[1]
    )


def test_nothing_is_written_when_no_order_is_ready() -> None:
    held = factories.order(state="on_hold")
    with pytest.raises(NotShippable, match=held.number):
        services.instruct([held.pk], ship_on=DAY, by=None)
    assert not Shipment.objects.exists()


def test_instructing_twice_makes_one_shipment() -> None:
    order = factories.order()
    services.instruct([order.pk, order.pk], ship_on=DAY, by=None)
    with pytest.raises(NotShippable):
        services.instruct([order.pk], ship_on=DAY, by=None)
    assert Shipment.objects.filter(order=order).count() == 1


def test_the_default_carrier_is_taken_and_an_unknown_one_refused() -> None:
    services.save_account(carrier="plain", by=None)
    services.save_account(carrier="kuroneko", is_default=True, by=None)
    order = factories.order()
    with pytest.raises(NoCarrier, match="運送会社「ghost」"):
        services.instruct([order.pk], ship_on=DAY, carrier="ghost", by=None)
    order.refresh_from_db()
    assert order.state == "ready"
    assert services.instruct([order.pk], ship_on=DAY, by=None).shipments.get().carrier == "kuroneko"


def test_a_new_default_takes_the_place_of_the_old_one() -> None:
    services.save_account(carrier="plain", is_default=True, by=None)
    services.save_account(carrier="kuroneko", is_default=True, by=None)
    cards = {card.code: card.is_default for card in queries.carrier_cards()}
    assert cards == {"plain": False, "kuroneko": True}


def test_a_withdrawn_order_is_ready_again_and_keeps_its_goods() -> None:
    goods = factories.sku()
    order = factories.order(factories.line(goods=goods))
    shipment = services.instruct([order.pk], ship_on=DAY, by=None).shipments.get()
    services.withdraw([shipment.pk], by=None, note="住所の確認")
    order.refresh_from_db()
    shipment.refresh_from_db()
    assert (order.state, shipment.state, factories.on_hand(goods)) == ("ready", "withdrawn", 1)
    again = services.instruct([order.pk], ship_on=DAY, by=None).shipments.get()
    assert again.number != shipment.number


def test_what_has_left_cannot_be_withdrawn_and_then_nothing_is() -> None:
    orders = [factories.order(), factories.order()]
    one, two = services.instruct([o.pk for o in orders], ship_on=DAY, by=None).shipments.order_by("pk")
    services.ship([one.pk], by=None)
    with pytest.raises(NotShippable, match=one.number):
        services.withdraw([one.pk, two.pk], by=None)
    two.refresh_from_db()
    assert two.state == "instructed"


def test_picks_come_by_shelf_then_code_with_totals_and_goods_without_a_shelf_last() -> None:
    apple, tea, towel = (
        factories.sku("APPLE", shelf="B-01"), factories.sku("TEA", shelf="A-02"), factories.sku("TOWEL"),
    )  # fmt: skip
    orders = [
        factories.order(factories.line(goods=apple, quantity=2), factories.line(goods=towel)),
        factories.order(factories.line(goods=apple, quantity=3), factories.line(goods=tea)),
    ]
    batch = services.instruct([o.pk for o in orders], ship_on=DAY, by=None)
    found = queries.picks(queries.open_in(batch))
    assert [(pick.shelf, pick.code, pick.quantity) for pick in found] == [
        ("A-02", "TEA", 1),
        ("B-01", "APPLE", 5),
        ("", "TOWEL", 1),
    ]
