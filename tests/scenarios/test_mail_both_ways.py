"""メールの往復 over real sockets: in by IMAP, answered, out by SMTP, and the customer's answer comes back into the same thread."""

from __future__ import annotations

import email
import email.policy
import os
import socket
import stat
import time
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.db import OperationalError

from akinai.core import clock, mail
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.support import ports, services
from akinai.support.models import MailReceipt, MailSource, Message, Ticket
from akinai.support.services import mailboxes, polling, receiving
from akinai.support.states import TicketState
from tests.cast import staff
from tests.imap_server import Folder, ImapServer

USER, PASSWORD = "support@shop.example.com", 'pa"ss-7'
HANAKO = "hanako@example.jp"
pytestmark = pytest.mark.django_db


class Post:
    """The mail server that our letters leave by."""

    def __init__(self) -> None:
        self.taken: list[bytes] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        self.taken.append(envelope.original_content or b"")
        return "250 OK"


@pytest.fixture
def post(settings: Any) -> Iterator[Post]:
    handler = Post()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(handler, hostname="127.0.0.1", port=port)
    controller.start()
    way = {
        "BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "OPTIONS": {"host": "127.0.0.1", "port": port},
    }
    settings.MAILERS = {"default": way}
    yield handler
    controller.stop()


@pytest.fixture
def home(settings: Any, tmp_path: Path) -> Path:
    settings.AKINAI_HOME = tmp_path
    return tmp_path


@pytest.fixture
def server() -> Iterator[ImapServer]:
    with ImapServer({USER: PASSWORD}) as running:
        yield running


def box(server: ImapServer, **changes: Any) -> MailSource:
    usual = {
        "name": "お問い合わせ窓口", "host": "127.0.0.1", "port": server.port, "security": "plain", "user": USER,
        "only_new": False,
    }  # fmt: skip
    return mailboxes.save(MailSource(**(usual | changes)), password=PASSWORD, anew=True, by=staff("加藤"))


def letter(text: str, message_id: str, *, subject: str = "茶碗が割れていました", **head: str) -> bytes:
    told = EmailMessage()
    told["From"], told["To"], told["Subject"] = f"山田 花子 <{HANAKO}>", USER, subject
    told["Message-ID"] = message_id
    for name, value in head.items():
        told[name.replace("_", "-")] = value
    told.set_content(text, charset="iso-2022-jp")
    return told.as_bytes(policy=email.policy.SMTP)


def answer(ticket: Ticket, text: str = "新しいものをお送りします。") -> Message:
    seen = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    return services.reply(ticket, services.Reply(text=text, key=f"k{seen}", seen=seen), by=staff("加藤"))


def send_all() -> None:
    with clock.told(clock.now() + timedelta(minutes=2)):
        mail.send_due()


def test_a_letter_comes_in_is_answered_and_the_customers_answer_wakes_its_ticket(
    home: Path, server: ImapServer, post: Post
) -> None:
    source = box(server)
    server.add("INBOX", letter("箱を開けたら割れていました。", "<first@example.jp>"))
    assert services.poll() == 1
    ticket = Ticket.objects.get()
    assert (ticket.contact_mail, ticket.state, ticket.source) == (HANAKO, TicketState.NEW, "mail")
    answer(ticket)
    send_all()
    sent = email.message_from_bytes(post.taken[0], policy=email.policy.default)
    assert (sent["To"], sent["In-Reply-To"], sent["Subject"]) == (
        HANAKO, "<first@example.jp>", f"Re: 茶碗が割れていました [{ticket.number}]",
    )  # fmt: skip
    words, below = sent.get_content().replace("\r\n", "\n").split(f"山田 花子 <{HANAKO}>:\n")
    assert words.startswith("新しいものをお送りします。\n\n")
    assert below == "> 箱を開けたら割れていました。\n"
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT
    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING
    back = letter(
        "ありがとう。待っています。",
        "<second@example.jp>",
        subject="Re: お返事",
        In_Reply_To=sent["Message-ID"],
    )
    server.add("INBOX", back)
    assert services.poll() == 1
    ticket.refresh_from_db()
    assert (Ticket.objects.count(), ticket.state) == (1, TicketState.OPEN)
    assert [one.text.strip() for one in ticket.messages.order_by("pk")] == [
        "箱を開けたら割れていました。", "新しいものをお送りします。", "ありがとう。待っています。",
    ]  # fmt: skip
    source.refresh_from_db()
    assert (source.uid_validity, source.last_uid, source.failures, source.last_error) == (1, 2, 0, "")


