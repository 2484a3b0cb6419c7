"""分納: an order leaves in two parcels, each on its own day, and stock, order, revenue and journal say the same all the way."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.accounting import services as books
from akinai.accounting.models import DailySales, RevenueEntry
from akinai.accounting.tests import life
from akinai.billing import services as billing
from akinai.catalog.models import Sku
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.insights import ageing
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.shipping import services as shipping
from akinai.shipping.models import Shipment
from akinai.stock import queries as stock
from akinai.stock import services as stock_services
from akinai.stock.services import Movement
from tests import cast
from tests.together import together

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("that_day")]
DAY = life.DAY


@pytest.fixture(autouse=True)
def shop() -> None:
    cast.company()
    life.goods("TEA-1", pieces=2, cost="600")
    life.goods("CUP-1", pieces=5, cost="1200", rate=10)


def short_order(**changes: Any) -> Order:
    """茶 3 (of which 2 are there) and 碗 1: 3,240 + 1,100 and 700 for the parcel."""
    asked = {"total_yen": 5040, "shipping_yen": 700, "taxes": (), **changes}
    return life.order("S-1", ("TEA-1", 3, 1080), ("CUP-1", 1, 1100), channel="phone", **asked)


def pieces(order: Order, *counts: int) -> dict[int, int]:
    lines = order.lines.order_by("line_no")
    return {line.pk: count for line, count in zip(lines, counts, strict=True) if count}


def part(order: Order, *counts: int, on: date | None = None) -> Shipment:
    """These pieces leave now."""
    shipment = shipping.instruct_part(order.pk, pieces(order, *counts), ship_on=DAY, by=None).shipments.get()
    shipping.ship([shipment.pk], by=None, shipped_on=on)
    life.drain()
    return shipment


def fresh(order: Order) -> Order:
    return Order.objects.get(pk=order.pk)


def earned(shipment: Shipment) -> list[tuple[str, int, int, int]]:
    """(種類, 個数, 税込, 消費税) of one parcel."""
    rows = RevenueEntry.objects.filter(shipment=shipment).order_by("id")
    return [(row.kind, row.quantity, row.gross_yen, row.tax_yen) for row in rows]


def receive(count: int) -> None:
    place = stock.default_location_id()
    goods = Movement(stock_of("TEA-1"), place, "receipt", count, "GR-TEST", f"more:{count}", Decimal(600))
    stock_services.post([goods], by=None)
    life.drain()


def stock_of(code: str) -> int:
    return Sku.objects.get(code=code).pk


def test_what_is_there_leaves_and_the_rest_follows_by_itself() -> None:
    made = short_order()
    first = part(made, 2, 1)
    assert (fresh(made).state, fresh(made).shipment_progress) == ("awaiting_stock", "partial")
    assert cast.level(stock_of("TEA-1")) == (0, 0)
    assert earned(first) == [("goods", 2, 2160, 160), ("goods", 1, 1100, 81), ("shipping", 0, 700, 63)]
    assert life.broken() == set()

    receive(1)
    assert fresh(made).state == "ready"
    second = shipping.instruct([made.pk], ship_on=DAY, by=None).shipments.get()
    assert list(second.lines.values_list("quantity", flat=True)) == [1]
    assert fresh(made).state == "picking"
    shipping.ship([second.pk], by=None)
    life.drain()
    assert (fresh(made).state, fresh(made).shipment_progress) == ("shipped", "done")
    assert earned(second) == [("goods", 1, 1080, 80)]
    assert life.ledger(made) == made.total_yen == 5040
    assert sum(DailySales.objects.values_list("orders", flat=True)) == 1
    assert books.record([made.pk]) == books.record_missing() == 0
    paper = life.invoice(made)
    rows = RevenueEntry.objects.filter(order=made)
    assert paper.tax_yen == sum(rows.values_list("tax_yen", flat=True))
    assert sum(rows.values_list("cost_yen", flat=True)) == 3 * 600 + 1200
    assert life.broken() == set()


def test_money_paid_beforehand_stays_an_advance_until_its_goods_leave() -> None:
    made = short_order(payment="bank_transfer", payment_settled=False)
    payments.receive_otherwise(
        order_id=made.pk, amount_yen=5040, source="cash", received_on=DAY, key="cash:1", by=None
    )
    part(made, 2, 1)
    books.post_upto(date(2026, 12, 31))
    assert (life.balance("receivable"), life.balance("advance")) == (0, -1080)
    receive(1)
    part(made, 1, 0)
    books.post_upto(date(2026, 12, 31))
    assert (life.balance("receivable"), life.balance("advance")) == (0, 0)
    assert life.broken() == set()


def test_what_is_paid_later_is_owed_parcel_by_parcel() -> None:
    made = short_order(payment="cod", payment_settled=False)
    part(made, 2, 1)
    books.post_upto(date(2026, 12, 31))
    assert (life.balance("receivable"), life.balance("advance")) == (3960, 0)
    assert life.broken() == set()


def test_one_of_two_parcels_comes_back_and_leaves_again() -> None:
    made = short_order()
    first = part(made, 2, 1)
    receive(1)
    second = part(made, 1, 0)
    assert fresh(made).state == "shipped"
    shipping.unship([first.pk], reason="まだ倉庫にある", by=None)
    life.drain()
    assert (fresh(made).state, fresh(made).shipment_progress) == ("ready", "partial")
    assert life.ledger(made) == 1080
    assert cast.level(stock_of("TEA-1")) == (2, 2)
    assert life.broken() == set()
    third = shipping.instruct([made.pk], ship_on=DAY, by=None).shipments.get()
    shipping.ship([third.pk], by=None)
    life.drain()
    assert fresh(made).state == "shipped"
    assert life.ledger(made) == 5040
    assert sum(DailySales.objects.values_list("orders", flat=True)) == 1
    assert sum(row[2] for row in earned(second)) == 1080
    assert life.broken() == set()


def test_an_instruction_of_a_part_is_withdrawn_and_nothing_was_lost() -> None:
    made = short_order()
    shipment = shipping.instruct_part(made.pk, pieces(made, 1, 1), ship_on=DAY, by=None).shipments.get()
    shipping.withdraw([shipment.pk], by=None)
    assert (fresh(made).state, fresh(made).shipment_progress) == ("awaiting_stock", "none")
    assert not made.lines.filter(instructed__gt=0).exists()
    assert life.broken() == set()


def test_no_more_leaves_than_is_held_or_ordered() -> None:
    made = short_order()
    with pytest.raises(ChangedMeanwhile, match="TEA-1 3 点"):
        part(made, 3, 0)
    with pytest.raises(DomainError, match="出荷する数量がありません"):
        part(made, 0, 0)
    part(made, 2, 0)
    with pytest.raises(ChangedMeanwhile, match="TEA-1 1 点"):
        part(made, 1, 0)
    assert Shipment.objects.count() == 1


def test_an_order_that_has_begun_to_leave_is_neither_cancelled_nor_rewritten() -> None:
    made = short_order()
    part(made, 2, 0)
    with pytest.raises(DomainError, match="一部を出荷している"):
        orders.cancel(made.pk, reason="お客様都合", by=None)
    with pytest.raises(DomainError, match="一部を出荷している"):
        orders.edit_line(made.pk, line_no=1, quantity=1, unit_price_yen=1080, by=None)
    assert fresh(made).state == "awaiting_stock"


def test_a_cut_is_taken_off_as_far_as_a_parcel_carries_it() -> None:
    made = short_order(discount_yen=3000, total_yen=2040)
    first = part(made, 0, 1)
    assert [row[:3] for row in earned(first)] == [
        ("goods", 1, 1100), ("shipping", 0, 700), ("discount", 0, -1100), ("discount", 0, -417),
    ]  # fmt: skip
    receive(1)
    part(made, 3, 0)
    assert life.ledger(made) == 2040
    taxes = RevenueEntry.objects.filter(order=made).values_list("tax_yen", flat=True)
    assert life.invoice(made).tax_yen == sum(taxes)
    assert life.broken() == set()


def test_given_back_on_paper_and_one_parcel_not_gone_after_all() -> None:
    made = short_order()
    first = part(made, 2, 1)
    receive(1)
    second = part(made, 1, 0)
    billing.credit_rest(life.invoice(made), reason="出荷取消", returned_on=DAY, by=None)
    life.drain()
    assert life.ledger(made) == 0
    shipping.unship([second.pk], reason="倉庫に残っていた", by=None)
    life.drain()
    assert life.ledger(made) == sum(row[2] for row in earned(first)) == 3960
    assert life.broken() == set()
    third = shipping.instruct([made.pk], ship_on=DAY, by=None).shipments.get()
    shipping.ship([third.pk], by=None)
    life.drain()
    assert life.ledger(made) == 5040
    life.invoice(made)
    assert life.ledger(made) == 5040
    assert life.broken() == set()


def test_cash_on_delivery_is_collected_by_parcel_and_in_all_once() -> None:
    made = short_order(payment="cod", cod_fee_yen=330, total_yen=5370)
    first = part(made, 2, 1)
    assert first.cod_yen == 2160 + 1100 + 700 + 330
    receive(1)
    second = part(made, 1, 0)
    assert (second.cod_yen, first.cod_yen + second.cod_yen) == (1080, 5370)


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_send_the_same_rest_send_it_once() -> None:
    made = short_order()
    rest = pieces(made, 2, 1)

    def send() -> Any:
        return shipping.instruct_part(made.pk, rest, ship_on=DAY, by=None)

    answers = together(send, send)
    assert sorted(isinstance(one, ChangedMeanwhile) for one in answers) == [False, True]
    assert list(made.lines.order_by("line_no").values_list("instructed", flat=True)) == [2, 1]
    assert Shipment.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_clerks_who_ship_the_last_two_parcels_at_once_finish_the_order() -> None:
    made = short_order()
    receive(1)
    parcels = [
        shipping.instruct_part(made.pk, pieces(made, *some), ship_on=DAY, by=None).shipments.get()
        for some in ((2, 0), (1, 1))
    ]
    assert fresh(made).state == "picking"
    together(*(lambda pk=one.pk: shipping.ship([pk], by=None) for one in parcels))  # type: ignore[misc]
    assert (fresh(made).state, fresh(made).shipment_progress) == ("shipped", "done")
    assert fresh(made).shipped_at is not None


def test_the_rest_is_cancelled_and_the_order_is_what_has_left() -> None:
    made = short_order(payment="cod", payment_settled=False)
    part(made, 2, 1)
    with pytest.raises(DomainError, match="理由がありません"):
        shipping.cancel_rest(made.pk, reason=" ", by=None)
    shipping.cancel_rest(made.pk, reason="お客様のご都合", by=None)
    life.drain()
    done = fresh(made)
    assert (done.state, done.total_yen, done.goods_yen) == ("shipped", 3960, 3260)
    assert life.ledger(made) == 3960
    assert life.invoice(made).total_yen == 3960
    assert life.broken() == set()
    receive(1)
    assert cast.level(stock_of("TEA-1")) == (1, 0)


def test_the_rest_of_a_paid_order_is_cancelled_only_after_its_money_went_back() -> None:
    made = short_order(payment="bank_transfer", payment_settled=False)
    payments.receive_otherwise(
        order_id=made.pk, amount_yen=5040, source="cash", received_on=DAY, key="cash:1", by=None
    )
    part(made, 2, 1)
    with pytest.raises(DomainError, match="入金済み") as refused:
        shipping.cancel_rest(made.pk, reason="欠品", by=None)
    assert "¥1,080" in refused.value.way_out
    assert fresh(made).total_yen == 5040


def test_a_charge_that_changed_with_the_rest_is_said_by_a_correction() -> None:
    made = short_order(payment="cod", payment_settled=False)
    part(made, 2, 1)
    Order.objects.filter(pk=made.pk).update(shipping_yen=500, total_yen=4840)
    shipping.cancel_rest(made.pk, reason="欠品", by=None)
    life.drain()
    assert life.ledger(made) == fresh(made).total_yen == 3760
    assert RevenueEntry.objects.get(slip__endswith="/A1").gross_yen == -200
    assert life.broken() == set()


def test_a_half_shipped_order_is_a_leak_until_its_rest_has_left() -> None:
    made = short_order()
    assert leak("rest_waits") == 0
    part(made, 2, 1)
    assert leak("rest_waits") == 1
    receive(1)
    part(made, 1, 0)
    assert leak("rest_waits") == 0


def leak(code: str) -> int:
    return next(one.count for one in ageing.aged() if one.leak.name == code)


def test_a_clerk_sends_what_is_there_from_the_page_of_the_order(client: Any) -> None:
    made = short_order()
    client.force_login(cast.staff("高橋"))
    page = client.get(f"/office/orders/{made.number}/")
    assert f"/office/shipments/part/{made.number}/" in page.text
    form = client.get(f"/office/shipments/part/{made.number}/")
    assert form.status_code == 200 and "いま出荷する" in form.text
    lines = list(made.lines.order_by("line_no"))
    told = {"ship_on": f"{DAY:%Y-%m-%d}", f"n{lines[0].pk}": "3", f"n{lines[1].pk}": "1"}
    assert client.post(f"/office/shipments/part/{made.number}/", told).status_code == 422
    told[f"n{lines[0].pk}"] = "2"
    assert client.post(f"/office/shipments/part/{made.number}/", told).status_code == 302
    assert [line.instructed for line in made.lines.order_by("line_no")] == [2, 1]
    slip = client.post(f"/office/shipments/{Shipment.objects.get().number}/slip.pdf")
    assert slip.content.startswith(b"%PDF")


def test_a_stranger_splits_nothing(client: Any) -> None:
    made = short_order()
    client.force_login(cast.staff("部外者"))
    assert client.get(f"/office/shipments/part/{made.number}/").status_code == 403
    assert client.post(f"/office/shipments/part/{made.number}/cancel/", {"reason": "x"}).status_code == 403


def test_the_page_of_an_order_that_began_to_leave_offers_no_change_that_would_be_refused(
    client: Client,
) -> None:
    client.force_login(cast.staff("伊藤"))
    made = short_order()
    acts = [reverse(f"orders:{name}", args=[made.number]) for name in ("change", "delivery", "cancel")]
    page = client.get(reverse("orders:detail", args=[made.number])).content.decode()
    assert [f'"{act}"' in page for act in acts] == [
        True,
        True,
        True,
    ] and "変更とキャンセルはできません" not in page
    part(made, 2, 1)
    page = client.get(reverse("orders:detail", args=[made.number])).content.decode()
    assert [f'"{act}"' in page for act in acts] == [False, False, False]
    assert (
        "内容・お届け先・金額の変更とキャンセルはできません" in page
        and reverse("shipping:part", args=[made.number]) in page
    )
    assert reverse("orders:hold", args=[made.number]) in page
