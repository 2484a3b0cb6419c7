"""The outbox: queued once, sent once, tried again for half a day, and what went wrong is told."""

from __future__ import annotations

import email
import email.policy
import socket
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core import mail as outbox

from akinai.core import clock, events, mail
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.models import OutgoingMail
from akinai.shipping.tests import factories
from tests.together import together

S = OutgoingMail.State


def queued(key: str = "test:1", to: str = "hanako@example.com", **fields: Any) -> OutgoingMail:
    return mail.enqueue(to=to, subject="件名", body="本文\n", key=key, **fields)


class Post:
    """A mail server that keeps what it took and answers as it is told."""

    def __init__(self) -> None:
        self.taken: list[Envelope] = []
        self.answers: dict[str, str] = {}
        self.greetings = 0

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, host: str, answers: list[str]
    ) -> list[str]:
        session.host_name = host
        self.greetings += 1
        return answers

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if answer := self.answers.get(address):
            return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope)
        return "250 OK"

    def messages(self) -> list[Any]:
        return [email.message_from_bytes(one.content, policy=email.policy.default) for one in self.taken]


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    smtp = {"host": "127.0.0.1", "port": port, "timeout": 5}
    settings.MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": smtp}
    }
    yield handler
    controller.stop()


@pytest.mark.django_db
def test_a_mail_is_queued_once_by_its_fact_and_sent_once(post: Post, tmp_path: Path) -> None:
    paper = tmp_path / "a.pdf"
    paper.write_bytes(b"%PDF-1.7 x")
    first = queued(reply_to="shop@example.jp", attachments=[("請求書.pdf", paper)])
    assert queued().pk == first.pk
    assert (mail.send_due(), mail.send_due()) == (1, 0)
    (message,) = post.messages()
    assert (message["To"], message["Reply-To"], message["Subject"]) == (
        "hanako@example.com",
        "shop@example.jp",
        "件名",
    )
    (attached,) = message.iter_attachments()
    assert (attached.get_filename(), attached.get_content()) == ("請求書.pdf", b"%PDF-1.7 x")
    first.refresh_from_db()
    assert (first.state, first.tries, first.last_error) == (S.SENT, 1, "")


@pytest.mark.django_db
def test_many_mails_go_over_one_connection(post: Post) -> None:
    for at in range(5):
        queued(f"test:{at}")
    assert mail.send_due() == 5
    assert (len(post.taken), post.greetings) == (5, 1)


@pytest.mark.django_db
def test_an_address_the_server_refuses_for_good_fails_at_once_and_the_others_leave(post: Post) -> None:
    post.answers["gone@example.com"] = "550 5.1.1 no such user"
    bad, good = queued("test:1", to="gone@example.com"), queued("test:2")
    assert mail.send_due() == 1
    bad.refresh_from_db()
    good.refresh_from_db()
    assert (bad.state, good.state) == (S.FAILED, S.SENT)
    assert "550 5.1.1 no such user" in bad.last_error and bad.last_error.endswith(
        "アドレスを確かめてください。"
    )


@pytest.mark.django_db
def test_a_server_that_is_busy_is_asked_again_later_and_given_up_after_half_a_day(post: Post) -> None:
    post.answers["hanako@example.com"] = "450 4.2.0 try later"
    one = queued()
    now = clock.now()
    waits = []
    for _ in range(mail.MAX_TRIES):
        with clock.told(now):
            assert mail.send_due() == 0 and mail.send_due() == 0
        one.refresh_from_db()
        waits.append(round((one.not_before - now).total_seconds() / 60))
        now = max(one.not_before, now)
    assert waits[:-1] == list(mail.WAIT_MINUTES) and (one.state, one.tries) == (S.FAILED, mail.MAX_TRIES)


@pytest.mark.django_db
def test_without_a_server_nothing_is_lost(settings: Any) -> None:
    nowhere = {"host": "127.0.0.1", "port": 1, "timeout": 1}
    settings.MAILERS = {
        "default": {"BACKEND": "django.core.mail.backends.smtp.EmailBackend", "OPTIONS": nowhere}
    }
    one = queued()
    assert mail.send_due() == 0
    one.refresh_from_db()
    assert one.state == S.QUEUED and "つながりません" in one.last_error


