"""届いたメールを受ける: every mail once, ever; into its thread, a new ticket, or a pile with the reason."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.core import bounces, clock, paper_store
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.support.models import MailReceipt, Message, Ticket
from akinai.support.ports import Arrival, Kind, Returned
from akinai.support.services import messages, moving, opening, undelivered
from akinai.support.states import Direction, ReceiptOutcome, Source, TicketState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

RAW = ".eml"
USED_TWICE = "Message-ID が前のメールと同じですが、中身が違うため、別のメールとして受け取りました。"
MOST_AN_HOUR = 20  # of one sender; beyond it a machine answers a machine
OLD_THREAD = timedelta(days=60)  # an answer to what was closed so long ago is a new matter


def receive(mail: Arrival, *, by: Staff | None = None) -> MailReceipt:
    """メールを受ける. The same bytes again give the same receipt, whoever brings them and however often."""
    digest = hashlib.sha256(mail.raw).hexdigest()
    found = MailReceipt.objects.filter(digest=digest).first()
    if found is not None:
        return found
    paper_store.keep(mail.raw, RAW)  # before the database names it: nothing that came is lost
    try:
        with transaction.atomic():
            return _receive(mail, digest, by=by)
    except IntegrityError:  # another process was quicker
        found = MailReceipt.objects.filter(digest=digest).first()
        if found is not None:
            return found
        with transaction.atomic():
            return _receive(mail, digest, by=by)


def _receive(mail: Arrival, digest: str, *, by: Staff | None) -> MailReceipt:
    if mail.refused:
        return _receipt(mail, digest, ReceiptOutcome.REFUSED, why=mail.refused)
    if mail.kind == Kind.BOUNCE:
        return _bounce(mail, digest, by=by)
    known = (
        Message.objects.filter(message_id=mail.message_id, copy_of=None).first() if mail.message_id else None
    )
    if known is not None and _is_another_letter(known, mail):
        mail = replace(mail, message_id="", doubts=[*mail.doubts, USED_TWICE])
    elif known is not None:
        own = known.direction == Direction.OUT
        why = "当店から送ったメールです。" if own else "同じメールを受信済みです。"
        return _receipt(mail, digest, ReceiptOutcome.IGNORED, why=why)
    ticket = thread_of(mail)
    machine = _machine(mail)
    if machine:
        if ticket is not None:
            add(ticket, mail, digest)
        return _receipt(mail, digest, ReceiptOutcome.AUTO, why=machine)
    if ticket is None:
        ticket = _open(mail, digest, by=by)
        add(ticket, mail, digest)
    else:
        add(ticket, mail, digest)
        go_on(ticket)
    return _receipt(mail, digest, ReceiptOutcome.TICKET, ticket=ticket)


def _is_another_letter(known: Message, mail: Arrival) -> bool:
    """Some web forms give every letter the same Message-ID. A copy from another mailbox or list says the same words."""
    if known.direction != Direction.IN or known.erased_at is not None:
        return False
    before, now = ("".join(text.split()) for text in (known.text, mail.text))
    shorter, longer = sorted((before, now), key=len)
    is_same = shorter in longer and bool(shorter) == bool(longer)
    return not is_same or "".join(known.subject.split()) != "".join(mail.subject[:300].split())


def set_aside(raw: bytes, came_from: str, *, why: str) -> MailReceipt:
    """A mail that could not be taken in: its bytes and the reason, for a person."""
    digest = paper_store.keep(raw, RAW)
    found = MailReceipt.objects.filter(digest=digest).first()
    return found or _receipt(Arrival(raw, came_from), digest, ReceiptOutcome.REFUSED, why=why)


def _receipt(
    mail: Arrival, digest: str, outcome: ReceiptOutcome, *, why: str = "", ticket: Ticket | None = None
) -> MailReceipt:
    return MailReceipt.objects.create(
        digest=digest, size=len(mail.raw), came_from=mail.came_from[:100], outcome=outcome, why=why[:300],
        sender=mail.sender_address[:300], subject=mail.subject[:300], message_id=mail.message_id[:998], ticket=ticket,
    )  # fmt: skip


def _machine(mail: Arrival) -> str:
    """Why no person waits for an answer, "" when one does."""
    if mail.kind == Kind.AUTO_REPLY:
        return "自動応答です。"
    if mail.kind == Kind.LIST:
        return "メーリングリスト・広告のメールです。"
    if mail.kind == Kind.LOOP:
        return "自動応答どうしの往復です。"
    since = clock.now() - timedelta(hours=1)
    many = (
        MailReceipt.objects.filter(sender=mail.sender_address[:300], at__gte=since).count()
        if mail.sender_address
        else 0
    )
    return f"同じ差出人から 1 時間に {MOST_AN_HOUR} 通を超えました。" if many >= MOST_AN_HOUR else ""


def thread_of(mail: Arrival) -> Ticket | None:
    """The ticket that the mail answers: by Message-ID, which nobody can guess, else by our number from the same sender."""
    asked = [one for one in (mail.in_reply_to, *reversed(mail.references)) if one]
    said = (
        Message.objects.filter(message_id__in=asked).select_related("ticket")
        if asked
        else Message.objects.none()
    )
    by_id = {one.message_id: one.ticket for one in said.order_by("pk")}
    for one in asked:
        if one in by_id:
            return alive(by_id[one])
    for ticket in Ticket.objects.filter(number__in=list(mail.ticket_numbers)[:5]):
        if ticket.contact_mail and ticket.contact_mail.casefold() == mail.sender_address.casefold():
            return alive(ticket)
    return None


def alive(ticket: Ticket) -> Ticket | None:
    """Where a merged ticket went on; None for what is over for long."""
    for _ in range(20):
        if ticket.merged_into is None:
            break
        ticket = ticket.merged_into
    is_old = ticket.closed_at is not None and ticket.closed_at < clock.now() - OLD_THREAD
    return None if is_old else ticket


def _open(mail: Arrival, digest: str, *, by: Staff | None) -> Ticket:
    new = opening.NewTicket(
        source=Source.MALL if mail.is_masked else Source.MAIL, key=f"mail:{digest}", subject=mail.subject,
        text=own_words(mail), name=mail.sender_name, mail=mail.reply_to or mail.sender_address,
        channel_id=mail.channel_id,
    )  # fmt: skip
    return opening.open_ticket(new, by=by)[0]


def own_words(mail: Arrival) -> str:
    """The text without what it quotes: numbers of other people's letters below say nothing of the sender."""
    return mail.text if mail.quoted_from is None else mail.text[: mail.quoted_from]


