"""返信: the thread holds in every mail program, subjects do not pile up, and what goes out by SMTP is read again as it was."""

from __future__ import annotations

import smtplib
import socket
from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import EmailMessage

from akinai.adapters.mailbox import Kind, Mail, read_mail
from akinai.adapters.mailbox.compose import Original, chain, compose, may_answer_by_itself, subject
from akinai.adapters.mailbox.tests.letters import mail

TICKET, DOMAIN = "TK-2026-000123", "shop.example.com"
OURS = {DOMAIN}


def original(**changes: object) -> Original:
    return replace(
        Original(
            "返品について", "one@example.jp", ("zero@example.jp",), "山田 太郎", "yamada@example.jp",
            datetime(2026, 11, 2, 1, 0, tzinfo=timezone(timedelta(0))), "色が違います。\n\n> 発送しました\n",
        ),
        **changes,
    )  # fmt: skip


def test_an_answer_carries_thread_subject_and_the_original_below() -> None:
    out = compose("交換いたします。\n", original=original(), ticket=TICKET, domain=DOMAIN, signature="店\nTEL 03-0000-0000")  # fmt: skip
    assert out.subject == "Re: 返品について [TK-2026-000123]"
    assert out.body == (
        "交換いたします。\n\n-- \n店\nTEL 03-0000-0000\n\n"
        "2026年11月2日(月) 10:00 山田 太郎 <yamada@example.jp>:\n> 色が違います。\n>\n> > 発送しました\n"
    )
    assert out.headers == {
        "Message-ID": f"<{out.message_id}>",
        "In-Reply-To": "<one@example.jp>",
        "References": "<zero@example.jp> <one@example.jp>",
    }
    assert out.message_id.startswith("tk-2026-000123.")
    assert out.message_id.endswith("@shop.example.com")
    again = compose("x", original=original(), ticket=TICKET, domain=DOMAIN)
    assert again.message_id != out.message_id


@pytest.mark.parametrize(
    ("told", "wanted"),
    [
        ("返品について", "Re: 返品について [TK-2026-000123]"),
        ("Re: RE: Re[2]: 返信: ＲＥ：返品について [TK-2026-000123]", "Re: 返品について [TK-2026-000123]"),
        ("Re: [TK-2026-000123] 返信：返品 ［TK-2026-000009］", "Re: 返品 [TK-2026-000123]"),
        ("Fwd: 返品", "Re: Fwd: 返品 [TK-2026-000123]"),
        ("Reebok の靴", "Re: Reebok の靴 [TK-2026-000123]"),
        ("", "Re: お問い合わせ [TK-2026-000123]"),
        ("返品\r\nBcc: evil@x.jp", "Re: 返品 Bcc: evil@x.jp [TK-2026-000123]"),
    ],
)
def test_subjects_do_not_pile_up(told: str, wanted: str) -> None:
    assert subject(told, ticket=TICKET) == wanted
    assert subject(wanted, ticket=TICKET) == wanted


def test_a_ticket_that_began_by_telephone_is_no_answer() -> None:
    out = compose("お電話の件です。", original=Original("返品の件"), ticket=TICKET, domain=DOMAIN)
    assert (out.subject, out.in_reply_to, out.references) == ("返品の件 [TK-2026-000123]", "", ())
    assert out.body == "お電話の件です。\n"


def test_a_long_thread_keeps_its_beginning_and_its_end() -> None:
    ids = [f"{at}@x.jp" for at in range(50)]
    assert chain(ids, "last@x.jp") == ("0@x.jp", *ids[32:], "last@x.jp")
    assert chain(["bad id", "a@x.jp", "a@x.jp", "last@x.jp", "x>\r\nBcc:<y@z"], "last@x.jp") == ("a@x.jp", "last@x.jp")  # fmt: skip


def test_only_persons_get_automatic_answers_and_they_say_what_they_are() -> None:
    def read(raw: bytes) -> Mail:
        got = read_mail(raw, ours=OURS)
        assert isinstance(got, Mail)
        return got

    assert may_answer_by_itself(read(mail("x")))
    assert not may_answer_by_itself(read(mail("x", extra="Auto-Submitted: auto-replied")))
    assert not may_answer_by_itself(read(mail("x", sender="no-reply@x.jp")))
    assert not may_answer_by_itself(read(b"Subject: x\r\n\r\nx"))
    out = compose("受け付けました。", original=original(), ticket=TICKET, domain=DOMAIN, is_automatic=True)
    assert out.headers["Auto-Submitted"] == "auto-replied"


class Heard:
    """What reached the test server, as bytes."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        assert isinstance(envelope.content, bytes)
        self.mails.append(envelope.content)
        return "250 OK"


def send(message: EmailMessage) -> bytes:
    """Over a real socket; gives what arrived."""
    heard = Heard()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(heard, hostname="127.0.0.1", port=port)
    controller.start()
    try:
        with smtplib.SMTP("127.0.0.1", port, timeout=5) as line:
            line.sendmail("support@shop.example.com", message.recipients(), message.message().as_bytes())
    finally:
        controller.stop()
    return heard.mails[0]


def test_an_answer_sent_by_smtp_is_read_again_as_it_was_and_its_own_answer_finds_the_ticket() -> None:
    out = compose(
        "①髙橋様\n交換いたします。", original=original(), ticket=TICKET, domain=DOMAIN, signature="店"
    )
    message = EmailMessage(out.subject, out.body, "店 <support@shop.example.com>", ["yamada@example.jp"], headers=out.headers)  # fmt: skip
    got = read_mail(send(message), ours=OURS)
    assert isinstance(got, Mail)
    assert (got.subject, got.message_id, got.references) == (
        "Re: 返品について",
        out.message_id,
        out.references,
    )
    assert (got.own_text, got.ticket_numbers) == ("①髙橋様\n交換いたします。", (TICKET,))
    assert got.kind == Kind.LOOP  # it is ours: had it come back to us, nobody would answer it
    answer = read_mail(
        mail("はい", subject="件名を消しました", extra=f"In-Reply-To: <{out.message_id}>"), ours=OURS
    )
    assert isinstance(answer, Mail)
    assert (answer.ticket_numbers, answer.kind) == ((TICKET,), Kind.PERSON)


def test_nothing_of_a_strange_head_gets_into_ours_and_a_long_letter_is_quoted_in_part() -> None:
    strange = original(message_id="one@x.jp>\r\nBcc: <evil@x.jp", sender_name="<店長>", text="x\n" * 201)
    out = compose("x", original=strange, ticket=TICKET, domain=DOMAIN)
    assert (out.in_reply_to, out.references) == ("", ("zero@example.jp",))
    assert " 店長 <yamada@example.jp>:" in out.body
    assert out.body.count("> x") == 200 and "（以下 1 行を省略）" in out.body
