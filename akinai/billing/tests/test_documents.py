"""書類の検索 (電子帳簿保存法): every paper is found by day, amount and partner; what was received is kept for good."""

from __future__ import annotations

import csv
import io
import zipfile
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from akinai.billing import archive, jobs, queries, services
from akinai.billing.errors import NotKept
from akinai.billing.models import DocumentEntry, ReceivedDocument, ReceivedVersion
from akinai.billing.services import CreditAsk, Keys
from akinai.billing.tests.monthly import NOVEMBER, close, customer, sold, terms
from akinai.core import clock, job_files, long_jobs, proofs
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.models import LongJob, OutgoingMail
from akinai.shipping.tests import factories
from akinai.shipping.tests.factories import line, shipment_gone, shipped_order

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n% a bill of a supplier"
KEYS = Keys("invoice", date(2026, 11, 20), 33_000, "静岡茶業株式会社")


@pytest.fixture
def suzuki(client: Client) -> Any:
    """鈴木 (経理), logged in."""
    person = factories.staff("suzuki")
    person.user_permissions.set(Permission.objects.filter(content_type__app_label="billing"))
    client.force_login(person)
    return person


def keep(data: bytes = PDF, filename: str = "請求書.pdf", keys: Keys = KEYS) -> ReceivedDocument:
    return services.keep_document(data, filename=filename, keys=keys, by=None)


def broken() -> list[str]:
    return [f.name for f in proofs.run_all("stored", "received", "ledgers") if f.broken]


def found(client: Client, query: str) -> list[str]:
    """番号 on the page, top to bottom."""
    page = client.get(f"{reverse('billing:documents')}?{query}")
    assert page.status_code == 200
    text = page.content.decode()
    numbers = DocumentEntry.objects.values_list("number", flat=True)
    return sorted((n for n in numbers if f">{n}<" in text), key=lambda n: text.index(f">{n}<"))


def test_all_kinds_of_papers_stand_in_one_list(client: Client, suzuki: Any) -> None:
    kimura = customer()
    terms(kimura, invoice_is="slips")
    sold(kimura, date(2026, 11, 5))
    with clock.told(datetime(2026, 12, 3, 9, 0, tzinfo=factories.TOKYO)):
        statement = close(kimura, NOVEMBER)
    shipment = shipment_gone(buyer_company="株式会社青葉")
    (invoice,) = services.issue([shipment.order_id], by=None)
    note = services.credit(
        invoice,
        asks=[CreditAsk(100, line_no=1, quantity=1)],
        reason="破損",
        returned_on=date(2026, 11, 25),
        by=None,
    )
    receipt = services.issue_receipt(
        shipped_order().pk, recipient_name="青葉 様", proviso="お品代として", by=None
    )
    kept = keep()
    kinds = dict(DocumentEntry.objects.values_list("number", "kind"))
    assert {kinds[n.number] for n in (statement, invoice, note, receipt, kept, shipment)} == {
        "statement", "invoice", "credit_note", "receipt", "shipment",
    }  # fmt: skip
    for entry in DocumentEntry.objects.all():
        assert client.get(f"{reverse('billing:documents')}?q={entry.number}").status_code == 200


def test_day_amount_and_partner_are_searched_together(client: Client, suzuki: Any) -> None:
    one = keep()
    keep(PDF + b"2", keys=Keys("invoice", date(2026, 11, 21), 33_000, "静岡茶業株式会社"))
    keep(PDF + b"3", keys=Keys("receipt", date(2026, 11, 20), 33_001, "静岡茶業株式会社"))
    keep(PDF + b"4", keys=Keys("invoice", date(2026, 11, 20), 33_000, "ヤマト運輸"))
    assert found(client, "f.on=2026-11-20~2026-11-20&f.amount=33000~33000&f.partner=静岡茶業") == [one.number]
    assert len(found(client, "f.on=2026-11-20~2026-11-21&f.amount=33000~33001&f.partner=静岡")) == 3
    assert len(found(client, "f.partner=ﾔﾏﾄ")) == 1  # whatever the width
    assert len(found(client, "f.partner=やまと")) == 1  # or the kana
    assert found(client, "f.on=2026-11-22~") == []
    assert found(client, "f.kind=receipt&f.amount=~33001&f.partner=静岡") == [
        ReceivedVersion.objects.get(amount_yen=33_001).document.number
    ]