def add(ticket: Ticket, mail: Arrival, digest: str) -> Message:
    data: dict[str, Any] = {"machine": True} if mail.kind != Kind.PERSON else {}
    message = messages.add(
        ticket,
        messages.NewMessage(
            direction=Direction.IN, text=mail.text, sender=f"{mail.sender_name} <{mail.sender_address}>".strip(),
            recipient=", ".join(mail.recipients), subject=mail.subject, quoted_from=mail.quoted_from, html=mail.html,
            raw_digest=digest, message_id=mail.message_id, in_reply_to=mail.in_reply_to,
            references=" ".join(mail.references), doubts=mail.doubts, files=mail.files, data=data,
        ),
        by=None,
    )  # fmt: skip
    Ticket.objects.filter(pk=ticket.pk).update(last_in_at=message.at)
    return message


def go_on(ticket: Ticket) -> None:
    """お客様から返事が来た: whatever we waited for, it is our turn."""
    if ticket.state in (TicketState.WAITING, TicketState.SNOOZED):
        moving.wake(ticket, by=None, note="お客様から返信")
    elif ticket.state in (TicketState.SOLVED, TicketState.CLOSED, TicketState.SPAM):
        moving.reopen(ticket, by=None, note="お客様から返信")


def _bounce(mail: Arrival, digest: str, *, by: Staff | None) -> MailReceipt:
    """不達: the outbox learns of it, and the ticket whose letter came back goes on."""
    told = []
    for one in mail.bounced:
        gone = _our_letter(one)
        if gone is None:
            continue
        reason = f"{one.why}（{one.code}）" if one.code else one.why
        try:
            bounces.note_bounced(gone, reason=reason, by=by)
        except DomainError:
            continue
        told.append(one.address or gone.to)  # some notices name the letter alone
        undelivered.on_mail_given_up(key=gone.key)
    return _receipt(mail, digest, ReceiptOutcome.BOUNCE, why=_why_returned(mail, told))


def _why_returned(mail: Arrival, told: Sequence[str]) -> str:
    """What the notice says, for the list of mails."""
    if told:
        return f"{'、'.join(told)} に届きませんでした。"
    if named := [one.address for one in mail.bounced if one.address]:
        return f"{'、'.join(named)} に届かなかった知らせです。当店のどのメールかは分かりません。"
    if late := mail.facts.get("late"):
        return f"{late} への配信が遅れています。送信は続けられています。"
    return "当店のどのメールの不達か分かりません。"


def _our_letter(one: Returned) -> OutgoingMail | None:
    """The very letter that came back: by its Message-ID, which only its receivers know, else by its number and the address."""
    said = Message.objects.filter(message_id=one.message_id, copy_of=None).first() if one.message_id else None
    if said is not None and said.mail_key:
        # Also where the customer's mail is passed on to an address that we do not know.
        return OutgoingMail.objects.filter(key=said.mail_key).first()
    return bounces.mail_of(bounces.Bounce(one.address, one.why, one.mail_no))
