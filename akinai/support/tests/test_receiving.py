"""届いたメール: once, into its thread, with its customer, and nothing lost."""

from __future__ import annotations

import hashlib
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import DatabaseError, OperationalError, transaction

from akinai.core import clock, paper_store
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.support import services
from akinai.support.models import MailReceipt, Message, MessageFile, Ticket
from akinai.support.ports import ArrivedFile, Kind, Returned
from akinai.support.services import messages, receiving
from akinai.support.states import Direction, Priority, TicketState
from akinai.support.tests.letters import letter, order
from tests.cast import staff
from tests.together import overlapping

pytestmark = pytest.mark.django_db


def reply_to(ticket: Ticket, text: str = "お調べします。", **told: object) -> Message:
    newest = ticket.messages.order_by("-pk").values_list("pk", flat=True).first() or 0
    new = services.Reply(text=text, key=f"k{newest}", seen=newest, **told)  # type: ignore[arg-type]
    return services.reply(ticket, new, by=staff("加藤"))


def test_a_letter_opens_one_ticket_however_often_it_comes() -> None:
    mail = letter()
    first, second = services.receive(mail), services.receive(mail)
    assert first == second
    ticket = Ticket.objects.get()
    assert (ticket.subject, ticket.state, ticket.contact_mail) == (
        "届きません",
        TicketState.NEW,
        "hanako@example.jp",
    )
    assert [m.text for m in ticket.messages.all()] == ["荷物が届きません。"]


def test_the_same_letter_from_another_mailbox_is_known_by_its_message_id() -> None:
    mail = letter()
    services.receive(mail)
    again = services.receive(letter(message_id=mail.message_id, raw=b"the same with other headers"))
    assert (again.outcome, again.why) == ("ignored", "同じメールを受信済みです。")
    assert Message.objects.count() == 1


def test_another_letter_under_a_used_message_id_is_not_lost() -> None:
    mail = letter()
    services.receive(mail)
    other = letter("サイズを交換したいです。", message_id=mail.message_id, raw=b"another")
    assert (services.receive(other).outcome, services.receive(other).outcome) == ("ticket", "ticket")
    assert [(m.text, m.message_id, len(m.doubts)) for m in Message.objects.order_by("pk")] == [
        ("荷物が届きません。", mail.message_id, 0), ("サイズを交換したいです。", "", 1),
    ]  # fmt: skip
    listed = letter("荷物が届きません。\n-- \n一覧の案内", message_id=mail.message_id, raw=b"by a list")
    assert services.receive(listed).outcome == "ignored"


def test_an_answer_finds_its_thread_and_it_is_our_turn_again() -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    sent = reply_to(ticket)
    ticket.refresh_from_db()
    assert ticket.state == TicketState.WAITING
    services.receive(letter("まだです。", in_reply_to=sent.message_id, sender_address="other@example.jp"))
    ticket.refresh_from_db()
    assert (Ticket.objects.count(), ticket.state) == (1, TicketState.OPEN)
    assert [m.direction for m in ticket.messages.order_by("pk")] == ["in", "out", "in"]


def test_our_number_counts_only_from_the_address_that_wrote_first() -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    services.receive(letter("続きです。", ticket_numbers=(ticket.number,)))
    assert ticket.messages.count() == 2
    services.receive(
        letter("私にも教えて。", ticket_numbers=(ticket.number,), sender_address="stranger@example.com")
    )
    assert (ticket.messages.count(), Ticket.objects.count()) == (2, 2)


def test_an_answer_to_what_was_solved_opens_it_again() -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    sent = reply_to(ticket, then="solve")
    ticket.refresh_from_db()
    assert ticket.state == TicketState.SOLVED
    services.receive(letter("やはり届きません。", in_reply_to=sent.message_id))
    ticket.refresh_from_db()
    assert (ticket.state, ticket.solved_at) == (TicketState.OPEN, None)


def test_after_a_long_time_an_answer_is_a_new_matter() -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    sent = reply_to(ticket, then="solve")
    ticket.refresh_from_db()
    services.close(ticket, by=None)
    Ticket.objects.filter(pk=ticket.pk).update(closed_at=clock.now() - timedelta(days=61))
    services.receive(letter(in_reply_to=sent.message_id))
    assert Ticket.objects.count() == 2


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        (Kind.AUTO_REPLY, "自動応答です。"),
        (Kind.LIST, "メーリングリスト・広告のメールです。"),
        (Kind.LOOP, "自動応答どうしの往復です。"),
    ],
)
def test_machines_open_nothing_and_wake_nobody(kind: Kind, why: str) -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    sent = reply_to(ticket)
    receipt = services.receive(letter("不在です。", kind=kind, in_reply_to=sent.message_id))
    ticket.refresh_from_db()
    assert (receipt.outcome, receipt.why, ticket.state) == ("auto", why, TicketState.WAITING)
    assert ticket.messages.count() == 3


