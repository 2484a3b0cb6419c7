"""植えた誤り: whoever changes the books behind the office's back is named by verify."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from akinai.accounting import services
from akinai.accounting.tests import life
from akinai.core import clock, proofs
from akinai.party import services as party
from akinai.purchasing import services as purchasing
from akinai.purchasing.services import LineInput
from akinai.purchasing.services import billing as bills
from akinai.purchasing.totals import Totals
from tests.cast import company

pytestmark = pytest.mark.django_db
# What is done to the books, and the proof that names it.
FAULTS = (
    ("UPDATE accounting_revenueentry SET gross_yen = gross_yen + 1, net_yen = net_yen + 1", "revenue_is_what_was_shipped"),
    ("DELETE FROM accounting_revenueentry", "revenue_is_what_was_shipped"),
    ("UPDATE accounting_dailysales SET net_yen = net_yen + 1", "daily_sales_are_their_entries"),
    ("DELETE FROM accounting_dailysales", "daily_sales_are_their_entries"),
    ("UPDATE accounting_journalline SET yen = yen + 1 WHERE side = 'debit'", "journal_balances"),
    ("DELETE FROM accounting_journalline WHERE side = 'credit'", "journal_balances"),
    ("UPDATE accounting_dailybalance SET debit_yen = debit_yen + 1", "daily_balances_are_their_lines"),
    (
        "UPDATE accounting_journalline SET yen = yen + 1 WHERE entry_id IN (SELECT id FROM accounting_journalentry WHERE source = 'sales')",
        "journal_sales_are_the_ledger",
    ),
    (
        "UPDATE accounting_journalline SET yen = yen + 9 WHERE line_no = 1 AND entry_id = (SELECT max(id) FROM accounting_journalentry WHERE source = 'value')",
        "goods_are_worth_what_stock_says",
    ),
    (
        "UPDATE accounting_journalline SET yen = yen + 1 WHERE entry_id IN (SELECT id FROM accounting_journalentry WHERE source = 'payable')",
        "payables_are_the_ledger",
    ),
    (
        "INSERT INTO accounting_closedmonth (month, closed_at, checks, note, reason) VALUES ('2020-01-01', '2020-02-01', '[]', '', ''), "
        "(date_trunc('month', now()), '2020-02-01', '[]', '', '')",
        "closed_months_stay_closed",
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def day(common_ground: None) -> None:
    """A sale, and a bill of a supplier without a number."""
    company()
    life.goods("TEA-1", cost="600")
    life.ship(life.order("R-1", ("TEA-1", 2, 1080)))
    supplier = party.add_supplier(
        code="S-1", name="無登録商店", kana="", registration_number="", phone="", email="", note="", by=None
    )
    sku = life.goods("CUP-1", cost="100", rate=10)
    slip = purchasing.create_draft(
        lines=[LineInput(sku, 10, Decimal(1000))],
        received_on=clock.today(),
        supplier_id=supplier,
        supplier_slip_no="1",
        totals=Totals(10),
        by=None,
    )
    purchasing.post(slip, confirmed=[doubt.text for doubt in purchasing.doubts_of(slip)], by=None)
    bill = bills.draft_bill(
        supplier_id=supplier,
        billed_on=date(2026, 11, 24),
        lines=[bills.BillLine(10_000, 10, slip.pk)],
        by=None,
    )
    bills.post_bill(bill, by=None)
    services.post_upto()
    assert life.broken() == set()


def test_tax_that_may_not_be_deducted_is_a_cost_by_the_percentage_of_the_day(day: None) -> None:
    """70 % from October 2026: of 1,000 yen 700 may be deducted."""
    key = f"payable:{_first('purchasing_payableentry')}"
    assert life.entry(key) == [
        ("debit", "uninvoiced", 10_000), ("debit", "tax_paid", 700), ("debit", "lost_tax", 300), ("credit", "payable", 11_000),
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT tax_class FROM accounting_journalline WHERE is_tax AND tax_class LIKE 'p%%'"
        )
        assert cursor.fetchall() == [("p10_70",)]


def test_a_bill_taken_back_leaves_nothing_owed(day: None) -> None:
    from akinai.purchasing.models import SupplierBill

    bills.reverse_bill(SupplierBill.objects.get(), reason="二重", by=None)
    services.post_upto()
    assert [life.balance(role) for role in ("payable", "tax_paid", "lost_tax")] == [0, 0, 0]
    assert life.broken() == set()


def _first(table: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT min(id) FROM {table}")
        return int(cursor.fetchone()[0])


@pytest.mark.parametrize(("fault", "proof"), FAULTS)
def test_verify_names_the_fault(day: None, fault: str, proof: str) -> None:
    tables = [
        f"accounting_{name}"
        for name in ("revenueentry", "journalentry", "journalline", "dailysales", "closedmonth")
    ]
    _guards(tables, "DISABLE")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(fault)
        assert cursor.rowcount
    _guards(tables, "ENABLE")
    assert [bool(found.broken) for found in proofs.run_all(proof)] == [True]


def _guards(tables: list[str], what: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} {what} TRIGGER USER")
