"""返品: goods that come back give their cost back, goods that are thrown away do not, and no yen is given back twice."""

from __future__ import annotations

from decimal import Decimal

import pytest

from akinai.accounting import services
from akinai.accounting.models import DailySales, RevenueEntry
from akinai.accounting.queries import profit
from akinai.accounting.rules.periods import Period
from akinai.accounting.tests import life
from akinai.core import clock
from akinai.flows.return_goods import Plan, settle_return, undo_settlement
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.models import ReturnCase, Shipment
from akinai.shipping.services import Asked, Found
from tests.cast import company
from tests.planting import behind_the_triggers

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    company()
    life.goods("TEA-1", cost="600")


def sold(*, by_mall: bool, pieces: int = 3) -> Order:
    made = life.order("R-1", ("TEA-1", pieces, 1080), channel="rakuten" if by_mall else "phone")
    life.ship(made, on=clock.today())
    if by_mall:
        orders.note_invoice_not_needed([made.pk], by=None)
    else:
        life.invoice(made)
    return made


def back(made: Order, pieces: int, outcome: str, remedy: str = "refund") -> ReturnCase:
    shipment = Shipment.objects.get(order=made)
    case = shipping.request_return(shipment.pk, asked=[Asked(shipment.lines.get().pk, pieces)], by=None)
    shipping.arrive(case, by=None)
    found = {row.pk: Found("new", outcome, remedy) for row in return_queries.lines_of(case)}
    return shipping.inspect(case, found=found, by=None)


def settle(case: ReturnCase, yen: int) -> ReturnCase:
    line = return_queries.lines_of(case)[0]
    done = settle_return(case, plan=Plan({line.pk: yen}, refund_way="channel" if yen else ""), by=None)
    life.drain()
    return done


def sums(made: Order) -> tuple[int, int, Decimal]:
    """(pieces, 税込, cost) that the ledger says of the order."""
    rows = list(RevenueEntry.objects.filter(order=made))
    return (
        sum(r.quantity for r in rows), sum(r.gross_yen for r in rows), sum((r.cost_yen for r in rows), Decimal(0)),
    )  # fmt: skip


@pytest.mark.parametrize("by_mall", [True, False])
def test_goods_put_back_give_their_cost_back_and_the_money_is_told_once(by_mall: bool) -> None:
    made = sold(by_mall=by_mall)
    settle(back(made, 1, "restock"), 1080)
    assert sums(made) == (2, 2160, 1200)
    assert services.record_missing() == services.record([made.pk]) == 0
    services.post_upto()
    assert [life.balance(role) for role in ("receivable", "sales", "cuts", "tax_received", "cogs", "shrinkage")] == [
        2160, -3000, 1000, -160, 1200, 0,
    ]  # fmt: skip
    day = DailySales.objects.get(category="")
    assert (day.goods_yen, day.returns_yen, day.net_yen, day.cost_yen) == (3000, -1000, 2000, 1200)
    assert life.broken() == set()


@pytest.mark.parametrize("by_mall", [True, False])
def test_goods_thrown_away_stay_a_cost_of_the_sale(by_mall: bool) -> None:
    made = sold(by_mall=by_mall)
    settle(back(made, 1, "scrap"), 1080)
    assert sums(made) == (2, 2160, 1800)
    services.post_upto()
    assert (life.balance("cogs"), life.balance("shrinkage")) == (1200, 600)
    assert life.broken() == set()


def test_true_profit_by_channel_product_and_order_knows_what_came_back() -> None:
    made = sold(by_mall=True)
    settle(back(made, 2, "restock"), 2160)
    today = clock.today()
    period = Period(today, today)
    (channel,) = profit.by_channel(period, {}, channel=None, told=[])
    (goods,) = profit.by_product(period, [channel], channel=None, told=[])
    (order,) = profit.by_order(period, channel=None, told=[])
    for row in (channel, goods, order):
        assert (row.profit.net_yen, row.profit.cost_yen, row.profit.profit_yen) == (1000, 600, 400)
    assert goods.quantity == 1


def test_the_last_return_of_a_rate_takes_the_tax_that_is_left() -> None:
    """1,000 yen hold 74 yen of tax; a third at a time they are 24, 24 and the rest, 26."""
    made = life.order("R-1", ("TEA-1", 1, 333), ("TEA-1", 1, 333), ("TEA-1", 1, 334))
    life.ship(made, on=clock.today())
    orders.note_invoice_not_needed([made.pk], by=None)
    shipment = Shipment.objects.get(order=made)
    for line in shipment.lines.order_by("order_line__line_no"):
        case = shipping.request_return(shipment.pk, asked=[Asked(line.pk, 1)], by=None)
        shipping.arrive(case, by=None)
        found = {row.pk: Found("new", "restock", "refund") for row in return_queries.lines_of(case)}
        shipping.inspect(case, found=found, by=None)
        settle(case, line.order_line.unit_price_yen)
    taxes = RevenueEntry.objects.filter(event="return").order_by("id").values_list("tax_yen", flat=True)
    assert list(taxes) == [-24, -24, -26]
    assert sums(made) == (0, 0, 0)
    assert life.broken() == set()


def test_a_settlement_taken_back_takes_its_rows_back_and_may_be_settled_anew() -> None:
    made = sold(by_mall=True)
    case = settle(back(made, 1, "restock", remedy="reship"), 0)
    assert sums(made) == (2, 3240, 1200)
    undo_settlement(case, reason="間違い", by=None)
    life.drain()
    assert sums(made) == (3, 3240, 1800)
    shipping.reinspect(case, by=None)
    line = return_queries.lines_of(case)[0]
    shipping.inspect(case, found={line.pk: Found("new", "restock", "refund")}, by=None)
    settle(case, 1080)
    assert sums(made) == (2, 2160, 1200)
    slips = RevenueEntry.objects.filter(event="return").order_by("id").values_list("slip", flat=True)
    assert [slip.split("/")[1] for slip in slips] == ["1", "2", "3"]
    assert life.broken() == set()


def test_what_is_sent_anew_for_nothing_costs_and_earns_nothing_and_does_not_keep_the_month_open() -> None:
    from akinai.accounting.queries import checks

    made = sold(by_mall=True)
    case = settle(back(made, 1, "scrap", remedy="reship"), 0)
    assert case.reship_order is not None
    life.ship(case.reship_order, on=clock.today())
    assert sums(case.reship_order) == (1, 0, 600)
    services.post_upto()
    found = {one.name: one.count for one in checks.checks_of(clock.today())}
    assert (found["posted"], found["revenue"]) == (0, 0)
    assert life.broken() == set()


def test_verify_names_a_cost_that_stock_does_not_know() -> None:

    made = sold(by_mall=True)
    settle(back(made, 1, "restock"), 1080)
    with behind_the_triggers("accounting_revenueentry") as cursor:
        cursor.execute("UPDATE accounting_revenueentry SET cost_yen = 0 WHERE event = 'return'")
    assert "sold_goods_cost_what_stock_says" in life.broken()
