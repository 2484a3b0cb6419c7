"""一部の返金: one of three pieces comes back; paper, money, goods, sales, journal and profit tell the same yen."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from akinai.accounting import services as books
from akinai.accounting.models import RevenueEntry
from akinai.accounting.queries import profit, taxes
from akinai.accounting.rules.periods import Period
from akinai.accounting.tests import life
from akinai.billing.models import CreditNote
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.flows.return_goods import Plan, settle_return
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.payments.models import Payment
from akinai.payments.tests import factories as money
from akinai.shipping import return_queries
from akinai.shipping import services as shipping
from akinai.shipping.models import ReturnCase, Shipment
from akinai.shipping.services import Asked, Found
from tests.cast import company, draft, level, place, staff

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    company()
    life.goods("TEA-1", cost="600", pieces=10)


def by_transfer() -> Order:
    told = {"payment": "bank_transfer", "payment_settled": False, "buyer": money.AOKI, "ship_to": money.AOKI}
    made = place(
        draft("P-1", ("TEA-1", 3, 1080), total_yen=3940, shipping_yen=700, taxes=(), **told), channel="phone"
    )
    money.credit(3940)
    payments.match_all(by=staff("鈴木"))
    made.refresh_from_db()
    return made


def by_card() -> Order:
    return life.order(
        "C-1", ("TEA-1", 3, 1080), total_yen=3940, shipping_yen=700, taxes=(), payment="card", channel="phone"
    )


def send(made: Order) -> None:
    life.ship(made, on=clock.today())
    life.invoice(made)


def give_back(made: Order, yen: int, way: str, outcome: str = "restock") -> ReturnCase:
    shipment = Shipment.objects.get(order=made)
    case = shipping.request_return(shipment.pk, asked=[Asked(shipment.lines.get().pk, 1)], by=staff("佐藤"))
    shipping.arrive(case, by=staff("高橋"))
    (line,) = return_queries.lines_of(case)
    shipping.inspect(case, found={line.pk: Found("new", outcome, "refund")}, by=staff("高橋"))
    done = settle_return(case, plan=Plan({line.pk: yen}, refund_way=way), by=staff("鈴木"))
    life.drain()
    books.post_upto()
    return done


def told(made: Order) -> dict[str, Any]:
    """What each ledger says of the order."""
    today = clock.today()
    (row,) = profit.by_order(Period(today, today), channel=None, told=[])
    rows = RevenueEntry.objects.filter(order=made)
    return {
        "sales": sum(r.gross_yen for r in rows), "net": row.profit.net_yen, "cost": row.profit.cost_yen,
        "profit": row.profit.profit_yen, "receivable": life.balance("receivable") + life.balance("advance"),
        "paid": sum(Payment.objects.filter(order=made).exclude(source="credit_note").values_list("amount_yen", flat=True)),
        "tax": taxes.due(taxes.by_class(date(2026, 1, 1), today)).left_yen,
    }  # fmt: skip


def test_a_transfer_is_paid_back_in_part_and_every_ledger_knows() -> None:
    made = by_transfer()
    send(made)
    case = give_back(made, 1080, "transfer")
    note = CreditNote.objects.get()
    assert (note.number, note.total_yen, note.tax_yen) == (case.credit_note_no, 1080, 80)
    # 3,940 − 1,080 = 2,860: goods 2,000 + 160, shipping 637 + 63; two pieces at 600.
    assert told(made) == {
        "sales": 2860, "net": 2637, "cost": Decimal(1200), "profit": 1437, "receivable": 0, "paid": 2860, "tax": 223,
    }  # fmt: skip
    assert life.balance("bank") == 2860
    assert level(made.lines.get().sku_id) == (8, 0)
    assert life.broken() == set()


def test_goods_that_came_back_broken_cost_the_shop_their_value() -> None:
    made = by_transfer()
    send(made)
    give_back(made, 1080, "transfer", "scrap")
    said = told(made)
    assert (said["cost"], said["profit"]) == (Decimal(1800), 837)
    assert (life.balance("cogs"), life.balance("shrinkage")) == (1200, 600)
    assert life.broken() == set()


def test_a_card_that_was_settled_elsewhere_is_given_back_there() -> None:
    made = by_card()
    send(made)
    give_back(made, 1080, "channel")
    said = told(made)
    assert (said["sales"], said["net"], said["profit"], said["tax"]) == (2860, 2637, 1437, 223)
    assert CreditNote.objects.get().total_yen == 1080
    assert life.broken() == set()


def test_no_more_is_given_back_than_was_asked_for() -> None:
    made = by_transfer()
    send(made)
    give_back(made, 1080, "transfer")
    with pytest.raises(DomainError):
        give_back(made, 2161, "transfer")
    life.drain()
    assert life.ledger(made) == 2860
    assert CreditNote.objects.count() == 1
    assert life.broken() == set()
