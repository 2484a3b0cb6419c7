"""What somebody with the database's and the disk's own passwords does to an invoice comes to light in `akinai verify`."""

from __future__ import annotations

import io
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from akinai.billing import services
from akinai.billing.tests.monthly import OCTOBER, close, customer, sold, terms
from akinai.core import proofs
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import shipped_order
from tests.planting import behind_the_triggers

pytestmark = pytest.mark.django_db(transaction=True)


def verify() -> dict[str, Any]:
    """The broken proofs by name; the command's exit status must say the same."""
    out = io.StringIO()
    status = 0
    try:
        call_command("verify", "--json", stdout=out)
    except SystemExit as end:
        status = int(end.code or 0)
    answer = json.loads(out.getvalue().splitlines()[-1])
    broken = {name: check["broken"] for name, check in answer["checks"].items() if check["broken"]}
    assert (status, answer["ok"]) == ((1, False) if broken else (0, True))
    return broken


@pytest.fixture
def invoice() -> Any:
    made = services.issue([factories.shipment_gone().order_id], by=None)[0]
    assert verify() == {}  # and what is proven now is sealed
    return made


def test_an_altered_pdf_is_named(invoice: Any, papers_folder: Path) -> None:
    path = papers_folder / f"{invoice.pdf_sha256}.pdf"
    path.chmod(0o640)
    path.write_bytes(path.read_bytes().replace(b"%PDF", b"%pdf", 1))
    assert verify() == {"stored_papers": [{"number": invoice.number, "sha256": invoice.pdf_sha256}]}


def test_a_lost_pdf_is_named(invoice: Any, papers_folder: Path) -> None:
    (papers_folder / f"{invoice.pdf_sha256}.pdf").unlink()
    assert list(verify()) == ["stored_papers"]


def test_an_edited_recipient_breaks_no_sum_but_the_seal(invoice: Any) -> None:
    with behind_the_triggers("billing_invoice") as cursor:
        cursor.execute("UPDATE billing_invoice SET recipient_name = '架空商事 御中'")
    assert [row["table"] for row in verify()["ledgers_are_as_sealed"]] == ["billing_invoice"]


def test_an_edited_amount_breaks_the_sums_too(invoice: Any) -> None:
    with behind_the_triggers("billing_invoiceline") as cursor:
        cursor.execute("UPDATE billing_invoiceline SET amount_yen = amount_yen - 100")
    assert {"invoices_add_up", "invoice_rates_match_lines", "ledgers_are_as_sealed"} <= set(verify())


def test_a_trigger_left_switched_off_is_told(invoice: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE billing_creditnote DISABLE TRIGGER akinai_append_only")
        try:
            assert {"ledger": "billing_creditnote"} in verify()["ledgers_are_guarded"]
        finally:
            cursor.execute("ALTER TABLE billing_creditnote ENABLE ALWAYS TRIGGER akinai_append_only")


def test_a_number_taken_out_of_the_series_is_told(invoice: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE core_numberseries SET last = last + 1 WHERE series = 'invoice'")
    assert list(verify()) == ["invoice_numbers_have_no_gaps"]


@pytest.fixture
def statement() -> Any:
    """A statement of two slips; only its own proofs are looked at, because these orders have no shipments."""
    kimura = customer()
    terms(kimura)
    for day in (5, 15):
        sold(kimura, date(2026, 10, day))
    return close(kimura, OCTOBER)


def broken_statements() -> set[str]:
    names = ("statement", "billed", "receipt", "received", "invoice_numbers")
    return {f.name for f in proofs.run_all(*names) if f.broken}


@pytest.mark.parametrize(
    ("table", "fault", "told"),
    [
        ("billing_statement", "UPDATE billing_statement SET previous_yen = 10, received_yen = 10",
         {"statements_carry_on"}),
        ("billing_statementline", "UPDATE billing_statementline SET amount_yen = amount_yen + 1 WHERE line_no = 1",
         {"statements_are_their_papers", "billed_papers_stand_on_one_statement"}),
        ("billing_statementtax", "UPDATE billing_statementtax SET tax_yen = tax_yen + 2, net_yen = net_yen - 2",
         {"statements_add_up", "statement_rates_are_their_papers"}),
        ("billing_statementtax", "UPDATE billing_statementtax SET gross_yen = gross_yen + 1, net_yen = net_yen + 1",
         {"statements_add_up", "statement_rates_are_their_papers"}),
        ("billing_billeditem", "DELETE FROM billing_billeditem WHERE id = (SELECT min(id) FROM billing_billeditem)",
         {"billed_papers_stand_on_one_statement"}),
        ("billing_statement", "UPDATE billing_statement SET number = 'BX-2026-000001'", {"invoice_numbers_have_no_gaps"}),
    ],
)  # fmt: skip
def test_a_fault_planted_in_a_statement_is_told(
    statement: Any, table: str, fault: str, told: set[str]
) -> None:
    assert broken_statements() == set()
    with behind_the_triggers(table) as cursor:
        cursor.execute(fault)
    assert broken_statements() == told


def test_a_receipt_over_more_than_the_order_is_told() -> None:
    factories.company()
    services.issue_receipt(shipped_order().pk, recipient_name="青葉 様", proviso="お品代として", by=None)
    assert broken_statements() == set()
    with behind_the_triggers("billing_receiptpaper") as cursor:
        cursor.execute("UPDATE billing_receiptpaper SET amount_yen = amount_yen + 1")
    assert broken_statements() == {"receipts_within_orders", "receipt_rates_add_up"}


def test_a_version_taken_out_of_a_received_document_is_told() -> None:
    keys = services.Keys("invoice", date(2026, 11, 20), 33_000, "静岡茶業株式会社")
    document = services.keep_document(b"%PDF-1.7", filename="a.pdf", keys=keys, by=None)
    services.correct_document(document, keys=keys, reason="確認", seen_version=1, by=None)
    with behind_the_triggers("billing_receivedversion") as cursor:
        cursor.execute("DELETE FROM billing_receivedversion WHERE version = 1")
    assert broken_statements() == {"received_versions_follow_each_other"}
