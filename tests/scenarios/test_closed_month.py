"""月締め: a month with every kind of work is checked, closed, defended by the database, and opened again for a reason."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from akinai.accounting import services as books
from akinai.accounting.models import Account, ClosedMonth, JournalEntry, RevenueEntry
from akinai.accounting.queries import checks
from akinai.accounting.rules.vouchers import Asked
from akinai.accounting.services import closing, vouchers
from akinai.accounting.tests import life
from akinai.billing import services as billing
from akinai.billing.models import Invoice
from akinai.billing.services import CreditAsk
from akinai.core import clock
from akinai.core.errors import spoken_by_database
from akinai.orders.models import Order
from akinai.party import services as party
from akinai.payments import services as payments
from akinai.payments.models import SettlementEntry
from akinai.payments.tests import factories as money
from akinai.payments.tests import settling
from akinai.purchasing import services as purchasing
from akinai.purchasing.services import LineInput
from akinai.purchasing.services import billing as bills
from akinai.purchasing.totals import Totals
from akinai.stock import queries as stock
from akinai.stock import services as stock_services
from akinai.stock.services import Movement
from tests.cast import company, staff

pytestmark = pytest.mark.django_db
OCTOBER = date(2026, 10, 1)
LAST = date(2026, 10, 31)


def at(month: int, day: int) -> datetime:
    return timezone.make_aware(datetime(2026, month, day, 12))


@pytest.fixture
def october() -> Iterator[Order]:
    """Bought, billed, sold, invoiced and paid in October; today is 5 November."""
    company()
    with clock.told(at(10, 5)):
        _buy()
    with clock.told(at(10, 20)):
        made = money.transfer("P-1", 2160, ordered_at=at(10, 19))
        money.credit(2160, on=date(2026, 10, 20))
        payments.match_all(by=staff("鈴木"))
        made.refresh_from_db()
        life.ship(made, on=date(2026, 10, 20))
        life.invoice(made)
    with clock.told(at(11, 5)):
        yield made


def _buy() -> None:
    life.goods("TEA-1", cost="600")
    supplier = party.add_supplier(
        code="S-1", name="茶問屋", kana="", registration_number="", phone="", email="", note="", by=None
    )
    cup = life.goods("CUP-1", cost="100", rate=10)
    slip = purchasing.create_draft(
        lines=[LineInput(cup, 10, Decimal(1000))], received_on=date(2026, 10, 5), supplier_id=supplier, supplier_slip_no="1",
        totals=Totals(10), by=None,
    )  # fmt: skip
    purchasing.post(slip, confirmed=[doubt.text for doubt in purchasing.doubts_of(slip)], by=None)
    bill = bills.draft_bill(
        supplier_id=supplier,
        billed_on=date(2026, 10, 8),
        lines=[bills.BillLine(10_000, 10, slip.pk)],
        by=None,
    )
    bills.post_bill(bill, by=None)


def left(month: date = OCTOBER) -> dict[str, int]:
    return {one.name: one.count for one in checks.checks_of(month) if one.count}


def test_what_is_left_is_named_worked_off_and_then_the_month_closes(october: Order) -> None:
    assert left() == {"posted": left()["posted"], "unsent": 1}
    odd = money.credit(500, "ナゾノヒト", on=date(2026, 10, 30))
    assert left()["bank"] == 1
    with pytest.raises(closing.MonthNotReady, match="どの注文のお金か分からない入金が 1 件"):
        closing.close(OCTOBER, by=staff("鈴木"), note="x")
    payments.set_aside(odd.pk, reason="other", note="調べています", by=staff("鈴木"))
    with pytest.raises(closing.MonthNotReady, match="その理由"):
        closing.close(OCTOBER, by=staff("鈴木"))
    made = closing.close(OCTOBER, by=staff("鈴木"), note="請求書は 11 月に郵送")
    assert left() == {"unsent": 1}
    assert (made.closed_by, made.note) == (staff("鈴木"), "請求書は 11 月に郵送")
    assert life.broken() == set()


def _revenue(order: Order) -> None:
    row = RevenueEntry.objects.filter(order=order).values().first()
    assert row
    RevenueEntry.objects.create(**{**row, "id": None, "slip": "x"})


def _voucher(_: Order) -> None:
    pks = Account.objects.filter(role__in=["cash", "bank"]).values_list("pk", flat=True)
    lines = [Asked(pk, side, 1) for pk, side in zip(pks, ("debit", "credit"), strict=True)]
    vouchers.write(on=LAST, memo="x", lines=lines, by=None)


def _pay(order: Order) -> None:
    payments.receive_otherwise(
        order_id=order.pk, amount_yen=1, source="cash", received_on=LAST, key="k", by=None
    )


def _invoice(_: Order) -> None:
    late = life.order("P-9", ("TEA-1", 1, 1080), channel="phone")
    life.ship(late, on=date(2026, 11, 5))
    billing.issue([late.pk], issued_on=LAST, by=None)


def _credit(order: Order) -> None:
    paper = Invoice.objects.get(order=order)
    billing.credit(paper, asks=[CreditAsk(100, 1, 1)], reason="x", returned_on=LAST, issued_on=LAST, by=None)


def _bill(_: Order) -> None:
    from akinai.purchasing.models import PayableEntry

    row = PayableEntry.objects.values().first()
    assert row
    PayableEntry.objects.create(**{**row, "id": None, "key": "x", "document": "x"})


def _goods(_: Order) -> None:
    pk = life.goods("POT-1")
    with clock.told(at(10, 31)):
        stock_services.post(
            [Movement(pk, stock.default_location_id(), "adjustment", -1, "x", "late", None, "破損")], by=None
        )


def _settle(_: Order) -> None:
    with clock.told(at(10, 25)):
        made = settling.take(
            settling.fee(550), provider="rakuten", paid_on=date(2026, 10, 20), number="R-2026-10"
        )
        row = SettlementEntry.objects.filter(settlement=made).values().get()
    SettlementEntry.objects.create(**{**row, "id": None, "act": 99, "on": LAST})


@pytest.mark.parametrize("act", [_revenue, _voucher, _pay, _invoice, _credit, _bill, _goods, _settle])
def test_the_database_refuses_every_ledger_a_day_of_the_closed_month(
    october: Order, act: Callable[[Order], Any]
) -> None:
    closing.close(OCTOBER, by=None, note="x")
    with pytest.raises(DatabaseError) as refused, transaction.atomic():
        act(october)
    said = spoken_by_database(refused.value)
    assert said is not None
    assert "2026年10月までは締めています" in said.message
    assert "2026/11/01 以降" in said.way_out


def test_months_before_a_closed_one_are_closed_with_it_and_the_next_is_offered(
    october: Order, client: Client
) -> None:
    closing.close(OCTOBER, by=None, note="x")
    client.force_login(staff("鈴木"))
    page = client.get(reverse("accounting:closing"))
    assert page.context["following"] is None
    with clock.told(at(12, 3)):
        page = client.get(reverse("accounting:closing"))
    assert page.context["following"].month == date(2026, 11, 1)


def test_late_facts_are_booked_on_the_first_open_day(october: Order) -> None:
    closing.close(OCTOBER, by=None, note="x")
    paper = Invoice.objects.get(order=october)
    billing.credit(
        paper, asks=[CreditAsk(1080, 1, 1)], reason="返品", returned_on=date(2026, 10, 25), by=None
    )
    life.drain()
    books.post_upto()
    row = RevenueEntry.objects.get(event="credit")
    assert (row.on, row.gross_yen) == (date(2026, 11, 5), -1080)
    assert JournalEntry.objects.get(key=f"sales:{row.slip}").on == date(2026, 11, 5)
    assert life.broken() == set()


def test_the_manager_opens_it_with_a_reason_and_the_correction_goes_into_october(
    october: Order, client: Client
) -> None:
    closed = closing.close(OCTOBER, by=staff("鈴木"), note="x")
    client.force_login(staff("鈴木"))
    address, asked = (
        reverse("accounting:reopen", args=[closed.pk]),
        {"reason": "家賃の計上漏れ", "opens": "2026-10"},
    )
    assert client.post(address, asked).status_code == 403
    client.force_login(staff("伊藤"))
    assert client.post(address, asked).status_code == 302
    _voucher(october)
    assert JournalEntry.objects.get(source="manual").on == LAST
    closing.close(OCTOBER, by=staff("鈴木"), note="計上し直しました")
    said = ClosedMonth.objects.filter(month=OCTOBER).order_by("pk").values_list("reason", "note")
    assert list(said) == [("家賃の計上漏れ", "x"), ("", "計上し直しました")]
    assert life.broken() == set()
