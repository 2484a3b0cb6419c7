"""消去: a person who left words in every room is erased; then no table, no array, no JSON and no file holds them, but for what the law keeps."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.db import connection

from akinai.billing.models import Invoice
from akinai.core import clock, long_jobs, mail, proofs, seals
from akinai.core.models import LongJob
from akinai.party import erasing, erasure_answers
from akinai.party.models import Customer, ErasureRequest
from akinai.party.ports import HOLDERS
from tests import cast
from tests.erasee import MAIL, MARKS, NAME, billed_and_back, fill, settle

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def stores(settings: Any, tmp_path: Path) -> None:
    """Stores of files that hold nothing else."""
    settings.FILES_ROOT, settings.MEDIA_ROOT = tmp_path / "files", tmp_path / "media"


def written(mark: str) -> list[bytes]:
    """A word as files hold it."""
    return [mark.encode(), mark.encode("cp932", "ignore"), mark.encode("iso2022_jp", "ignore")]


def found() -> Iterator[tuple[str, str]]:
    """(table.column, mark) wherever a word of the person stands, in any text, JSON, array or bytes of any table."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT table_name, column_name, data_type FROM information_schema.columns JOIN information_schema.tables"
            " USING (table_schema, table_name) WHERE table_schema = 'public'"
            " AND data_type IN ('text', 'character varying', 'jsonb', 'json', 'ARRAY', 'bytea')"
        )
        for table, column, kind in cursor.fetchall():
            for mark in MARKS:
                if kind == "bytea":
                    looks = " OR ".join([f'position(%s::bytea in "{column}") > 0'] * 3)
                    cursor.execute(f'SELECT 1 FROM "{table}" WHERE {looks} LIMIT 1', written(mark))
                else:  # an array of pairs of letters is looked for by its first pair
                    told = mark.lower()[:2] if column == "search_grams" else mark
                    cursor.execute(
                        f'SELECT 1 FROM "{table}" WHERE "{column}"::text ILIKE %s LIMIT 1', [f"%{told}%"]
                    )
                if cursor.fetchone():
                    yield f"{table}.{column}", mark


def in_files() -> set[str]:
    """Where a word of the person stands in a file: "store/suffix". Papers (.pdf) are packed and kept by law."""
    marks = [one for mark in MARKS for one in written(mark)]
    return {
        f"{root.name}.{path.relative_to(root).parts[0]}"
        for root in (Path(conf.FILES_ROOT), Path(conf.MEDIA_ROOT))
        for path in root.rglob("*")
        if path.is_file() and any(mark in path.read_bytes() for mark in marks)
    }


def kept_by_law(customer: Customer) -> set[str]:
    shares = (share for holder in HOLDERS.values() for share in holder.shares(erasing.erasee_of(customer)))
    return {column for share in shares if share.law for column in share.columns}


def erase(customer: Customer) -> ErasureRequest:
    asked = erasing.ask(
        customer,
        kind="asked_for",
        reason=f"{NAME} 様のお申し出",
        proof="mail",
        proof_note=f"{NAME} 様とのやり取り",
        received_on=clock.today(),
        by=cast.staff("加藤"),
        answer_to=MAIL,
    )
    erasing.approve(asked, by=cast.staff("伊藤"))
    asked.refresh_from_db()
    long_jobs.run(asked.job_id)
    asked.refresh_from_db()
    return asked


def test_after_the_erasure_words_stand_only_where_the_law_keeps_them(
    django_capture_on_commit_callbacks,
) -> None:
    customer = fill()
    seals.seal_all()
    assert {where.split(".")[0] for where, _ in found()} >= {
        "party_customer",
        "orders_order",
        "support_message",
        "shop_member",
    }
    with django_capture_on_commit_callbacks(execute=True):
        asked = erase(customer)
    job = LongJob.objects.get(pk=asked.job_id)
    assert (job.refused, asked.state) == ([], "done")
    assert {where for where, _ in found()} - kept_by_law(customer) == {"party_erasurerequest.answer_to"}
    with django_capture_on_commit_callbacks(execute=True):
        erasure_answers.send(asked, to=MAIL, by=cast.staff("加藤"))
    with django_capture_on_commit_callbacks(execute=True):
        assert mail.send_due() == 1
    assert {where for where, _ in found()} - kept_by_law(customer) == set()
    assert in_files() == set()
    assert seals.check().broken == []


@pytest.mark.django_db(transaction=True)
def test_labels_returns_and_mails_of_a_billed_person_go_and_papers_money_and_files_of_others_stay() -> None:
    customer = billed_and_back()
    seals.seal_all()
    there = {where.split(".")[0] for where, _ in found()}
    assert there >= {
        "shipping_labelexport",
        "shipping_returncase",
        "billing_invoice",
        "payments_bankline",
        "core_outgoingmail",
    }
    before = Invoice.objects.values_list(
        "recipient_name", "recipient_address", "pdf_sha256", "total_yen"
    ).get()
    asked = erase(customer)
    assert (LongJob.objects.get(pk=asked.job_id).refused, asked.state) == ([], "done")
    settle()
    kept = kept_by_law(customer)
    assert {where for where, _ in found()} - kept == {"party_erasurerequest.answer_to"}
    assert {f"files.{place}" for place in ("intake", "papers")} >= in_files() and in_files() <= kept
    assert (
        Invoice.objects.values_list("recipient_name", "recipient_address", "pdf_sha256", "total_yen").get()
        == before
    )
    assert [f"{one.name}: {one.broken}" for one in proofs.run_all() if one.broken] == []