def test_a_sender_of_many_letters_in_an_hour_is_taken_for_a_machine() -> None:
    outcomes = [services.receive(letter(f"{n}")).outcome for n in range(22)]
    assert outcomes == ["ticket"] * 20 + ["auto"] * 2


def test_what_cannot_be_read_is_kept_with_the_reason() -> None:
    receipt = services.receive(
        letter(raw=b"", refused="空のファイルです。", message_id="", sender_address="")
    )
    assert (receipt.outcome, receipt.why, Ticket.objects.count()) == ("refused", "空のファイルです。", 0)


def test_a_bounced_answer_wakes_its_ticket() -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    sent = reply_to(ticket)
    OutgoingMail.objects.filter(key=sent.mail_key).update(state="sent", sent_at=clock.now())
    receipt = services.receive(
        letter(
            kind=Kind.BOUNCE,
            bounced=(Returned("hanako@example.jp", "550 No such user"),),
            sender_address="mailer-daemon@x.jp",
        )
    )
    ticket.refresh_from_db()
    assert (receipt.outcome, ticket.state) == ("bounce", TicketState.OPEN)
    assert OutgoingMail.objects.get(key=sent.mail_key).state == "failed"


def test_dangerous_files_are_named_and_not_kept() -> None:
    files = (ArrivedFile("写真.jpg", "image/jpeg", b"jpg"), ArrivedFile("請求書.exe", "image/png", b"MZ"))
    services.receive(letter(files=files))
    assert list(MessageFile.objects.order_by("pk").values_list("name", "state")) == [
        ("写真.jpg", "kept"),
        ("請求書.exe", "refused"),
    ]


def test_danger_to_people_is_urgent() -> None:
    services.receive(letter("コップが割れていて、けがをしました。"))
    assert Ticket.objects.get().priority == Priority.URGENT


def test_words_stay_said() -> None:
    services.receive(letter())
    for change in (lambda: Message.objects.update(text="x"), lambda: MailReceipt.objects.all().delete()):
        with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
            change()


def test_words_can_be_erased_once() -> None:
    services.receive(letter())
    assert Message.objects.update(text="", sender="", erased_at=clock.now()) == 1
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        Message.objects.update(text="again", erased_at=clock.now())


def test_erasing_cannot_move_a_word_to_another_ticket() -> None:
    services.receive(letter())
    services.receive(letter("別件です。", subject="別件"))
    first, second = Ticket.objects.order_by("pk")
    with pytest.raises(DatabaseError, match="only grows"), transaction.atomic():
        first.messages.update(ticket=second, erased_at=clock.now())


def test_the_thread_of_an_answer_is_written_in_its_head() -> None:
    mail = letter(references=("<a@x>", "<b@x>"))
    services.receive(mail)
    ticket = Ticket.objects.get()
    sent = reply_to(ticket)
    head = OutgoingMail.objects.get(key=sent.mail_key).headers
    assert head["In-Reply-To"] == mail.message_id
    assert head["References"] == f"<a@x> <b@x> {mail.message_id}"
    assert head["Message-ID"] == sent.message_id
    assert sent.subject == f"Re: 届きません [{ticket.number}]"
    assert sent.direction == Direction.OUT


def test_a_ticket_without_an_address_is_not_joined_by_its_number_alone() -> None:
    ticket = services.take_call(
        services.Call(key="c", text="電話の件", phone="090-1234-5678"), by=staff("加藤")
    )
    services.receive(letter(ticket_numbers=(ticket.number,), sender_address=""))
    assert (Ticket.objects.count(), ticket.messages.filter(direction="in").count()) == (2, 0)


def test_what_a_letter_quotes_says_nothing_of_its_sender() -> None:
    mine = order("A-1", mail="hanako@example.jp")
    services.receive(letter(f"はい。\n> 注文番号 {mine.number}\n> 至急", quoted_from=4))
    ticket = Ticket.objects.get()
    assert (ticket.priority, ticket.order_links.count()) == (Priority.NORMAL, 0)


