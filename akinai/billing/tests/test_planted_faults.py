"""What somebody with the database's and the disk's own passwords does to an invoice comes to light in `akinai verify`."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from akinai.billing import services
from akinai.shipping.tests import factories

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


@contextmanager
def behind_the_triggers(table: str) -> Iterator[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        yield cursor
        for trigger in ("akinai_append_only", "akinai_no_truncate"):
            cursor.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {trigger}")


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
