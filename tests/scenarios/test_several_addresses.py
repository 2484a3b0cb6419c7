"""複数送付先: one order goes to several addresses, a parcel each, and stock, mail, revenue and journal say the same all the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from akinai.accounting import services as books
from akinai.accounting.models import RevenueEntry
from akinai.accounting.tests import life
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import services as orders
from akinai.orders.models import Order, OrderAddress
from akinai.orders.ports import Address
from akinai.orders.services import Destination
from akinai.party import queries as party
from akinai.shipping import papers, queries
from akinai.shipping import services as shipping
from akinai.shipping.models import Shipment
from akinai.shipping.services.labels import label_of
from tests import cast
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
DAY = life.DAY
MOTHER = Address(
    name="山本 和子", kana="ヤマモト カズコ", postal_code="5300001", prefecture="大阪府", city="大阪市北区梅田", line1="2-4-9",
    line2="見本ビル301", phone="06-0000-2222",
)  # fmt: skip
UNCLE = replace(MOTHER, name="川口 茂", company="川口商店", postal_code="0600001", prefecture="北海道", city="札幌市中央区北一条西", line1="5-1", line2="", phone="011-000-3333")  # fmt: skip


@pytest.fixture(autouse=True)
def shop() -> None:
    cast.company()
    for code, rate in (("TEA-1", 8), ("CUP-1", 10), ("CAKE-1", 8)):
        life.goods(code, pieces=10, cost="600", rate=rate)


def gifts_order(**changes: Any) -> Order:
    """茶 3, 碗 2, 菓子 1: 3,240 + 2,200 + 540 and 700 for the parcels."""
    asked = {"total_yen": 6680, "shipping_yen": 700, "taxes": (), **changes}
    wanted = (("TEA-1", 3, 1080), ("CUP-1", 2, 1100), ("CAKE-1", 1, 540))
    return life.order("M-1", *wanted, channel="phone", **asked)


def to(address: Address, **pieces: int) -> Destination:
    """`to(MOTHER, l1=2)`: two pieces of the first line."""
    return Destination(address, {int(name[1:]): count for name, count in pieces.items()})


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def inside(shipment: Shipment) -> dict[str, int]:
    return dict(shipment.lines.values_list("sku__code", "quantity"))


def instructed(order: Order) -> list[Shipment]:
    batch = shipping.instruct([order.pk], ship_on=DAY, by=None)
    return list(batch.shipments.select_related("order", "address").order_by("pk"))


def ship(*shipments: Shipment) -> None:
    shipping.ship([one.pk for one in shipments], by=None)
    life.drain()


def test_three_lines_go_to_two_addresses_in_two_parcels() -> None:
    made = gifts_order()
    orders.add_address(made.pk, replace(to(MOTHER, l1=2, l2=1), delivery_on=date(2026, 12, 3), delivery_slot="am", gift_note="御歳暮"), by=None)  # fmt: skip
    own, gift = instructed(made)
    assert (inside(own), inside(gift)) == ({"TEA-1": 1, "CUP-1": 1, "CAKE-1": 1}, {"TEA-1": 2, "CUP-1": 1})
    assert (own.to.name, gift.to.name) == (made.ship_name, "山本 和子")
    assert (own.is_part, gift.is_part, fresh(made).state, fresh(made).in_parts) == (
        True,
        True,
        "picking",
        True,
    )
    assert (own.delivery_on, gift.delivery_on, gift.delivery_slot) == (None, date(2026, 12, 3), "am")
    assert (own.hides_prices, gift.hides_prices) == (False, True)
    label = label_of(gift, company=party.company())
    assert (label.to.name, label.to.postal_code, label.to.city, label.to.line2) == (
        "山本 和子", "5300001", "大阪市北区梅田", "見本ビル301",
    )  # fmt: skip
    assert label.goods == ("商品 TEA-1", "商品 CUP-1")

    ship(own, gift)
    assert (fresh(made).state, fresh(made).shipment_progress) == ("shipped", "done")
    earned = {one.pk: sum(RevenueEntry.objects.filter(shipment=one).values_list("gross_yen", flat=True)) for one in (own, gift)}  # fmt: skip
    assert earned == {own.pk: 1080 + 1100 + 540 + 700, gift.pk: 2160 + 1100}
    assert life.ledger(made) == made.total_yen == 6680
    paper = life.invoice(made)
    assert paper.tax_yen == sum(RevenueEntry.objects.filter(order=made).values_list("tax_yen", flat=True))
    books.post_upto(date(2026, 12, 31))
    assert life.broken() == set()


def test_each_paper_and_mail_names_its_own_address() -> None:
    made = gifts_order()
    orders.add_address(made.pk, replace(to(MOTHER, l1=3), gift_note="御歳暮"), by=None)
    orders.add_address(made.pk, to(UNCLE, l2=2), by=None)
    shipments = instructed(made)
    assert [one.to.name for one in shipments] == [made.ship_name, "山本 和子", "川口 茂"]
    drawn = queries.with_papers(Shipment.objects.filter(order=made))
    inside_of = papers.boxes.pieces_of(papers._lines(drawn))
    slips = {one.to.name: papers._slip(one, inside_of, with_prices=True) for one in drawn}
    assert slips["山本 和子"]["recipient"] == "山本 和子 様"
    assert slips["山本 和子"]["address"] == "大阪府大阪市北区梅田2-4-9 見本ビル301"
    assert slips["川口 茂"]["recipient"] == "川口商店 川口 茂 様"
    assert [line["quantity"] for line in slips["川口 茂"]["lines"]] == ["2"]
    assert "御歳暮" in str(slips["山本 和子"]["notes"])
    assert "御歳暮" not in str(slips["川口 茂"]["notes"])
    assert papers.slips_pdf(drawn).startswith(b"%PDF")
    ship(*shipments)
    bodies = list(OutgoingMail.objects.order_by("pk").values_list("body", flat=True))
    assert ["山本 和子 様" in body for body in bodies] == [False, True, False]
    assert ["川口 茂 様" in body and "別のメール" in body for body in bodies] == [False, False, True]


def test_all_of_it_to_one_other_address_is_one_whole_parcel() -> None:
    made = gifts_order()
    orders.add_address(made.pk, to(MOTHER, l1=3, l2=2, l3=1), by=None)
    (only,) = instructed(made)
    assert (only.is_part, only.to.name, fresh(made).in_parts) == (False, "山本 和子", False)
    ship(only)
    assert (life.ledger(made), life.broken()) == (6680, set())


def test_each_driver_collects_the_price_of_his_parcel() -> None:
    made = gifts_order(payment="cod", payment_settled=False)
    orders.add_address(made.pk, to(MOTHER, l1=2), by=None)
    own, gift = instructed(made)
    assert (own.cod_yen, gift.cod_yen) == (6680 - 2160, 2160)
    ship(own, gift)
    assert life.broken() == set()


def test_a_parcel_that_comes_back_leaves_again_to_the_same_address() -> None:
    made = gifts_order()
    orders.add_address(made.pk, to(MOTHER, l1=2), by=None)
    own, gift = instructed(made)
    ship(own, gift)
    shipping.unship([gift.pk], reason="まだ倉庫にある", by=None)
    life.drain()
    assert (fresh(made).state, life.ledger(made)) == ("ready", 6680 - 2160)
    with pytest.raises(DomainError, match="一部を出荷している"):
        orders.change_address(made.pk, 1, to(UNCLE, l1=2), by=None)
    (again,) = instructed(made)
    assert (inside(again), again.to.name) == ({"TEA-1": 2}, "山本 和子")
    ship(again)
    assert (fresh(made).state, life.ledger(made), life.broken()) == ("shipped", 6680, set())


def test_what_was_withdrawn_may_be_shared_out_anew() -> None:
    made = gifts_order()
    orders.add_address(made.pk, to(MOTHER, l1=2), by=None)
    shipments = instructed(made)
    shipping.withdraw([one.pk for one in shipments], by=None)
    orders.remove_address(made.pk, 1, by=None)
    orders.add_address(made.pk, to(UNCLE, l1=1), by=None)
    assert [(one.to.name, inside(one)["TEA-1"]) for one in instructed(made)] == [
        (made.ship_name, 2),
        ("川口 茂", 1),
    ]
    assert life.broken() == set()


def test_no_more_is_assigned_than_was_ordered() -> None:
    made = gifts_order()
    orders.add_address(made.pk, to(MOTHER, l1=2), by=None)
    with pytest.raises(DomainError, match="明細 1（残り 1 点に 2 点）"):
        orders.add_address(made.pk, to(UNCLE, l1=2, l2=1), by=None)
    with pytest.raises(DomainError, match="送る数量がありません"):
        orders.add_address(made.pk, to(UNCLE), by=None)
    with pytest.raises(DomainError, match="2 点をほかの送付先に割り当てています"):
        orders.edit_line(made.pk, line_no=1, quantity=1, unit_price_yen=1080, by=None)
    assert OrderAddress.objects.filter(order=made).count() == 1
    orders.change_address(made.pk, 1, to(MOTHER, l1=3), by=None)
    assert made.lines.get(line_no=1).assigned == 3


def test_orders_in_one_parcel_and_orders_to_several_addresses_exclude_each_other() -> None:
    first = gifts_order(ship_to=cast.AOKI, buyer=cast.AOKI)
    second = life.order("M-2", ("TEA-1", 1, 1080), channel="phone", ship_to=cast.AOKI, buyer=cast.AOKI)
    orders.add_address(first.pk, to(MOTHER, l1=1), by=None)
    with pytest.raises(DomainError, match="送付先が複数なので、同梱できません"):
        shipping.merge_orders([first.pk, second.pk], by=None)
    orders.remove_address(first.pk, 1, by=None)
    shipping.merge_orders([first.pk, second.pk], by=None)
    with pytest.raises(DomainError, match="送付先を分けられません。同梱"):
        orders.add_address(first.pk, to(MOTHER, l1=1), by=None)


def test_a_stale_form_is_refused() -> None:
    made = gifts_order()
    seen = orders.version(made)
    orders.add_address(made.pk, to(MOTHER, l1=1), seen=seen, by=None)
    with pytest.raises(ChangedMeanwhile, match="変わりました"):
        orders.add_address(made.pk, to(UNCLE, l1=1), seen=seen, by=None)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_never_send_the_same_piece_to_two_places() -> None:
    made = gifts_order()
    answers = together(
        partial(orders.add_address, made.pk, to(MOTHER, l1=2), by=None),
        partial(orders.add_address, made.pk, to(UNCLE, l1=2), by=None),
    )
    assert sorted(isinstance(one, DomainError) for one in answers) == [False, True]
    assert made.lines.get(line_no=1).assigned == 2
    assert OrderAddress.objects.filter(order=made, removed_at=None).count() == 1