def test_our_own_letter_and_a_second_delivery_are_no_new_matter(
    home: Path, server: ImapServer, post: Post
) -> None:
    box(server)
    raw = letter("割れていました。", "<first@example.jp>")
    server.add("INBOX", raw)
    services.poll()
    answer(Ticket.objects.get())
    send_all()
    server.add("INBOX", raw)  # delivered twice by the customer's server
    server.add(
        "INBOX", raw.replace(b"MIME-Version", b"X-Again: 1\r\nMIME-Version")
    )  # the same by another way
    server.add("INBOX", post.taken[0])  # our own letter, copied to the box
    services.poll()
    assert services.poll() == 0
    assert (Ticket.objects.count(), Message.objects.filter(direction="in").count()) == (1, 1)
    assert sorted(MailReceipt.objects.values_list("outcome", "why")) == [
        ("ignored", "同じメールを受信済みです。"), ("ignored", "当店から送ったメールです。"), ("ticket", ""),
    ]  # fmt: skip


def test_a_folder_that_is_numbered_anew_comes_once_more_and_opens_nothing(
    home: Path, server: ImapServer
) -> None:
    source = box(server)
    first = letter("一つ目", "<1@example.jp>")
    server.add("INBOX", first)
    services.poll()
    server.folders["INBOX"] = Folder(uid_validity=7)
    server.add("INBOX", first)
    assert services.poll() == 1
    source.refresh_from_db()
    assert (source.uid_validity, source.last_uid, MailReceipt.objects.count()) == (7, 1, 1)