def test_only_a_letter_that_has_left_can_come_back_wherever_it_was_passed_on_to() -> None:
    services.receive(letter())
    ticket = Ticket.objects.get()
    sent = reply_to(ticket)

    def came_back() -> str:
        gone = Returned("elsewhere@example.com", "550 No such user", message_id=sent.message_id)
        services.receive(letter(kind=Kind.BOUNCE, bounced=(gone,), sender_address="mailer-daemon@x.jp"))
        return OutgoingMail.objects.get(key=sent.mail_key).state

    assert came_back() == "queued"
    OutgoingMail.objects.filter(key=sent.mail_key).update(state="sent", sent_at=clock.now())
    assert came_back() == "failed"


def test_the_list_of_mails_says_what_a_notice_is_about() -> None:
    services.receive(letter())
    sent = reply_to(Ticket.objects.get())
    OutgoingMail.objects.filter(key=sent.mail_key).update(state="sent", sent_at=clock.now())
    by_letter = Returned(
        "", "550 No such user", message_id=sent.message_id
    )  # a notice that names the letter alone
    notices = [
        {"bounced": (by_letter,)},
        {"bounced": (Returned("taro@example.jp", "550 No such user"),)},
        {"facts": {"late": "taro@example.jp"}},
        {},
    ]
    told = [
        services.receive(letter(raw=f"{at}".encode(), message_id="", kind=Kind.BOUNCE, **notice)).why
        for at, notice in enumerate(notices)
    ]
    assert told == [
        "hanako@example.jp に届きませんでした。",
        "taro@example.jp に届かなかった知らせです。当店のどのメールかは分かりません。",
        "taro@example.jp への配信が遅れています。送信は続けられています。",
        "当店のどのメールの不達か分かりません。",
    ]


def test_the_bytes_of_a_mail_lie_safe_before_the_database_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    def away(*_: object, **__: object) -> None:
        raise OperationalError("the database is away")

    monkeypatch.setattr(receiving, "_receive", away)
    mail = letter()
    with pytest.raises(OperationalError):
        services.receive(mail)
    assert paper_store.read(hashlib.sha256(mail.raw).hexdigest(), receiving.RAW) == mail.raw


def test_by_hand_a_machines_letter_wakes_its_own_ticket_and_ours_none() -> None:
    kato = staff("加藤")
    services.receive(letter())
    ticket = Ticket.objects.get()
    sent = reply_to(ticket)
    head = f"From: hanako@example.jp\r\nSubject: x\r\nIn-Reply-To: {sent.message_id}\r\n"
    machine = f"{head}Message-ID: <m@example.jp>\r\nAuto-Submitted: auto-replied\r\n\r\nまだです。"
    receipt = services.take_in(machine.encode(), "test")
    assert services.open_by_hand(receipt, by=kato) == ticket
    ticket.refresh_from_db()
    assert (ticket.state, Ticket.objects.count()) == (TicketState.OPEN, 1)
    ours = services.take_in(
        f"From: shop@example.jp\r\nMessage-ID: {sent.message_id}\r\n\r\nx".encode(), "test"
    )
    with pytest.raises(DomainError, match="当店から送ったメール"):
        services.open_by_hand(ours, by=kato)
    with pytest.raises(DomainError, match="もう問い合わせになっています"):
        services.open_by_hand(MailReceipt.objects.get(outcome="ticket"), by=kato)


def test_files_that_nobody_can_open_safely_are_named_with_the_reason_and_not_kept(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(messages, "MOST_BYTES", 9)
    files = (
        ArrivedFile("大.jpg", "image/jpeg", uuid4().bytes),
        ArrivedFile("謎.bin", "application/x-what", uuid4().bytes[:9]),
        ArrivedFile("偽.pdf", "application/pdf", uuid4().bytes[:9], refused="プログラムです。"),
    )
    services.receive(letter(files=files))
    rows = MessageFile.objects.order_by("pk")
    assert [row.why[:8] for row in rows] == ["大きすぎます（2", "受け取らない形式", "プログラムです。"]
    assert not any(paper_store.is_whole(row.digest, messages.SUFFIX) for row in rows)


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_read_one_mail_at_once_make_one_ticket() -> None:
    mail = letter()
    answers = overlapping(*[lambda: services.receive(mail)] * 2)
    assert answers[0] == answers[1] == MailReceipt.objects.get()
    assert (Ticket.objects.count(), Message.objects.count()) == (1, 1)
