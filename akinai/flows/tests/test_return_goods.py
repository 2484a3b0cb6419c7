"""返品の精算, the less common goods: sets come back as parts, lots into their own lot, at the cost they left with."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from akinai.billing import services as billing
from akinai.billing.models import BillingTerms, CreditNote
from akinai.catalog.services import compose_set
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.flows.return_goods import Plan, settle_return, undo_settlement
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.payments.models import Payment
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.models import ReturnCase
from akinai.shipping.services import Asked, Found
from akinai.stock import queries as stock
from akinai.stock import services as stock_services
from akinai.stock.services import LotTag, Movement
from tests import cast

pytestmark = pytest.mark.django_db


def broken() -> dict[str, Any]:
    return {found.name: found.broken for found in proofs.run_all() if found.broken}


def gone(order: Order, *, by_mall: bool = False) -> Any:
    """Shipped, and invoiced unless the mall does that."""
    shipment = shipping.instruct([order.pk], ship_on=clock.today(), by=None).shipments.get()
    shipping.ship([shipment.pk], by=None)
    if by_mall:
        orders.note_invoice_not_needed([order.pk], by=None)
    else:
        billing.issue_what_can_be([order.pk], by=None)
    return shipment


def back(shipment: Any, pieces: int, outcome: str = "restock", remedy: str = "refund") -> ReturnCase:
    """A case over the first line, arrived and inspected."""
    line = shipment.lines.order_by("order_line__line_no")[0]
    case = shipping.request_return(shipment.pk, asked=[Asked(line.pk, pieces)], by=None)
    shipping.arrive(case, by=None)
    found = {row.pk: Found("new", outcome, remedy) for row in return_queries.lines_of(case)}
    return shipping.inspect(case, found=found, by=None)


def settle(case: ReturnCase, amount: int, way: str = "channel") -> ReturnCase:
    line = return_queries.lines_of(case)[0]
    return settle_return(case, plan=Plan({line.pk: amount}, refund_way=way), by=None)


def test_a_set_comes_back_as_its_parts() -> None:
    cast.company()
    cup, tea, whole = cast.sku("CUP", pieces=10), cast.sku("TEA", pieces=5), cast.sku("GIFT")
    compose_set(whole, {cup: 2, tea: 1}, by=None)
    shipment = gone(cast.place(cast.draft("A-1", ("GIFT", 2, 3000))))
    assert (cast.level(cup), cast.level(tea)) == ((6, 0), (3, 0))
    case = settle(back(shipment, 1), 3000)
    assert (cast.level(cup), cast.level(tea)) == ((8, 0), (4, 0))
    assert sorted(stock.entries_of(case.number).values_list("sku__code", "quantity")) == [
        ("CUP", 2),
        ("TEA", 1),
    ]
    assert broken() == {}


def test_pieces_come_back_into_their_own_lots_at_the_cost_they_left_with() -> None:
    cast.company()
    tea, place = cast.sku("TEA"), stock.default_location_id()
    stock_services.start_lots(tea, by=None)
    for code, pieces, days, cost in (("L1", 2, 60, "300"), ("L2", 5, 90, "500")):
        tag = LotTag(code, clock.today() + timedelta(days=days))
        move = Movement(tea, place, "receipt", pieces, "GR-1", f"r:{code}", Decimal(cost), lot=tag)
        stock_services.post([move], by=None)
    shipment = gone(cast.place(cast.draft("A-1", ("TEA", 3, 1080))))
    left = dict(stock.entries_of(shipment.number).values_list("lot__code", "quantity"))
    assert left == {"L1": -2, "L2": -1}
    first = settle(back(shipment, 2), 2160)
    assert list(stock.entries_of(first.number).values_list("lot__code", "quantity")) == [("L1", 2)]
    second = settle(back(shipment, 1), 1080)
    assert list(stock.entries_of(second.number).values_list("lot__code", "quantity")) == [("L2", 1)]
    # 3,100 yen in 7 pieces before, and the same again when all three are back.
    worth = stock.value_of([tea])[tea]
    assert (worth.pieces, round(worth.value)) == (7, 3100)
    assert broken() == {}


def test_what_is_thrown_away_leaves_no_piece_and_costs_its_value() -> None:
    cast.company()
    tea, place = cast.sku("TEA"), stock.default_location_id()
    stock_services.post([Movement(tea, place, "receipt", 3, "GR-1", "r", Decimal("400"))], by=None)
    shipment = gone(cast.place(cast.draft("A-1", ("TEA", 1, 1080))))
    case = settle(back(shipment, 1, "scrap"), 1080)
    assert [(e.kind, e.quantity) for e in stock.entries_of(case.number).order_by("pk")] == [
        ("return", 1),
        ("adjustment", -1),
    ]
    worth = stock.value_of([tea])[tea]
    assert (worth.pieces, round(worth.value), cast.level(tea)) == (2, 800, (2, 0))
    assert broken() == {}


def test_a_monthly_customer_gets_it_on_the_next_statement() -> None:
    cast.company()
    cast.sku("TEA", pieces=5)
    told = {"payment": "credit_terms", "payment_label": "掛け", "payment_settled": False}
    order = cast.place(cast.draft("A-1", ("TEA", 2, 1080), **told), channel="phone")
    billing.save_terms(BillingTerms(customer=order.customer, since=clock.today()), by=None)
    shipment = gone(order)
    case = back(shipment, 1)
    with pytest.raises(DomainError, match="月締め"):
        settle(case, 1080, "transfer")
    case.refresh_from_db()
    settle(case, 1080, "statement")
    assert CreditNote.objects.get().total_yen == 1080
    assert not Payment.objects.exists()
    order.refresh_from_db()
    assert order.owed_yen == 2160  # the statement takes it off
    assert broken() == {}


def test_shipping_is_given_back_up_to_what_was_charged() -> None:
    cast.company()
    cast.sku("TEA", pieces=5)
    order = cast.place(cast.draft("A-1", ("TEA", 1, 1080), shipping_yen=550, total_yen=1630, taxes=()))
    case = back(gone(order), 1)
    line = return_queries.lines_of(case)[0]
    with pytest.raises(DomainError, match="請求した送料は 550 円"):
        settle_return(case, plan=Plan({line.pk: 1080}, shipping_back_yen=551, refund_way="channel"), by=None)
    case.refresh_from_db()
    settle_return(case, plan=Plan({line.pk: 1080}, shipping_back_yen=550, refund_way="channel"), by=None)
    note = CreditNote.objects.get()
    assert (note.total_yen, sorted(note.taxes.values_list("rate", "gross_yen"))) == (
        1630,
        [(8, 1080), (10, 550)],
    )
    assert (case.given_back_yen, case.shipping_back_yen) == (1630, 550)
    assert broken() == {}


def test_goods_the_customer_keeps_move_no_stock() -> None:
    cast.company()
    tea = cast.sku("TEA", pieces=5)
    shipment = gone(cast.place(cast.draft("A-1", ("TEA", 1, 1080))))
    line = shipment.lines.get()
    case = shipping.request_return(shipment.pk, asked=[Asked(line.pk, 1, reason="defect")], by=None)
    shipping.waive(case, by=None)
    settle(case, 1080)
    assert cast.level(tea) == (4, 0)
    assert not stock.entries_of(case.number).exists()
    assert broken() == {}


def test_where_the_mall_writes_the_papers_there_is_none_of_ours() -> None:
    cast.company()
    tea = cast.sku("TEA", pieces=5)
    order = cast.place(cast.draft("A-1", ("TEA", 1, 1080)))
    case = settle(back(gone(order, by_mall=True), 1), 1080)
    assert (case.given_back_yen, case.credit_note_no, CreditNote.objects.exists()) == (1080, "", False)
    assert cast.level(tea) == (5, 0)
    assert broken() == {}
    with pytest.raises(DomainError, match="計上済み"):
        undo_settlement(case, reason="間違い", by=None)
