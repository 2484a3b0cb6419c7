"""受信箱と届いたメールの画面: the password is never shown, nothing that came is out of reach."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from akinai.core import paper_store
from akinai.support import services
from akinai.support.models import MailReceipt, MailSource, Ticket
from akinai.support.ports import Kind
from akinai.support.services.receiving import RAW
from akinai.support.tests.letters import letter
from tests.cast import staff
from tests.imap_server import ImapServer

USER, PASSWORD = "support@shop.example.com", "s3cret-words"
pytestmark = pytest.mark.django_db


@pytest.fixture
def kato(settings: Any, tmp_path: Path) -> Client:
    settings.AKINAI_HOME = tmp_path
    client = Client()
    client.force_login(staff("加藤"))
    return client


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer({USER: PASSWORD}) as running:
        yield running


def told(server: ImapServer, **changes: Any) -> dict[str, Any]:
    usual = {
        "name": "窓口", "host": "127.0.0.1", "port": server.port, "security": "plain", "user": USER, "password": PASSWORD,
        "folder": "INBOX", "after": "leave", "only_new": "on", "is_active": "on",
    }  # fmt: skip
    return usual | changes


def test_a_box_is_saved_when_it_can_be_opened_and_its_password_is_never_shown(
    kato: Client, server: ImapServer
) -> None:
    server.add("INBOX", b"Subject: old\r\n\r\nold")
    refused = kato.post("/office/support/mailboxes/new/", told(server, password="wrong"))
    assert refused.status_code == 422
    assert "ログインできません" in refused.content.decode()
    assert not MailSource.objects.exists()
    saved = kato.post("/office/support/mailboxes/new/", told(server), follow=True)
    source = MailSource.objects.get()
    assert (source.last_uid, source.user) == (1, USER)
    for page in (saved, kato.get(f"/office/support/mailboxes/{source.pk}/edit/"), refused):
        assert PASSWORD not in page.content.decode()
    assert 'value="wrong"' not in refused.content.decode()


def test_the_kept_password_goes_to_no_other_server(kato: Client, server: ImapServer) -> None:
    kato.post("/office/support/mailboxes/new/", told(server))
    source = MailSource.objects.get()
    with ImapServer({USER: PASSWORD}) as strange:
        asked = told(strange, password="", source=source.pk)
        page = kato.post("/office/support/mailboxes/try/", asked).content.decode()
        assert "パスワードも入れ直してください" in page
        assert kato.post(f"/office/support/mailboxes/{source.pk}/edit/", asked).status_code == 422
        assert strange.commands == []
    page = kato.post("/office/support/mailboxes/try/", told(server, password="", source=source.pk))
    assert "つながりました" in page.content.decode()


def test_pausing_keeps_the_place_and_removing_takes_the_password_away(
    kato: Client, server: ImapServer, tmp_path: Path, django_capture_on_commit_callbacks: Any
) -> None:
    kato.post("/office/support/mailboxes/new/", told(server, only_new=""))
    source = MailSource.objects.get()
    kato.post(f"/office/support/mailboxes/{source.pk}/pause/")
    server.add("INBOX", b"From: a@example.jp\r\nSubject: x\r\nMessage-ID: <x@example.jp>\r\n\r\nhello")
    assert services.poll() == 0
    kato.post(f"/office/support/mailboxes/{source.pk}/resume/")
    assert services.poll() == 1
    path = tmp_path / "secrets" / f"mail_source_{source.pk}"
    assert path.exists()
    with django_capture_on_commit_callbacks(execute=True):
        kato.post(f"/office/support/mailboxes/{source.pk}/remove/")
    assert (path.exists(), MailSource.objects.count(), Ticket.objects.count()) == (False, 0, 1)


def test_an_answering_machine_that_was_a_person_becomes_a_ticket_by_hand(kato: Client) -> None:
    raw = b"From: hanako@example.jp\r\nSubject: Out of office\r\nMessage-ID: <o@example.jp>\r\nAuto-Submitted: auto-replied\r\n\r\nWhere is my parcel?"
    receipt = services.take_in(raw, "test")
    assert (receipt.outcome, Ticket.objects.count()) == ("auto", 0)
    page = kato.get(f"/office/support/mails/{receipt.pk}/").content.decode()
    assert "自動応答です。" in page
    assert "Where is my parcel?" in page
    kato.post(f"/office/support/mails/{receipt.pk}/open/")
    ticket = Ticket.objects.get()
    assert (ticket.contact_mail, ticket.messages.get().text) == ("hanako@example.jp", "Where is my parcel?")
    assert ticket.number in kato.get(f"/office/support/mails/{receipt.pk}/").content.decode()
    assert kato.get(f"/office/support/mails/{receipt.pk}/raw/").content == raw


def test_uploaded_mails_come_in_each_once_and_other_files_are_refused(kato: Client) -> None:
    raw = b"From: hanako@example.jp\r\nSubject: x\r\nMessage-ID: <u@example.jp>\r\n\r\nhello"
    files = [
        SimpleUploadedFile("a.eml", raw),
        SimpleUploadedFile("b.eml", raw),
        SimpleUploadedFile("c.eml", b"\0\0"),
    ]
    kato.post("/office/support/mails/upload/", {"uploads": files})
    assert sorted(MailReceipt.objects.values_list("outcome", flat=True)) == ["refused", "ticket"]
    assert all(paper_store.is_whole(one.digest, RAW) for one in MailReceipt.objects.all())
    page = kato.post("/office/support/mails/upload/", {"uploads": [SimpleUploadedFile("a.exe", raw)]})
    assert page.status_code == 422
    assert ".eml ではありません" in page.content.decode()


def test_the_list_finds_mails_by_outcome_box_day_and_words(
    kato: Client, django_assert_max_num_queries: Any
) -> None:
    for at in range(6):
        services.receive(letter(subject=f"件名{at}", sender_address=f"a{at}@example.jp"))
    services.receive(letter(subject="不在です", kind=Kind.AUTO_REPLY))
    with django_assert_max_num_queries(6):
        whole = kato.get("/office/support/mails/").content.decode()
    assert "不在です" in whole
    found = kato.get("/office/support/mails/?f.outcome=auto").content.decode()
    assert "不在です" in found
    assert "件名3" not in found
    assert "件名3" in kato.get("/office/support/mails/?q=a3@example.jp").content.decode()
    assert kato.get("/office/support/mails/?q=a3@example.jp&f.box=test2").status_code == 200