@pytest.mark.django_db
def test_a_lost_attachment_fails_at_once_with_the_way_out(tmp_path: Path) -> None:
    one = queued(attachments=[("a.pdf", tmp_path / "gone.pdf")])
    mail.send_due()
    one.refresh_from_db()
    assert one.state == S.FAILED and "添付のファイル" in one.last_error


@pytest.mark.django_db
def test_what_was_being_sent_when_the_process_died_is_not_sent_again_by_itself() -> None:
    one = queued()
    assert mail._claim() == one.pk and mail.send_due() == 0
    with clock.told(clock.now() + mail.INTERRUPTED_AFTER + timedelta(minutes=1)):
        assert mail.send_due() == 0
    one.refresh_from_db()
    assert (one.state, outbox.outbox) == (S.FAILED, []) and "届いているかもしれない" in one.last_error
    mail.send_again(one, by=None)
    assert mail.send_due() == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_never_send_one_mail_twice() -> None:
    for at in range(30):
        queued(f"test:{at}", to=f"customer{at}@example.com")
    sent = together(*[mail.send_due] * 4)
    assert sum(sent) == 30
    assert sorted(message.to[0] for message in outbox.outbox) == sorted(
        f"customer{at}@example.com" for at in range(30)
    )


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"to": "a@example.com\nBcc: b@example.com"}, "見えない文字"),
        ({"subject": "件名\r\nBcc: b@example.com"}, "見えない文字"),
        ({"reply_to": "a@example.com\nX: y"}, "見えない文字"),
        ({"to": "masked"}, "形が正しくありません"),
        ({"to": "a@example.com, b@example.com"}, "形が正しくありません"),
        ({"to": "a@b"}, "形が正しくありません"),
        ({"to": ""}, "形が正しくありません"),
        ({"reply_to": "shop"}, "形が正しくありません"),
    ],
)
@pytest.mark.django_db
def test_header_injection_and_bad_addresses_are_refused(fields: dict[str, str], words: str) -> None:
    with pytest.raises(DomainError, match=words):
        mail.enqueue(
            **{"to": "hanako@example.com", "subject": "件名", "body": "本文", "key": "test:1"} | fields
        )
    assert not OutgoingMail.objects.exists()


@pytest.mark.django_db
def test_a_person_may_cancel_what_waits_and_send_again_what_failed() -> None:
    one, ito = queued(), factories.staff("ito")
    mail.cancel_one(one, by=ito)
    assert mail.send_due() == 0
    mail.send_again(one, to="new@example.com", by=ito)
    assert mail.send_due() == 1 and outbox.outbox[0].to == ["new@example.com"]
    one.refresh_from_db()
    with pytest.raises(ImpossibleMove):
        mail.cancel_one(one, by=ito)


@pytest.mark.django_db
def test_what_has_left_is_sent_again_as_a_copy() -> None:
    one = queued()
    mail.send_due()
    copy = mail.send_again(one, by=None)
    assert (copy.key, copy.state, copy.body) == ("test:1#2", S.QUEUED, "本文\n")
    assert mail.send_due() == 1
    one.refresh_from_db()
    assert one.state == S.SENT


@pytest.mark.django_db
def test_asking_again_for_what_was_given_up_queues_it_anew() -> None:
    one = queued()
    OutgoingMail.objects.filter(pk=one.pk).update(state=S.FAILED, tries=7, last_error="x")
    again = queued(to="new@example.com")
    assert (again.pk, again.state, again.tries, again.to) == (one.pk, S.QUEUED, 0, "new@example.com")


@pytest.mark.django_db
def test_those_who_asked_hear_how_it_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[tuple[str, str]] = []
    monkeypatch.setitem(events._handlers, "mail.sent", [lambda key, **_: heard.append(("sent", key))])
    monkeypatch.setitem(events._handlers, "mail.given_up", [lambda key: heard.append(("given_up", key))])
    queued("test:1")
    mail.cancel_one(queued("test:2"), by=None)
    mail.send_due()
    events.drain()
    assert sorted(heard) == [("given_up", "test:2"), ("sent", "test:1")]
