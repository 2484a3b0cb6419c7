"""消去 at the desk: what he wrote as a stranger goes too, what another customer wrote stays, and so do files that others name."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from akinai.core import clock, paper_store
from akinai.party import erasing
from akinai.party.erasing import GONE
from akinai.party.models import Customer
from akinai.party.ports import Erasee
from akinai.support.erasing import TicketsErased, mark_of
from akinai.support.models import CsatRefusal, MailReceipt, Message, MessageFile, Ticket
from akinai.support.tests.letters import order

pytestmark = pytest.mark.django_db
MAIL = "hanako@example.jp"


@pytest.fixture
def customer(settings: Any, tmp_path: Path) -> Customer:
    settings.FILES_ROOT = tmp_path
    return Customer.objects.get(pk=order("A-1", mail=MAIL).customer_id)


def erase(customer: Customer, commit: Callable[..., Any]) -> None:
    with commit(execute=True):
        for share in TicketsErased().shares(Erasee([customer.pk], [MAIL], ["山田 花子"])):
            if not share.law:
                erasing.take(share)


def ticket(no: int, **told: Any) -> Ticket:
    usual = {
        "source": "mail",
        "subject": f"件名 {no}",
        "key": f"t:{no}",
        "state": "closed",
        "solved_at": clock.now(),
    }
    made = Ticket.objects.create(number=f"TK-{no}", **{**usual, **told})
    Message.objects.create(ticket=made, direction="in", text="ことば", sender=told.get("contact_mail", ""))
    return made


def test_what_he_wrote_before_he_was_known_goes_and_what_another_wrote_from_his_address_stays(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    other = Customer.objects.get(pk=order("B-1", mail="jiro@example.jp", phone="03-1111-2222").customer_id)
    stranger = ticket(1, contact_mail=MAIL.upper())
    others = ticket(2, customer=other, contact_mail=MAIL)
    somebody = ticket(3, contact_mail="saburo@example.jp")
    erase(customer, django_capture_on_commit_callbacks)
    told = dict(Ticket.objects.values_list("pk", "subject"))
    assert told == {stranger.pk: GONE, others.pk: "件名 2", somebody.pk: "件名 3"}
    assert set(Message.objects.exclude(text="").values_list("ticket", flat=True)) == {others.pk, somebody.pk}


def test_mails_from_his_address_that_became_no_ticket_lose_who_wrote_them(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    for no, sender in enumerate([MAIL.upper(), f"花子 <{MAIL}>", "saburo@example.jp"]):
        MailReceipt.objects.create(
            digest=f"{no:064}", size=1, came_from="box", outcome="auto", why="自動応答です。", sender=sender
        )
    erase(customer, django_capture_on_commit_callbacks)
    assert list(MailReceipt.objects.order_by("digest").values_list("sender", flat=True)) == [
        "",
        "",
        "saburo@example.jp",
    ]


def test_a_file_goes_when_nobody_else_names_it(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    mine, others = ticket(1, customer=customer), ticket(2, contact_mail="saburo@example.jp")
    shared, own = paper_store.keep(b"shared", ".bin"), paper_store.keep(b"own", ".bin")
    for one, digest in ((mine, shared), (mine, own), (others, shared)):
        MessageFile.objects.create(
            message=one.messages.get(), name="x", mime="text/plain", size=1, state="kept", digest=digest
        )
    erase(customer, django_capture_on_commit_callbacks)
    assert (paper_store.is_whole(shared, ".bin"), paper_store.is_whole(own, ".bin")) == (True, False)


def test_his_wish_not_to_be_asked_stays_as_one_mark(
    customer: Customer, django_capture_on_commit_callbacks: Any
) -> None:
    CsatRefusal.objects.create(mail=MAIL)
    CsatRefusal.objects.create(mail=mark_of(MAIL))
    erase(customer, django_capture_on_commit_callbacks)
    assert CsatRefusal.objects.get().mail == mark_of(MAIL)
