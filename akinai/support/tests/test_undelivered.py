"""届かなかった返信: the customer has no answer, so the ticket is ours again, with the reason and the words to send anew."""

from __future__ import annotations

import smtplib
from datetime import timedelta
from typing import Any

import pytest
from django.core.mail.backends.base import BaseEmailBackend
from django.urls import reverse

from akinai.core import activity, clock, mail
from akinai.core.models import OutgoingMail
from akinai.staff.models import Staff
from akinai.support import services
from akinai.support.models import Message, Ticket
from akinai.support.services.undelivered import on_mail_given_up
from akinai.support.states import TicketState
from akinai.support.tests.complaints import client
from akinai.support.tests.letters import letter

pytestmark = pytest.mark.django_db


class NoSuchUser(BaseEmailBackend):
    """A server that knows nobody of that name."""

    def send_messages(self, email_messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({email_messages[0].to[0]: (550, b"User unknown")})


def sent(by: Staff, *, then: str = "wait") -> Message:
    services.receive(letter())
    ticket = Ticket.objects.get()
    new = services.Reply(text="お調べします。", key="k", then=then, seen=ticket.messages.get().pk)
    return services.reply(ticket, new, by=by)


@pytest.mark.parametrize("then", ["wait", "solve"])
def test_a_ticket_whose_answer_the_server_refused_is_ours_again(
    kato: Staff, then: str, django_capture_on_commit_callbacks: Any
) -> None:
    said = sent(kato, then=then)
    with django_capture_on_commit_callbacks(execute=True), clock.told(clock.now() + timedelta(minutes=5)):
        mail.send_due(by_way_of=NoSuchUser())
    ticket = Ticket.objects.get()
    assert ticket.state == TicketState.OPEN
    on_mail_given_up(key=said.mail_key)
    history = activity.of(ticket).filter(verb="bounce").values_list("summary", flat=True)
    assert ["返信を送れませんでした。" in one and "550" in one for one in history] == [True]
    page = client("加藤").get(reverse("support:ticket", args=[ticket.number])).text
    assert "550 User unknown" in page and "書き直して送る" in page


def test_a_letter_that_somebody_called_back_in_the_outbox_leaves_nobody_waiting(
    kato: Staff, django_capture_on_commit_callbacks: Any
) -> None:
    sent(kato)
    with django_capture_on_commit_callbacks(execute=True):
        mail.cancel_one(OutgoingMail.objects.get(), by=kato)
    assert Ticket.objects.get().state == TicketState.OPEN


def test_the_words_of_a_letter_stand_in_the_reply_again(kato: Staff) -> None:
    said = sent(kato)
    desk, there = client("加藤"), reverse("support:ticket", args=[said.ticket.number])
    desk.post(reverse("support:take_back", args=[said.ticket.number, said.pk]))
    assert ">お調べします。</textarea>" in desk.get(there).text.replace("\n", "")
    assert ">お調べします。</textarea>" not in desk.get(there).text.replace("\n", "")
    desk.post(reverse("support:write_again", args=[said.ticket.number, said.pk]))
    assert ">お調べします。</textarea>" in desk.get(there).text.replace("\n", "")
