"""お問い合わせ: taken in once, thanked, and ticked off in the office."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from akinai.core.models import OutgoingMail
from akinai.shop.inquiry_forms import stamp
from akinai.shop.models import Inquiry
from akinai.shop.services.inquiries import follow
from akinai.shop.views import inquiries
from akinai.support import services as support
from akinai.support.models import Ticket
from akinai.support.tests.letters import letter
from tests import cast

pytestmark = pytest.mark.django_db
TYPED = {
    "kind": "goods",
    "name": "青木 美咲",
    "email": "aoki@example.com",
    "text": "贈り物用の箱はありますか。",
}


def earlier_stamp(monkeypatch: pytest.MonkeyPatch, seconds: int) -> str:
    """What a form shown so many seconds ago bears."""
    import time

    now = time.time()
    with monkeypatch.context() as patched:
        patched.setattr(time, "time", lambda: now - seconds)
        return stamp()


@pytest.fixture
def shown_before(monkeypatch: pytest.MonkeyPatch) -> str:
    cast.company()
    return earlier_stamp(monkeypatch, 30)


def test_an_inquiry_sent_twice_is_one_and_is_thanked(client: Client, shown_before: str) -> None:
    for _ in range(2):
        assert client.post("/contact/", TYPED | {"stamp": shown_before}).status_code == 302
    made = Inquiry.objects.get()
    assert made.number.startswith("IQ-") and made.state == "open"
    mail = OutgoingMail.objects.get()
    assert mail.to == "aoki@example.com" and "贈り物用の箱" in mail.body


def test_an_inquiry_is_a_ticket_and_the_answer_to_our_thanks_comes_to_it(
    client: Client, shown_before: str
) -> None:
    client.post("/contact/", TYPED | {"stamp": shown_before})
    ticket, thanks = Ticket.objects.get(), OutgoingMail.objects.get()
    assert (ticket.source, ticket.contact_mail, ticket.messages.get().text) == (
        "form",
        "aoki@example.com",
        TYPED["text"],
    )
    assert ticket.number in thanks.subject
    support.receive(
        letter(
            "箱は赤がいいです。", in_reply_to=thanks.headers["Message-ID"], sender_address="aoki@example.com"
        )
    )
    assert (Ticket.objects.count(), ticket.messages.count()) == (1, 2)


def test_an_inquiry_is_done_when_its_ticket_is_solved_and_open_when_it_is_not_over(
    client: Client, shown_before: str, django_capture_on_commit_callbacks: Any
) -> None:
    client.post("/contact/", TYPED | {"stamp": shown_before})
    ticket = Ticket.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        support.solve(ticket, by=cast.staff("加藤"))
    assert Inquiry.objects.get().state == "done"
    with django_capture_on_commit_callbacks(execute=True):
        support.reopen(ticket, by=cast.staff("加藤"))
    assert Inquiry.objects.get().state == "open"


def test_what_a_machine_fills_in_is_not_kept(
    client: Client, shown_before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (
        client.post("/contact/", TYPED | {"stamp": shown_before, "homepage": "http://x"}).status_code == 302
    )
    old = earlier_stamp(monkeypatch, 7 * 60 * 60)
    assert client.post("/contact/", TYPED | {"stamp": old}).status_code == 422
    assert not Inquiry.objects.exists() and not OutgoingMail.objects.exists()


def test_who_is_quicker_than_most_is_asked_once_more_and_loses_nothing(
    client: Client, shown_before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = client.post("/contact/", TYPED | {"stamp": stamp()})
    assert asked.status_code == 422 and "もう一度「送信する」" in asked.text and TYPED["text"] in asked.text
    assert not Inquiry.objects.exists() and not OutgoingMail.objects.exists()
    again = earlier_stamp(monkeypatch, 5)
    assert client.post("/contact/", TYPED | {"stamp": again}).status_code == 302
    assert Inquiry.objects.count() == 1


def test_a_strangers_order_number_ties_no_order(client: Client, shown_before: str) -> None:
    client.post(
        "/contact/", TYPED | {"stamp": shown_before, "order_number": "WEB-2026-000001", "kind": "order"}
    )
    assert Inquiry.objects.get().order is None


def test_the_office_finds_filters_and_ticks_off(client: Client, shown_before: str) -> None:
    client.post("/contact/", TYPED | {"stamp": shown_before})
    made = Inquiry.objects.get()
    client.force_login(cast.staff("佐藤"))
    assert made.number in client.get("/office/shop/inquiries/?q=贈り物").content.decode()
    client.post(f"/office/shop/inquiries/{made.number}/finish/")
    made.refresh_from_db()
    assert made.state == "done" and str(made.done_by) == "佐藤"
    assert (
        f"/office/shop/inquiries/{made.number}/"
        not in client.get("/office/shop/inquiries/?tab=open").content.decode()
    )


def test_a_stranger_sees_no_inquiries(client: Client) -> None:
    client.force_login(cast.staff("部外者"))
    assert client.get("/office/shop/inquiries/").status_code == 403
    assert client.get("/office/shop/checkout/").status_code == 403


def test_who_writes_again_and_again_is_asked_to_wait_and_keeps_his_words(
    client: Client, shown_before: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    stamps = [shown_before, earlier_stamp(monkeypatch, 40), earlier_stamp(monkeypatch, 50)]
    monkeypatch.setattr(inquiries, "PER_ADDRESS", 2)
    answers = [client.post("/contact/", TYPED | {"stamp": one}) for one in stamps]
    assert [one.status_code for one in answers] == [302, 302, 429]
    assert TYPED["text"] in answers[2].text and "10 分ほど待って" in answers[2].text
    assert Inquiry.objects.count() == Ticket.objects.count() == 2


def test_what_says_nothing_is_not_sent_and_another_tickets_end_is_not_this_ones(
    client: Client, shown_before: str
) -> None:
    for words in ("はい", "見え\0ない文字があります。"):
        page = client.post("/contact/", TYPED | {"stamp": shown_before, "text": words})
        assert page.status_code == 422
    client.post("/contact/", TYPED | {"stamp": shown_before})
    made = Inquiry.objects.get()
    follow(f"call:{made.number}", is_solved=True)
    made.refresh_from_db()
    assert made.state == "open"