def test_a_received_file_is_kept_as_it_is_and_once(papers_folder: Path) -> None:
    document = keep()
    path = papers_folder / f"{document.sha256}.pdf"
    assert path.read_bytes() == PDF and oct(path.stat().st_mode)[-3:] == "440"
    with pytest.raises(NotKept, match=document.number):
        keep(filename="もう一度.pdf")
    png = keep(b"\x89PNG\r\n\x1a\n...", "写真.pdf")  # the content counts, not the name
    assert png.suffix == ".png" and broken() == []
    for data, words in ((b"", "空の"), (b"PK\x03\x04", "ではありません"), (b"<html>", "ではありません")):
        with pytest.raises(NotKept, match=words):
            keep(data, "x.pdf")


def test_a_correction_is_a_version_and_nothing_is_lost() -> None:
    document = keep()
    right = Keys("invoice", date(2026, 11, 21), 36_300, "静岡茶業株式会社")
    services.correct_document(document, keys=right, reason="金額の読み違い", seen_version=1, by=None)
    with pytest.raises(ChangedMeanwhile):
        services.correct_document(document, keys=KEYS, reason="知らずに", seen_version=1, by=None)
    with pytest.raises(NotKept, match="理由"):
        services.correct_document(document, keys=KEYS, reason=" ", seen_version=2, by=None)
    services.correct_document(
        document, keys=right, reason="二重に保存", seen_version=2, is_void=True, by=None
    )
    entry = DocumentEntry.objects.get(number=document.number)
    assert (entry.amount_yen, entry.on, entry.is_void) == (36_300, date(2026, 11, 21), True)
    assert list(document.versions.order_by("version").values_list("amount_yen", flat=True)) == [
        33_000,
        36_300,
        36_300,
    ]
    assert broken() == []


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM billing_receiveddocument", "UPDATE billing_receiveddocument SET sha256 = repeat('0', 64)",
        "UPDATE billing_receivedversion SET amount_yen = 1", "DELETE FROM billing_receivedversion",
        "TRUNCATE billing_receivedversion",
    ],
)  # fmt: skip
def test_the_database_forgets_nothing(statement: str) -> None:
    keep()
    with (
        pytest.raises(IntegrityError, match="only grows"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(statement)


def test_a_changed_file_comes_to_light(papers_folder: Path) -> None:
    document = keep()
    path = papers_folder / f"{document.sha256}.pdf"
    path.chmod(0o640)
    path.write_bytes(PDF + b" and a little more")
    (finding,) = proofs.run_all("stored_papers")
    assert [row["number"] for row in finding.broken] == [document.number]


def test_the_hits_are_taken_away_as_a_zip_with_an_index(client: Client, suzuki: Any) -> None:
    document = keep(keys=Keys("invoice", date(2026, 11, 20), 33_000, "=cmd|' /C calc'!A0"))
    factories.company()
    services.issue([shipped_order(line(1_100)).pk], by=None)
    answer = client.post(reverse("billing:documents"), {"action": "zip", "all": "1", "go": "1"})
    archive_file = zipfile.ZipFile(io.BytesIO(b"".join(answer.streaming_content)))
    assert len(archive_file.namelist()) == 3
    rows = list(csv.DictReader(io.StringIO(archive_file.read("索引.csv").decode("utf-8-sig"))))
    mine = next(row for row in rows if row["番号"] == document.number)
    assert (mine["取引金額"], mine["SHA-256"], mine["取引先"][0]) == ("33000", document.sha256, "'")
    assert archive_file.read(mine["ファイル"]) == PDF


def test_thousands_of_papers_are_packed_by_a_job_with_one_index(
    client: Client, suzuki: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archive, "MOST", 2)
    kind = long_jobs.kind_of(jobs.ZIP)
    assert kind is not None
    monkeypatch.setitem(long_jobs._kinds, jobs.ZIP, replace(kind, piece=2))
    numbers = [keep(PDF + bytes([48 + n])).number for n in range(5)]
    started = client.post(reverse("billing:documents"), {"action": "zip", "all": "1", "go": "1"})
    job = LongJob.objects.get()
    assert started["Location"] == reverse("jobs:detail", args=[job.pk])
    long_jobs.run(job.pk)
    job.refresh_from_db()
    path = job_files.result_of(job)
    assert path is not None
    with zipfile.ZipFile(path) as made:
        rows = list(csv.DictReader(io.StringIO(made.read("索引.csv").decode("utf-8-sig"))))
        assert sorted(row["番号"] for row in rows) == numbers
        assert {made.read(row["ファイル"]) for row in rows} == {PDF + bytes([48 + n]) for n in range(5)}


def test_too_many_hits_are_refused_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    keep(), keep(PDF + b"2")
    monkeypatch.setattr(archive, "MOST", 1)
    with pytest.raises(DomainError, match="1 件まで"):
        archive.zip_of(list(DocumentEntry.objects.all()))


def test_a_clerk_keeps_and_corrects_on_screen(client: Client, suzuki: Any) -> None:
    values = {"kind": "invoice", "on": "2026-11-20", "amount_yen": "３３，０００", "partner": "静岡茶業"}
    sent = client.post(
        reverse("billing:keep_document"), {**values, "upload": SimpleUploadedFile("請求書.pdf", PDF)}
    )
    document = ReceivedDocument.objects.get()
    assert sent["Location"] == reverse("billing:document", args=[document.number])
    again = client.post(
        reverse("billing:keep_document"), {**values, "upload": SimpleUploadedFile("請求書.pdf", PDF)}
    )
    assert again.status_code == 422 and f"{document.number} として保存されています" in again.content.decode()
    empty = client.post(reverse("billing:keep_document"), {"upload": SimpleUploadedFile("x.pdf", PDF + b"9")})
    assert empty.status_code == 422 and ReceivedDocument.objects.count() == 1
    page = client.get(reverse("billing:document", args=[document.number])).content.decode()
    assert "¥33,000" in page and "保存したときのまま" in page
    file = client.get(reverse("billing:document_file", args=[document.number]))
    assert (file.content, file["Content-Type"], file["X-Content-Type-Options"]) == (
        PDF,
        "application/pdf",
        "nosniff",
    )
    client.post(
        reverse("billing:correct_document", args=[document.number]),
        {**values, "amount_yen": "36300", "reason": "税込に直した", "version": "1"},
    )
    assert queries.received_by_number(document.number).versions.count() == 2  # type: ignore[union-attr]
    for name in ("billing:document_rules", "billing:document_system"):
        assert client.get(reverse(name)).status_code == 200


def test_a_stranger_sees_no_papers(client: Client) -> None:
    document = keep()
    client.force_login(factories.staff("stranger"))
    for url in (reverse("billing:documents"), reverse("billing:document", args=[document.number]),
                reverse("billing:document_file", args=[document.number])):  # fmt: skip
        assert client.get(url).status_code == 403


def test_what_was_not_sent_and_what_did_not_arrive_is_listed(client: Client, suzuki: Any) -> None:
    factories.company()
    first, second = services.issue([shipped_order().pk, shipped_order().pk], by=None)
    assert found(client, "tab=unsent") == [second.number, first.number]
    services.send(first, by=None)
    OutgoingMail.objects.update(state="failed", last_error="宛先をメールサーバーが受け付けませんでした")
    services.mark_printed([second], by=None)
    assert found(client, "tab=unsent") == found(client, "tab=undelivered") == [first.number]
    page = client.get(reverse("billing:detail", args=[first.number])).content.decode()
    assert "メールが届いていません" in page and "宛先をメールサーバーが受け付けませんでした" in page