def test_a_restart_in_the_middle_of_a_mail_loses_none_and_takes_none_twice(
    home: Path, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = box(server)
    for at in (1, 2, 3):
        server.add("INBOX", letter(f"{at}通目", f"<{at}@example.jp>"))
    taken, whole = [], receiving.receive

    def dies_at_the_second(arrival: ports.Arrival, **told: Any) -> MailReceipt:
        receipt = whole(arrival, **told)
        taken.append(receipt)
        if len(taken) == 2:
            raise OperationalError("the server went away")
        return receipt

    with monkeypatch.context() as patch:
        patch.setattr(receiving, "receive", dies_at_the_second)
        with pytest.raises(OperationalError):
            services.poll()
    source.refresh_from_db()
    assert (source.last_uid, MailReceipt.objects.count(), Ticket.objects.count()) == (1, 1, 1)
    assert services.poll() == 2
    source.refresh_from_db()
    assert (source.last_uid, MailReceipt.objects.count(), Ticket.objects.count()) == (3, 3, 3)


def test_a_mail_that_we_cannot_take_is_kept_with_a_reason_and_stops_no_other(
    home: Path, server: ImapServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    box(server)
    server.add("INBOX", letter("毒", "<1@example.jp>"))
    server.add("INBOX", letter("普通", "<2@example.jp>"))
    whole = receiving.receive

    def poisoned(arrival: ports.Arrival, **told: Any) -> MailReceipt:
        if "毒" in arrival.text:
            raise KeyError(arrival.sender_address)
        return whole(arrival, **told)

    monkeypatch.setattr(receiving, "receive", poisoned)
    assert services.poll() == 2
    refused = MailReceipt.objects.get(outcome="refused")
    assert refused.why.startswith("受け取りの途中で失敗しました。")
    assert Ticket.objects.get().messages.get().text.strip() == "普通"
    assert HANAKO not in caplog.text
    monkeypatch.undo()
    ticket = services.open_by_hand(refused, by=staff("加藤"))
    assert ticket.messages.get().text.strip() == "毒"
    assert services.open_by_hand(refused, by=staff("加藤")) == ticket
    assert ticket.messages.count() == 1


def test_a_wrong_password_is_told_on_the_box_and_stops_no_other(home: Path, server: ImapServer) -> None:
    wrong = box(server)
    server.users["second@shop.example.com"] = PASSWORD
    box(server, name="二つ目", user="second@shop.example.com")
    server.users[USER] = "changed"
    server.add("INBOX", letter("届いた", "<1@example.jp>"))
    for _ in range(polling.WORTH_A_WARNING):
        services.poll()
    wrong.refresh_from_db()
    assert wrong.last_error == (
        f"メールサーバー 127.0.0.1 に「{USER}」でログインできません。ユーザー名とパスワード（アプリ用パスワード）を確かめてください。"
    )
    assert (wrong.failures, Ticket.objects.count()) == (3, 1)
    server.users[USER] = PASSWORD
    services.poll()
    wrong.refresh_from_db()
    assert (wrong.failures, wrong.last_error) == (0, "")


def test_the_password_lies_in_a_file_for_its_owner_alone(home: Path, server: ImapServer) -> None:
    source = box(server)
    path = home / "secrets" / f"mail_source_{source.pk}"
    assert (path.read_text(), stat.S_IMODE(path.stat().st_mode)) == (PASSWORD, 0o600)
    kept = MailSource.objects.filter(pk=source.pk).values().get()
    assert PASSWORD not in str(kept)
    assert PASSWORD not in repr(mailboxes.box_of(source))
    path.chmod(0o644)
    services.poll()
    source.refresh_from_db()
    assert "ほかの利用者も読めます" in source.last_error


def test_a_box_of_only_new_mails_leaves_the_old_ones(home: Path, server: ImapServer) -> None:
    server.add("INBOX", letter("去年の話", "<old@example.jp>"))
    box(server, only_new=True)
    server.add("INBOX", letter("今日の話", "<new@example.jp>"))
    assert services.poll() == 1
    assert Ticket.objects.get().messages.get().text.strip() == "今日の話"


def test_files_of_the_drop_folder_are_put_away_when_their_mail_is_in(home: Path) -> None:
    folder = home / "mail-in"
    folder.mkdir()
    (folder / "a.eml").write_bytes(letter("置いた", "<1@example.jp>"))
    (folder / "b.eml").write_bytes(b"\0\1\2")
    for path in folder.iterdir():
        os.utime(path, (time.time() - 60, time.time() - 60))
    assert services.poll() == 2
    assert [path.name for path in (folder / "done").iterdir()] == ["a.eml"]
    assert sorted(path.name for path in (folder / "refused").iterdir()) == ["b.eml", "b.eml.txt"]
    assert Ticket.objects.get().messages.get().text.strip() == "置いた"
    assert not (folder / "mail-in").exists()


def test_the_customers_words_are_quoted_to_the_customer_alone_and_can_be_left_out(home: Path) -> None:
    services.take_in(letter("割れていました。", "<first@example.jp>"), "test")
    ticket = Ticket.objects.get()
    cases: list[dict[str, Any]] = [{"quotes": False}, {"to": "maker@example.com"}]
    for at, told in enumerate(cases):
        seen = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
        new = services.Reply(text="お調べします。", key=f"k{at}", seen=seen, **told)
        services.reply(ticket, new, by=staff("加藤"))
    assert not [one.body for one in OutgoingMail.objects.all() if "割れていました" in one.body]


def returned(letter_out: OutgoingMail, address: str) -> bytes:
    """What a server on the way says of our letter."""
    return (
        f"From: MAILER-DAEMON@mx.example.net\r\nTo: {USER}\r\nSubject: Undelivered Mail Returned to Sender\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\nMIME-Version: 1.0\r\n\r\n'
        f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.net\r\n\r\n"
        f"Final-Recipient: rfc822; {address}\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 no such user\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter_out.headers['Message-ID']}\r\n"
        f"X-Akinai-Mail: {letter_out.pk}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_letter_that_came_back_from_an_address_behind_the_customers_is_found(
    home: Path, post: Post
) -> None:
    services.take_in(letter("割れていました。", "<first@example.jp>"), "test")
    ticket = Ticket.objects.get()
    answer(ticket)
    answer(ticket, "もう一通お送りします。")
    send_all()
    first = OutgoingMail.objects.earliest("pk")
    services.take_in(returned(first, "passed-on@elsewhere.example"), "test")  # his mail is passed on to there
    assert list(OutgoingMail.objects.order_by("pk").values_list("state", flat=True)) == ["failed", "sent"]
    ticket.refresh_from_db()
    assert (ticket.state, Ticket.objects.count()) == (TicketState.OPEN, 1)


def test_a_letter_to_a_malls_address_leaves_only_the_way_the_mall_takes(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    raw = letter("届きません。", "<r@example.jp>").replace(
        HANAKO.encode(), b"0123456789abcdef@pc.fw.rakuten.ne.jp"
    )
    services.take_in(raw, "test")
    ticket = Ticket.objects.get()
    assert ticket.source == "mall"
    with pytest.raises(DomainError, match="楽天の SMTP サーバーからでないと届きません"):
        answer(ticket)
    monkeypatch.setenv("AKINAI_MALL_MAIL", "amazon, rakuten")
    answer(ticket)
    rule = ports.letters().mall_rule("x@x.mbdp.jp")
    assert rule is not None
    assert (rule.refusal, "未確認" in rule.warning) == ("", True)
    assert ports.letters().mall_rule(HANAKO) is None


def test_two_answering_machines_end(home: Path, post: Post) -> None:
    services.take_in(letter("質問です。", "<first@example.jp>"), "test")
    ticket = Ticket.objects.get()
    answer(ticket)
    send_all()
    for at in range(30):  # whatever he has answers whatever comes
        asked = Message.objects.filter(direction="out").latest("pk").message_id
        raw = letter("不在です。", f"<auto{at}@example.jp>", In_Reply_To=asked, Auto_Submitted="auto-replied")
        services.take_in(raw, "test")
    ticket.refresh_from_db()
    assert (ticket.state, OutgoingMail.objects.count(), Ticket.objects.count()) == (TicketState.WAITING, 1, 1)


def test_a_machine_that_says_nothing_of_itself_is_stopped_by_its_pace(home: Path) -> None:
    for at in range(receiving.MOST_AN_HOUR + 5):
        services.take_in(letter(f"{at}", f"<m{at}@example.jp>"), "test")
    assert Ticket.objects.count() == receiving.MOST_AN_HOUR
    whys = list(MailReceipt.objects.filter(outcome="auto").values_list("why", flat=True))
    assert whys == ["同じ差出人から 1 時間に 20 通を超えました。"] * 5
