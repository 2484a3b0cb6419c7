"""出荷取消: goods, order, numbers and mail go back together, by reversal."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from akinai.core import activity, events, mail, proofs
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.shipping import services
from akinai.shipping.errors import NotShippable
from akinai.shipping.models import Shipment
from akinai.shipping.tests import factories
from akinai.stock import services as stock
from akinai.stock.services import Want
from tests.together import together

DAY = date(2026, 11, 24)
NUMBER = factories.number(40000000001)


def shipped(*lines: dict[str, Any], **fields: Any) -> Any:
    return factories.shipment_gone(*lines, numbers=[NUMBER], **fields)


def broken() -> dict[str, list[dict[str, Any]]]:
    return {finding.name: finding.broken for finding in proofs.run_all() if finding.broken}


@pytest.mark.django_db
def test_what_had_not_left_is_on_the_shelf_again_and_held_for_the_same_order() -> None:
    goods = factories.sku()
    shipment = shipped(factories.line(goods=goods, quantity=2))
    services.unship([shipment.pk], reason="荷物がまだ倉庫にある", by=factories.staff())
    shipment.refresh_from_db()
    order = shipment.order
    order.refresh_from_db()
    assert (shipment.state, shipment.shipped_at, order.state, order.shipped_at) == (
        "withdrawn",
        None,
        "ready",
        None,
    )
    level = factories.model("stock.StockLevel").objects.get(sku=goods)
    assert (level.on_hand, level.reserved) == (2, 2)
    entries = factories.model("stock.StockEntry").objects.filter(reference=shipment.number).order_by("pk")
    assert [(e.kind, e.quantity, e.note) for e in entries] == [
        ("shipment", -2, ""), ("reversal", 2, "出荷取消: 荷物がまだ倉庫にある"),
    ]  # fmt: skip
    assert "出荷取消: 荷物がまだ倉庫にある" in [a.summary for a in activity.of(shipment)]
    assert broken() == {}


@pytest.mark.django_db
def test_it_leaves_once_more_with_the_same_label_and_the_customer_is_told_anew() -> None:
    shipment = shipped()
    events.drain()
    mail.send_due()
    services.unship([shipment.pk], reason="間違えた", by=None)
    again = services.instruct([shipment.order_id], ship_on=DAY, by=None).shipments.get()
    services.add_tracking(again, numbers=[NUMBER], by=None)
    services.ship([again.pk], by=None)
    events.drain()
    assert list(OutgoingMail.objects.order_by("pk").values_list("key", "state")) == [
        (f"shipped:{shipment.number}", "sent"), (f"shipped:{again.number}", "queued"),
    ]  # fmt: skip
    assert broken() == {}


@pytest.mark.django_db
def test_a_mail_that_still_waits_is_not_sent() -> None:
    shipment = shipped()
    events.drain()
    services.unship([shipment.pk], reason="間違えた", by=None)
    assert mail.send_due() == 0 and OutgoingMail.objects.get().state == "cancelled"


@pytest.mark.django_db
def test_somebody_who_waits_for_the_goods_does_not_get_them() -> None:
    goods = factories.sku()
    shipment = shipped(factories.line(goods=goods))
    place = factories.location()
    stock.reserve_lines([Want("SO-LATER/1", goods.pk, place.pk, 1, shipment.created_at)], by=None)
    services.unship([shipment.pk], reason="間違えた", by=None)
    held = dict(factories.model("stock.Reservation").objects.values_list("reference", "quantity"))
    assert held == {f"{shipment.order.number}/1": 1, "SO-LATER/1": 0}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("prepare", "reason", "words"),
    [
        (lambda s: services.deliver([s.pk], on=DAY, by=None), "間違えた", "配達が完了している"),
        (lambda s: services.unship([s.pk], reason="一度目", by=None), "間違えた", "指示取消"),
        (lambda s: None, " ", "理由が入力されていません"),
    ],
)
def test_what_cannot_be_taken_back_is_refused_and_nothing_moves(
    prepare: Any, reason: str, words: str
) -> None:
    shipment = shipped()
    prepare(shipment)
    before = Shipment.objects.values_list("state", flat=True).get(pk=shipment.pk)
    with pytest.raises(DomainError, match=words):
        services.unship([shipment.pk], reason=reason, by=None)
    shipment.refresh_from_db()
    assert shipment.state == before


@pytest.mark.django_db
def test_several_are_taken_back_together_or_not_at_all() -> None:
    one = shipped()
    other = services.instruct([factories.order().pk], ship_on=DAY, by=None).shipments.get()
    with pytest.raises(NotShippable):
        services.unship([one.pk, other.pk], reason="間違えた", by=None)
    one.refresh_from_db()
    assert (one.state, one.order.state, one.parcels.count()) == ("shipped", "shipped", 1)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_taking_back_one_shipment_bring_the_goods_back_once() -> None:
    goods = factories.sku()
    shipment = shipped(factories.line(goods=goods))
    answers = together(*[lambda: services.unship([shipment.pk], reason="間違えた", by=None)] * 4)
    assert sum(isinstance(answer, DomainError) for answer in answers) == 3
    assert factories.on_hand(goods) == 1


@pytest.mark.django_db(transaction=True)
def test_delivering_and_taking_back_at_once_leave_one_truth() -> None:
    goods = factories.sku()
    shipment = shipped(factories.line(goods=goods))
    together(
        lambda: services.unship([shipment.pk], reason="間違えた", by=None),
        lambda: services.deliver([shipment.pk], on=DAY, by=None),
    )
    shipment.refresh_from_db()
    shipment.order.refresh_from_db()
    truth = (shipment.state, shipment.order.state, factories.on_hand(goods))
    assert truth in {("withdrawn", "ready", 1), ("delivered", "shipped", 0)}


@pytest.mark.django_db
def test_a_lost_reversal_is_found() -> None:
    shipment = shipped()
    services.unship([shipment.pk], reason="間違えた", by=None)
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE stock_stockentry DISABLE TRIGGER ALL")
        cursor.execute("DELETE FROM stock_stockentry WHERE kind = 'reversal'")
        cursor.execute("ALTER TABLE stock_stockentry ENABLE TRIGGER ALL")
    assert {
        "shipped_goods_left_stock",
        "shipped_reservations_left_the_ledger",
        "stock_levels_match_ledger",
    } <= set(broken())
