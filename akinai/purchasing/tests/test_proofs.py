"""仕入伝票の検証: slip and ledger tell the same, line by line; a planted fault is found."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.db import connection

from akinai.core import proofs
from akinai.purchasing import services
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.services import LineInput
from tests import cast

pytestmark = pytest.mark.django_db


def broken() -> set[str]:
    return {finding.name for finding in proofs.run_all() if finding.broken}


def plant(sql: str) -> None:
    """As a superuser who takes the guards away first."""
    guards = {
        "stock_stockentry": "akinai_append_only", "purchasing_goodsreceiptline": "akinai_keep_posted_lines",
    }  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in guards:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(sql)
        for table, guard in guards.items():
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {guard}")


@pytest.fixture(autouse=True, scope="module")
def slips(common_ground: None) -> None:
    """One slip of two goods that stands, one that was taken back, one draft."""
    tea, cup = cast.sku("TEA"), cast.sku("CUP")
    lines = [LineInput(tea, 5, Decimal(100)), LineInput(cup, 2)]
    for after in ("stands", "reversed", "draft"):
        made = services.create_draft(lines=lines, received_on=date(2026, 11, 24), by=None)
        if after != "draft":
            services.post(made, by=None)
        if after == "reversed":
            services.reverse(made, reason="誤り", by=None)
    assert broken() == set()


STANDS = "(SELECT id FROM purchasing_goodsreceipt WHERE state = 'posted')"


@pytest.mark.parametrize(
    ("fault", "name"),
    [
        (f"UPDATE purchasing_goodsreceiptline SET quantity = 6 WHERE receipt_id = {STANDS} AND line_no = 1", "posted_receipts_match_the_ledger"),
        (f"UPDATE purchasing_goodsreceiptline SET unit_cost = 99 WHERE receipt_id = {STANDS} AND line_no = 1", "posted_receipts_match_the_ledger"),
        ("UPDATE stock_stockentry SET sku_id = (SELECT id FROM catalog_sku WHERE code = 'CUP') WHERE quantity = 5", "posted_receipts_match_the_ledger"),
        ("UPDATE purchasing_goodsreceipt SET state = 'posted' WHERE state = 'reversed'", "posted_receipts_match_the_ledger"),
        ("UPDATE purchasing_goodsreceipt SET state = 'reversed' WHERE state = 'posted'", "posted_receipts_match_the_ledger"),
        ("UPDATE purchasing_goodsreceipt SET state = 'draft', posted_at = NULL WHERE state = 'posted'", "receipts_in_the_ledger_have_a_slip"),
        (f"DELETE FROM purchasing_goodsreceiptline WHERE receipt_id = {STANDS} AND line_no = 2", "receipts_in_the_ledger_have_a_slip"),
        ("UPDATE purchasing_goodsreceipt SET posted_at = NULL", "posted_slips_have_lines_and_a_time"),
    ],
)  # fmt: skip
def test_a_planted_fault_is_found(fault: str, name: str) -> None:
    plant(fault)
    assert [bool(finding.broken) for finding in proofs.run_all(name)] == [True]


def test_a_guard_that_was_taken_away_is_missed() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE purchasing_goodsreceiptline DISABLE TRIGGER akinai_keep_posted_lines")
    assert broken() == {"posted_slips_are_guarded"}
    assert GoodsReceipt.objects.count() == 3
