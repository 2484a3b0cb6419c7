"""梱包・出荷確定・出荷通知・配達."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.core import mail as outbox
from django.utils import timezone

from akinai.core import events, mail, proofs
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import queries as order_queries
from akinai.shipping import queries, services
from akinai.shipping.errors import NotShippable, WrongItem
from akinai.shipping.tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)


def instructed(*orders: Any) -> list[Any]:
    return list(services.instruct([o.pk for o in orders], ship_on=DAY, by=None).shipments.order_by("pk"))


def untold() -> list[Any]:
    """出荷済・未通知 as the first screen counts them."""
    return list(order_queries.unfinished("shipped_not_notified"))


def broken(name: str) -> list[dict[str, Any]]:
    return next(finding.broken for finding in proofs.run_all(name) if finding.name == name)


def test_a_checked_box_is_packed_and_an_incomplete_one_is_not() -> None:
    goods = factories.sku("APPLE", jan="4901234567894")
    (shipment,) = instructed(factories.order(factories.line(goods=goods, quantity=2)))
    with pytest.raises(DomainError, match="あと 1 点が検品されていません"):
        services.pack(shipment, scans=["APPLE"], by=None)
    with pytest.raises(WrongItem):
        services.pack(shipment, scans=["APPLE", "4901234567894", "APPLE"], by=None)
    services.pack(shipment, scans=["APPLE", "4901234567894"], by=None)
    shipment.refresh_from_db()
    assert shipment.state == "packed"


def test_shipping_moves_goods_order_and_shipment_together() -> None:
    apple, tea = factories.sku(), factories.sku()
    order = factories.order(factories.line(goods=apple, quantity=2), factories.line(goods=tea))
    (shipment,) = instructed(order)
    before = timezone.now()
    services.ship([shipment.pk], by=factories.staff())
    order.refresh_from_db()
    shipment.refresh_from_db()
    assert (shipment.state, order.state, order.shipment_progress) == ("shipped", "shipped", "done")
    assert before <= shipment.shipped_at <= timezone.now() and order.shipped_at == shipment.shipped_at
    assert (factories.on_hand(apple), factories.on_hand(tea)) == (0, 0)
    entries = factories.model("stock.StockEntry").objects.filter(reference=shipment.number).order_by("id")
    assert [(entry.sku_id, entry.quantity, entry.kind) for entry in entries] == [
        (apple.pk, -2, "shipment"),
        (tea.pk, -1, "shipment"),
    ]


def test_many_shipments_leave_together_or_not_at_all() -> None:
    goods = factories.sku()
    shipments = instructed(*(factories.order(factories.line(goods=goods)) for _ in range(3)))
    services.ship([shipments[0].pk], by=None)
    with pytest.raises(NotShippable, match=f"{shipments[0].number}（状態が「出荷済」です）"):
        services.ship([s.pk for s in shipments], by=None)
    assert factories.on_hand(goods) == 2
    services.ship([s.pk for s in shipments[1:]], by=None)
    assert factories.on_hand(goods) == 0


def test_a_shipment_without_its_reservation_does_not_leave() -> None:
    from akinai.stock import services as stock

    order = factories.order()
    (shipment,) = instructed(order)
    stock.release([f"{order.number}/1"], by=None)
    with pytest.raises(DomainError, match="引当がそろっていない"):
        services.ship([shipment.pk], by=None)
    shipment.refresh_from_db()
    assert shipment.state == "instructed"


def test_the_day_of_shipping_may_be_named_but_not_in_the_future() -> None:
    (shipment,) = instructed(factories.order())
    tomorrow = timezone.localdate() + timedelta(days=1)
    with pytest.raises(DomainError, match="未来の日付"):
        services.ship([shipment.pk], by=None, shipped_on=tomorrow)
    services.ship([shipment.pk], by=None, shipped_on=date(2026, 11, 20))
    shipment.refresh_from_db()
    assert timezone.localdate(shipment.shipped_at) == date(2026, 11, 20)


def test_the_customer_is_told_once_with_number_and_address_to_follow() -> None:
    factories.company()
    order = factories.order(factories.line(name="りんごジュース <6本>", quantity=2))
    (shipment,) = instructed(order)
    services.add_tracking(shipment, numbers=[factories.number(12345678901)], by=None)
    services.ship([shipment.pk], by=None)
    events.drain()
    events.drain()
    queued = OutgoingMail.objects.get()
    assert (queued.key, queued.to) == (f"shipped:{shipment.number}", "hanako@example.com")
    assert queued.subject == f"【あきない本舗】商品を発送しました（ご注文番号 {order.channel_order_no}）"
    for text in (
        "山田 花子 様",
        "りんごジュース <6本>",
        "数量 2",
        "123456789013",
        "https://example.jp/track?no=123456789013",
    ):
        assert text in queued.body
    shipment.refresh_from_db()
    assert (shipment.notice, shipment.notified_at) == ("queued", None)
    assert untold() == [shipment.order]


def test_the_order_is_told_when_the_mail_has_really_left() -> None:
    factories.company()
    order = factories.order()
    (shipment,) = instructed(order)
    services.ship([shipment.pk], by=None)
    events.drain()
    assert mail.send_due() == 1
    events.drain()
    shipment.refresh_from_db()
    order.refresh_from_db()
    assert len(outbox.outbox) == 1
    assert shipment.notice == "sent" and shipment.notified_at == order.notified_at is not None
    assert untold() == []


def test_a_mail_that_was_given_up_asks_for_a_person_and_goes_out_when_asked_again() -> None:
    factories.company()
    (shipment,) = instructed(factories.order())
    services.ship([shipment.pk], by=None)
    events.drain()
    mail.cancel_one(OutgoingMail.objects.get(), by=None)
    events.drain()
    shipment.refresh_from_db()
    assert shipment.notice == "failed" and untold() == [shipment.order]
    assert services.queue_mail([shipment.pk], by=None) == 1
    assert mail.send_due() == 1
    events.drain()
    shipment.refresh_from_db()
    assert (shipment.notice, len(outbox.outbox)) == ("sent", 1)


def test_no_mail_where_the_mall_writes_itself() -> None:
    amazon = factories.channel("mall", sends_own_shipping_mail=True)
    (shipment,) = instructed(factories.order(channel=amazon))
    services.ship([shipment.pk], by=None)
    events.drain()
    shipment.refresh_from_db()
    assert (shipment.notice, OutgoingMail.objects.count()) == ("not_needed", 0)
    assert untold() == []


@pytest.mark.parametrize("address", ["", "masked", "a@b"])
def test_without_a_usable_address_the_shipment_stays_in_the_list_until_told_by_hand(address: str) -> None:
    factories.company()
    (shipment,) = instructed(factories.order(buyer_email=address))
    services.ship([shipment.pk], by=None)
    events.drain()
    shipment.refresh_from_db()
    assert shipment.notice == "no_address" and untold() == [shipment.order]
    with pytest.raises(DomainError, match="どのように連絡したか"):
        services.notify_by_hand(shipment, note=" ", by=None)
    services.notify_by_hand(shipment, note="電話で連絡", by=None)
    assert untold() == []
    shipment.order.refresh_from_db()
    assert shipment.order.notified_at is not None


def test_delivery_is_told_to_the_order() -> None:
    order = factories.order()
    (shipment,) = instructed(order)
    with pytest.raises(NotShippable):
        services.deliver([shipment.pk], on=DAY, by=None)
    services.ship([shipment.pk], by=None)
    services.deliver([shipment.pk], on=DAY, by=None)
    shipment.refresh_from_db()
    order.refresh_from_db()
    assert (shipment.state, shipment.delivered_on, order.delivered_on) == ("delivered", DAY, DAY)


def test_proofs_are_clean_after_a_day_and_catch_a_lost_shipment() -> None:
    shipments = instructed(factories.order(factories.line(quantity=2)), factories.order())
    services.ship([shipments[0].pk], by=None)
    names = ("shipped_goods_left_stock", "shipments_agree_with_orders", "shipments_hold_what_was_ordered")
    assert [broken(name) for name in names] == [[], [], []]
    factories.model("shipping.Shipment").objects.filter(pk=shipments[1].pk).update(state="shipped")
    assert [row["number"] for row in broken("shipped_goods_left_stock")] == [shipments[1].number]
    assert [row["number"] for row in broken("shipments_agree_with_orders")] == [shipments[1].order.number]


def test_the_step_to_take_next_is_the_first_unfinished_one() -> None:
    orders = [factories.order(), factories.order()]
    batch = services.instruct([o.pk for o in orders], ship_on=DAY, by=None)
    assert queries.progress_of(batch).next_step == 1
    batch.picking_printed_at = timezone.now()
    batch.save()
    assert queries.progress_of(batch).next_step == 2
    batch.shipments.update(printed_at=timezone.now())
    services.export_labels(batch, carrier="plain", by=None)
    progress = queries.progress_of(batch)
    assert (progress.next_step, [step.done for step in progress.steps]) == (4, [2, 2, 2, 0, 0])
    services.ship(list(batch.shipments.values_list("pk", flat=True)), by=None)
    assert queries.progress_of(batch).next_step == 0
