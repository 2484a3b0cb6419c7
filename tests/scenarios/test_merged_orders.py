"""同梱: two orders of two channels leave in one parcel; papers, payments, reports to the malls and revenue stay two."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db.models import F

from akinai.accounting import services as books
from akinai.accounting.models import RevenueEntry
from akinai.accounting.tests import life
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.party import queries as party
from akinai.payments import services as payments
from akinai.shipping import merging
from akinai.shipping import services as shipping
from akinai.shipping.models import MergeMember, OrderMerge, Shipment
from akinai.shipping.services.labels import label_of
from tests import cast
from tests.together import together

pytestmark = pytest.mark.django_db
DAY = life.DAY
NUMBER = "398712040016"


@pytest.fixture(autouse=True)
def shop() -> None:
    cast.company()
    life.goods("TEA-1", cost="600")
    life.goods("CUP-1", cost="1200", rate=10)


def pair(**phone: Any) -> tuple[Order, Order]:
    """青木 at 楽天 (card, 700 for the parcel) and by telephone (代引, 600), typed in another way."""
    mall = life.order(
        "R-1",
        ("TEA-1", 2, 1080),
        buyer=cast.AOKI,
        ship_to=cast.AOKI,
        total_yen=2860,
        shipping_yen=700,
        taxes=(),
        ship_to_id="1001",
    )
    typed = replace(cast.AOKI, name=cast.AOKI.name.replace(" ", "　"))
    told = {
        "payment": "cod",
        "payment_settled": False,
        "total_yen": 1700,
        "shipping_yen": 600,
        "taxes": (),
        **phone,
    }
    return mall, life.order("P-1", ("CUP-1", 1, 1100), channel="phone", buyer=typed, ship_to=typed, **told)


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def merged() -> tuple[Order, Order, OrderMerge]:
    mall, phone = pair()
    for one in (mall, phone):
        orders.release_all(one, note="確認済", by=None) if fresh(one).state == "on_hold" else None
    return fresh(mall), fresh(phone), shipping.merge_orders([phone.pk, mall.pk], by=None)


def test_candidates_stand_in_one_group_with_the_effect() -> None:
    mall, phone = pair()
    (group,) = merging.candidates()
    assert [one.pk for one in group.orders] == [mall.pk, phone.pk]
    assert (group.apart, group.preview.given_yen, group.preview.borne_yen, group.preview.cod_yen) == (
        "",
        600,
        0,
        1100,
    )


def test_one_parcel_two_papers_two_payments_and_all_books_right() -> None:
    mall, phone, merge = merged()
    assert (merge.given_yen, merge.borne_yen) == (600, 0)
    assert (fresh(phone).shipping_yen, fresh(phone).total_yen, fresh(mall).total_yen) == (0, 1100, 2860)

    batch = shipping.instruct([mall.pk], ship_on=DAY, by=None)
    lead, rider = batch.shipments.order_by(F("rides_with").asc(nulls_first=True))
    assert (lead.order_id, rider.order_id) == (phone.pk, mall.pk)
    assert (rider.rides_with_id, rider.parcel_count, rider.cod_yen) == (lead.pk, 0, 0)
    label = label_of(Shipment.objects.get(pk=lead.pk), company=party.company())
    assert (label.cod_yen, lead.parcel_count) == (1100, 1)
    assert Shipment.objects.get(pk=lead.pk).service == "cod"
    shipping.pack(rider, scans=["TEA-1", "CUP-1", "TEA-1"], by=None)
    shipping.add_tracking(lead, numbers=[NUMBER], by=None)
    shipping.ship([lead.pk], by=None)
    life.drain()
    assert {fresh(one).state for one in (mall, phone)} == {"shipped"}
    assert NUMBER in OutgoingMail.objects.get(key=f"shipped:{lead.number}").body

    told = shipping.tell_mall("rakuten", by=None)
    assert NUMBER in bytes(told.data).decode("cp932") and told.count == 1
    payments.receive_otherwise(
        order_id=phone.pk, amount_yen=1100, source="carrier", received_on=DAY, key="c", by=None
    )
    assert (life.ledger(mall), life.ledger(phone)) == (2860, 1100)
    assert life.invoice(fresh(phone)).total_yen == 1100
    books.post_upto()
    assert life.balance("receivable") == 2860
    assert {one.shipment_id for one in RevenueEntry.objects.all()} == {None}
    assert life.broken() == set()


def test_undone_before_it_leaves_each_is_charged_what_it_was() -> None:
    mall, phone, merge = merged()
    batch = shipping.instruct([mall.pk], ship_on=DAY, by=None)
    with pytest.raises(DomainError, match="取り消せません"):
        shipping.undo_merge(merge, by=None)
    shipping.withdraw([batch.shipments.get(rides_with=None).pk], by=None)
    assert {fresh(one).state for one in (mall, phone)} == {"ready"}
    shipping.undo_merge(merge, by=None)
    assert (fresh(phone).shipping_yen, fresh(phone).total_yen) == (600, 1700)
    assert shipping.instruct([phone.pk], ship_on=DAY, by=None).shipments.get().rides_with is None
    assert life.broken() == set()


def test_a_parcel_that_had_not_gone_comes_back_whole() -> None:
    mall, phone, _ = merged()
    batch = shipping.instruct([mall.pk], ship_on=DAY, by=None)
    lead, rider = batch.shipments.order_by(F("rides_with").asc(nulls_first=True))
    shipping.add_tracking(rider, numbers=[NUMBER], by=None)
    assert lead.parcels.get().tracking_no == NUMBER
    shipping.ship([lead.pk], by=None)
    life.drain()
    shipping.unship([rider.pk], reason="まだ倉庫にある", by=None)
    life.drain()
    assert {fresh(one).state for one in (mall, phone)} == {"ready"}
    assert (life.ledger(mall), life.ledger(phone)) == (0, 0)
    assert life.broken() == set()


def test_who_waits_for_its_partner_is_not_instructed_alone() -> None:
    mall, phone, _ = merged()
    orders.hold(fresh(phone), reason="電話待ち", by=None)
    with pytest.raises(DomainError, match=f"同梱の相手 {phone.number} が「確認待ち」"):
        shipping.instruct([mall.pk], ship_on=DAY, by=None)
    assert fresh(mall).state == "ready"


def test_an_order_that_leaves_with_another_is_not_parted() -> None:
    mall, _, merge = merged()
    line = mall.lines.get()
    with pytest.raises(DomainError, match=f"同梱 {merge.number} の受注なので、分けて出荷できません"):
        shipping.instruct_part(mall.pk, {line.pk: 1}, ship_on=DAY, by=None)
    line.refresh_from_db()
    assert (fresh(mall).state, fresh(mall).in_parts, line.instructed) == ("ready", False, 0)


def test_what_does_not_belong_together_is_refused_with_the_reason() -> None:
    mall, _ = pair()
    other = life.order("R-2", ("TEA-1", 1, 1080))
    with pytest.raises(DomainError, match="お届け先が違います"):
        shipping.merge_orders([mall.pk, other.pk], by=None)
    with pytest.raises(DomainError, match="2 件以上"):
        shipping.merge_orders([mall.pk], by=None)
    assert not OrderMerge.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_clerks_merge_one_order_once() -> None:
    mall, phone = pair()
    third = life.order("R-3", ("TEA-1", 1, 1080), buyer=cast.AOKI, ship_to=cast.AOKI)
    orders.release_all(third, note="確認済", by=None)
    answers = together(
        lambda: shipping.merge_orders([mall.pk, phone.pk], by=None),
        lambda: shipping.merge_orders([mall.pk, third.pk], by=None),
    )
    assert sorted(isinstance(one, ChangedMeanwhile) for one in answers) == [False, True]
    assert MergeMember.objects.filter(order=mall).count() == 1


def test_the_screen_shows_merges_and_takes_back(client: Any) -> None:
    mall, phone = pair()
    client.force_login(cast.staff("高橋"))
    page = client.get("/office/shipments/merging/")
    assert page.status_code == 200 and mall.number in page.text and phone.number in page.text
    assert client.post("/office/shipments/merging/merge/", {"order": [mall.pk, phone.pk]}).status_code == 302
    merge = OrderMerge.objects.get()
    assert client.post(f"/office/shipments/merging/{merge.number}/undo/").status_code == 302
    assert OrderMerge.objects.get().state == "undone"
    client.force_login(cast.staff("部外者"))
    assert client.get("/office/shipments/merging/").status_code == 403
    assert client.post("/office/shipments/merging/merge/", {"order": [mall.pk]}).status_code == 403
