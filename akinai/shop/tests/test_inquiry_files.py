"""お問い合わせの添付: looked at by its bytes, kept while the form is mended, and in the ticket once it is sent; its number is told."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.party.ports import TIMERS
from akinai.shop.inquiry_forms import sign_number
from akinai.shop.models import Inquiry, InquiryFile
from akinai.shop.services import inquiry_files
from akinai.shop.tests.test_inquiries import TYPED, earlier_stamp
from akinai.support.models import MessageFile, Ticket
from tests import cast

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 40
EXE = b"MZ" + b"\x00" * 100


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    cast.company()
    return TYPED | {"stamp": earlier_stamp(monkeypatch, 30)}


def file(name: str, data: bytes = PNG, mime: str = "image/png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data, mime)


def test_files_come_to_the_ticket_and_the_thanks_tell_its_number(
    client: Client, told: dict[str, Any]
) -> None:
    answer = client.post(
        "/contact/", told | {"attached": [file("箱の写真.png"), file("b.txt", b"hello", "text/plain")]}
    )
    ticket = Ticket.objects.get()
    rows = MessageFile.objects.order_by("pk")
    assert [(one.name, one.mime, one.state) for one in rows] == [
        ("箱の写真.png", "image/png", "kept"), ("b.txt", "text/plain", "kept"),
    ]  # fmt: skip
    assert rows[0].message.ticket == ticket and not InquiryFile.objects.exists()
    page = client.get(answer.headers["Location"]).content.decode()
    assert re.fullmatch(r"TK-\d{4}-\d{6}", ticket.number) and ticket.number in page
    letter = OutgoingMail.objects.get()
    assert ticket.number in letter.subject and ticket.number in letter.body
    again = client.post("/contact/", told | {"attached": [file("箱の写真.png")]})
    assert (again.headers["Location"].partition("?")[0], Ticket.objects.count(), rows.count()) == (
        "/contact/done/",
        1,
        2,
    )
    assert not InquiryFile.objects.exists()


def test_what_was_chosen_stays_while_the_form_is_mended_and_can_be_taken_off(
    client: Client, told: dict[str, Any]
) -> None:
    page = client.post("/contact/", told | {"text": "", "attached": [file("a.png"), file("b.png")]})
    assert page.status_code == 422 and "a.png" in page.content.decode()
    gone = InquiryFile.objects.get(name="b.png")
    client.post("/contact/", told | {"drop": [str(gone.pk), "x", "9" * 30]})
    assert list(MessageFile.objects.values_list("name", flat=True)) == ["a.png"]


def test_a_program_a_page_and_too_much_are_refused_by_their_bytes(
    client: Client, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inquiry_files, "MOST_BYTES", 200)
    sent = [
        file("photo.png", EXE),
        file("x.html", b"<html></html>", "text/html"),
        file("empty.png", b""),
        file("big.png", PNG * 9),
    ]
    page = client.post("/contact/", told | {"attached": sent})
    text = page.content.decode()
    assert page.status_code == 422 and not Inquiry.objects.exists() and not InquiryFile.objects.exists()
    assert "「photo.png」は添付できません。開くと危ない形式です" in text and "元のメール" not in text
    assert (
        "「x.html」" in text
        and "「empty.png」は中身がありません" in text
        and "「big.png」は添付できません。合わせて" in text
    )


def test_no_more_than_five_files_and_nothing_under_a_stamp_that_is_not_ours(
    client: Client, told: dict[str, Any]
) -> None:
    page = client.post("/contact/", told | {"attached": [file(f"{n}.png") for n in range(7)]})
    assert page.status_code == 422 and "5 個まで" in page.content.decode()
    assert InquiryFile.objects.count() == 5
    client.post("/contact/", told | {"stamp": "made up", "attached": [file("z.png")]})
    assert InquiryFile.objects.count() == 5


def test_a_form_that_was_open_too_long_keeps_its_files(
    client: Client, told: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    late = told | {"stamp": earlier_stamp(monkeypatch, 7 * 60 * 60), "attached": [file("a.png")]}
    page = client.post("/contact/", late)
    assert page.status_code == 422 and "a.png" in page.content.decode()
    assert InquiryFile.objects.get().key == page.context["form"].key


def test_the_number_is_told_to_who_sent_it_and_unsent_files_go_after_a_day(
    client: Client, told: dict[str, Any]
) -> None:
    assert "TK-2026-000001" not in client.get("/contact/done/?no=TK-2026-000001").content.decode()
    assert (
        "TK-2026-000001" in client.get(f"/contact/done/?no={sign_number('TK-2026-000001')}").content.decode()
    )
    client.post("/contact/", told | {"text": "", "attached": [file("a.png")]})
    timer = TIMERS["inquiry_files"]
    assert timer.days == 1 and not timer.rows(clock.now() - timedelta(days=1)).exists()
    timer.take(timer.rows(clock.now() + timedelta(seconds=1)))
    assert not InquiryFile.objects.exists()
