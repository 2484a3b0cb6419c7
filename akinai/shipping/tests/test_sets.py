"""セットの出荷: fetched, scanned, told and shipped as parts, invoiced as the set."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from akinai.catalog.services import compose_set
from akinai.core import clock, proofs
from akinai.core.errors import DomainError
from akinai.orders import services as orders
from akinai.orders.demand import OrderedPieces
from akinai.orders.models import Order
from akinai.purchasing.replenish import Sale
from akinai.shipping import papers, queries, services
from akinai.shipping.errors import WrongItem
from akinai.stock import queries as stock
from tests import cast

pytestmark = pytest.mark.django_db


def gift(cups: int = 0, teas: int = 0) -> tuple[int, int, int]:
    cup, tea, whole = cast.sku("CUP", pieces=cups), cast.sku("TEA", pieces=teas), cast.sku("GIFT")
    compose_set(whole, {cup: 2, tea: 1}, by=None)
    return whole, cup, tea


def ordered(quantity: int, no: str = "A-1", **changes: Any) -> Order:
    return cast.place(cast.draft(no, ("GIFT", quantity, 3000), **changes), now=cast.NOW)


def instructed(order: Order) -> Any:
    return services.instruct([order.pk], ship_on=date(2026, 11, 24), by=None).shipments.get()


def broken() -> dict[str, Any]:
    return {found.name: found.broken for found in proofs.run_all() if found.broken}


def test_an_order_of_a_set_waits_for_its_parts_and_goes_on_by_itself(
    django_capture_on_commit_callbacks: Any,
) -> None:
    _, _, tea = gift(cups=4, teas=1)
    order = ordered(2)
    assert order.state == "awaiting_stock"
    from akinai.orders import queries as order_queries

    assert "TEA あと1点" in order_queries.why_waiting(order).reasons[0]
    assert broken() == {}
    cast.receive(tea, 1, key="tea")
    orders.advance([order.pk], by=None)
    order.refresh_from_db()
    assert order.state == "ready" and broken() == {}


def test_a_set_is_picked_scanned_and_shipped_as_its_parts() -> None:
    whole, cup, tea = gift(cups=10, teas=10)
    shipment = instructed(ordered(2))
    assert [(pick.code, pick.quantity) for pick in queries.picks([shipment.pk])] == [("CUP", 4), ("TEA", 2)]
    with pytest.raises(WrongItem):
        services.check(shipment, scans=["GIFT"])
    with pytest.raises(DomainError, match="あと 1 点"):
        services.pack(shipment, scans=["CUP"] * 4 + ["TEA"], by=None)
    services.pack(shipment, scans=["CUP"] * 4 + ["TEA"] * 2, by=None)
    services.ship([shipment.pk], by=None)
    assert (cast.level(cup), cast.level(tea), stock.levels([whole])[whole].free) == ((6, 0), (8, 0), 3)
    assert broken() == {}
    services.unship([shipment.pk], reason="まだある", by=None)
    assert (cast.level(cup), cast.level(tea)) == ((10, 4), (10, 2))
    assert broken() == {}


def test_the_papers_show_the_parts_under_the_set() -> None:
    gift(cups=10, teas=10)
    shipment = queries.with_papers(type(instructed(ordered(2))).objects.all())[0]
    inside = papers.boxes.pieces_of(papers._lines([shipment]))
    (line,) = papers._slip(shipment, inside, with_prices=True)["lines"]
    assert (line["code"], line["amount"], line["parts"]) == (
        "GIFT",
        "¥6,000",
        ["商品 CUP × 4", "商品 TEA × 2"],
    )
    picked = papers._sorting(shipment, inside)["lines"]
    assert [(row["code"], row["quantity"]) for row in picked] == [("CUP", "4"), ("TEA", "2")]
    assert papers.slips_pdf([shipment])[:4] == papers.picking_of([shipment], name="x")[:4] == b"%PDF"


def test_a_set_changed_after_the_order_ships_what_was_ordered() -> None:
    whole, cup, tea = gift(cups=10, teas=10)
    box = cast.sku("BOX", pieces=5)
    order = ordered(1)
    compose_set(whole, {box: 1}, by=None)
    shipment = instructed(order)
    assert [(pick.code, pick.quantity) for pick in queries.picks([shipment.pk])] == [("CUP", 2), ("TEA", 1)]
    services.ship([shipment.pk], by=None)
    assert (cast.level(cup), cast.level(tea), cast.level(box)) == ((8, 0), (9, 0), (5, 0))
    assert broken() == {}


def test_an_edited_or_cancelled_line_of_a_set_gives_its_parts_back() -> None:
    _, cup, tea = gift(cups=10, teas=10)
    order = ordered(3)
    orders.edit_line(order.pk, line_no=1, quantity=1, unit_price_yen=3000, by=None)
    assert (cast.level(cup), cast.level(tea)) == ((10, 2), (10, 1))
    orders.cancel(order.pk, reason="お客様の都合", by=None)
    assert (cast.level(cup), cast.level(tea)) == ((10, 0), (10, 0))
    assert broken() == {}


def test_whoever_ordered_a_set_wanted_its_parts() -> None:
    whole, cup, tea = gift(cups=10)
    order, today = ordered(2), clock.today()
    day = order.ordered_at.astimezone().date()
    compose_set(whole, {tea: 9}, by=None)
    cast.place(cast.draft("A-2", ("TEA", 1, 500)), now=cast.NOW)
    found = OrderedPieces().sales(first_on=day - timedelta(days=1), last_on=max(today, day))
    assert sorted(found, key=lambda sale: sale.sku_id) == [Sale(cup, day, 4), Sale(tea, day, 3)]


def test_the_cost_of_a_sold_set_is_that_of_its_parts() -> None:
    _, cup, tea = gift()
    main = stock.default_location_id()
    from decimal import Decimal

    from akinai.stock import services as stock_services

    stock_services.post(
        [
            stock_services.Movement(cup, main, "receipt", 4, "GR", "c", Decimal(100)),
            stock_services.Movement(tea, main, "receipt", 2, "GR", "t", Decimal(350)),
        ],
        by=None,
    )
    shipment = instructed(ordered(2))
    services.ship([shipment.pk], by=None)
    cost = stock.cost_of_sales([shipment.number])[shipment.number]
    assert int(cost.value_yen if hasattr(cost, "value_yen") else cost) == 4 * 100 + 2 * 350
