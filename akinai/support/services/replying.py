"""返信: a letter of a ticket. It waits some seconds so that it can be taken back, and carries the thread."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Q

from akinai.core import activity, clock, mail, paper_store
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.party import queries as party
from akinai.support import ports, queries
from akinai.support.complaint_states import ComplaintState
from akinai.support.models import Complaint, MailReceipt, MailSource, Message, Signature, Ticket
from akinai.support.ports import ArrivedFile
from akinai.support.rules.leaks import leaks
from akinai.support.rules.numbers import addresses, order_numbers, phone_digits, phones
from akinai.support.services import clocks, messages, moving, recognising, writing
from akinai.support.states import CLOSED_TO_ALL, Direction, TicketState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

KEY = "ticket"
MOST_TEXT = 20_000
MOST_ATTACHED = 18 * 1024 * 1024  # a letter grows by a third on its way, and mail servers take 25 MB
THEN = ("wait", "solve", "stay")  # what becomes of the ticket


class Newer(DomainError):
    """Somebody has written since the clerk began: read it first."""

    code = "ticket_moved_on"


@dataclass(frozen=True, slots=True)
class Reply:
    """返信. `key` names the sending (a form sent twice is one letter); `seen`: the last message the clerk saw."""

    text: str
    key: str
    then: str = "wait"
    subject: str = ""
    to: str = ""
    seen: int = 0
    files: Sequence[ArrivedFile] = ()
    in_spite_of: bool = False  # the clerk has read what is new and sends all the same
    order_id: int | None = None  # whose data fill the braces; the ticket's only order without it
    template_id: int | None = None
    quotes: bool = True  # the customer's words below ours


@transaction.atomic
def reply(ticket: Ticket, new: Reply, *, by: Staff) -> Message:
    """お客様に返信する. Raises DomainError for an empty letter or field, another customer's data, and Newer when the thread moved on."""
    key = f"{KEY}:{ticket.number}:{new.key}"
    held = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    known = Message.objects.filter(
        mail_key=key
    ).first()  # only now: the same sending may have been on its way
    if known is not None:
        return known
    _check(held, new)
    to, subject, text = letter_of(held, new, by=by)
    refuse_leaks(held, f"{subject}\n{text}")
    composed = _composed(held, text, to, quotes=new.quotes)
    thread = composed.headers
    mail.enqueue(
        to=to, subject=subject[:200], body=composed.body, key=key,
        reply_to=reply_to_of(held), headers=thread, attachments=_kept(new.files),
        not_before=clock.now() + timedelta(seconds=clocks.settings().undo_seconds),
    )  # fmt: skip
    message = messages.add(
        held,
        messages.NewMessage(
            direction=Direction.OUT, text=text, recipient=to, subject=subject, message_id=thread["Message-ID"],
            in_reply_to=thread.get("In-Reply-To", ""), references=thread.get("References", ""), mail_key=key,
            files=new.files,
        ),
        by=by,
    )  # fmt: skip
    writing.note_used(new.template_id)
    _note_sent(held, message, new.then, by=by)
    return message


def letter_of(ticket: Ticket, new: Reply, *, by: Staff) -> tuple[str, str, str]:
    """(to, subject, text) as they leave: every field filled from the live order. Raises NotFilled."""
    usual, said = subject_of(ticket), new.subject.strip()
    own = said if said != usual else ""  # braces in the customer's own subject are no fields
    whole = writing.filled_or_refused(ticket, f"{own}\0{new.text.strip()}", order_id=new.order_id, by=by)
    own, _, text = whole.partition("\0")
    return new.to.strip() or ticket.contact_mail, subject_of(ticket, own) if own else usual, text.strip()


def doubts_of(ticket: Ticket, new: Reply, *, by: Staff) -> list[str]:
    """Why this letter would not be sent now, each as a sentence; empty when it would."""
    found = []
    for ask in (lambda: _check(ticket, new), lambda: refuse_leaks(ticket, letter_of(ticket, new, by=by)[2])):
        try:
            ask()
        except DomainError as error:
            found.append(str(error))
    return found


def _check(ticket: Ticket, new: Reply) -> None:
    if ticket.state in CLOSED_TO_ALL:
        raise DomainError(
            "この問い合わせには返信できません。",
            way_out="統合先の問い合わせか、対象外を取り消してから返信してください。",
        )
    if not new.text.strip():
        raise DomainError("本文がありません。", way_out="本文を書いてください。")
    if len(new.text) > MOST_TEXT:
        raise DomainError(
            f"本文が長すぎます（{MOST_TEXT:,} 文字まで）。", way_out="添付にするか、分けて送ってください。"
        )
    if new.then not in THEN:
        raise ValueError(f"unknown: {new.then}")
    if not new.in_spite_of and queries.newest_word(ticket) > new.seen:
        raise Newer(
            "書いている間に、新しいやり取りがありました。",
            way_out="上に出ている新しいやり取りを読んでから、もう一度送信してください。",
        )
    if not mail.is_address(new.to.strip() or ticket.contact_mail):
        raise DomainError(
            "宛先のメールアドレスがありません。",
            way_out="お客様のメールアドレスを入れるか、電話でお答えください。",
        )
    rule = ports.letters().mall_rule(new.to.strip() or ticket.contact_mail)
    if rule is not None and rule.refusal:
        raise DomainError(rule.refusal, way_out=rule.way_out)


def refuse_leaks(ticket: Ticket, text: str) -> None:
    """Raises DomainError when the letter names another customer's order, address or phone."""
    named = dict.fromkeys(order_numbers(text))
    known: dict[str, int | None] = {}
    for order in orders.named(list(named)) if named else []:
        known |= {order.number: order.customer_id, order.channel_order_no: order.customer_id}
    own = party.customer_by_id(ticket.customer_id) if ticket.customer_id else None
    own_mails = {
        one.casefold()
        for one in (ticket.contact_mail, own.email if own else "", party.company().email)
        if one
    }
    own_phones = {
        phone_digits(one)
        for one in (ticket.contact_phone, own.phone if own else "", party.company().phone)
        if one
    }
    found = leaks(
        text, customer_id=ticket.customer_id, orders=known, own_mails=own_mails, own_phones=own_phones,
        others=_others(ticket, text, own_mails, own_phones),
    )  # fmt: skip
    if found:
        raise DomainError(
            "別のお客様の情報が入っているので、送信しませんでした。" + "".join(found),
            way_out="その部分を消すか、お客様と受注を確かめてください。",
        )


def _others(ticket: Ticket, text: str, own_mails: set[str], own_phones: set[str]) -> list[str]:
    """Addresses and phones in the text that are known as another customer's."""
    found = []
    for one in addresses(text):
        owner = party.customer_id_by_mail(one) if one not in own_mails else None
        if owner and owner != ticket.customer_id:
            found.append(one)
    for digits in phones(text):
        owners = [] if digits in own_phones else recognising.with_phone(digits)
        if any(one.pk != ticket.customer_id for one in owners):
            found.append(digits)
    return found


def subject_of(ticket: Ticket, told: str = "") -> str:
    """Re: 件名 [TK-…], without piling up; a subject that was written for the letter stays, and gets the number."""
    if told and f"[{ticket.number}]" in told:
        return told
    if told:
        return f"{told[:170]} [{ticket.number}]"
    return ports.letters().subject(ticket.subject, ticket=ticket.number)


def reply_to_of(ticket: Ticket) -> str:
    """Where answers to our letter go: as the mailbox says that the customer wrote to, else that of his shop, else the company's."""
    came = (
        MailReceipt.objects.filter(ticket=ticket).order_by("-pk").values_list("came_from", flat=True).first()
    )
    boxes = MailSource.objects.exclude(reply_to="").filter(
        Q(name=came or "") | Q(channel_id=ticket.channel_id, channel__isnull=False)
    )
    named = {one.name: one.reply_to for one in boxes.order_by("pk")}
    return named.get(came or "") or next(iter(named.values()), "") or party.company().email


def signature_of(ticket: Ticket) -> str:
    """署名 of the ticket's shop, else the common one, else the company's."""
    rows = Signature.objects.filter(Q(channel_id=ticket.channel_id) | Q(channel=None))
    kept = rows.order_by(F("channel_id").asc(nulls_last=True)).values_list("text", flat=True).first()
    return kept or party.signature(party.issuer_of(party.company()))


def answered_of(ticket: Ticket) -> ports.Answered:
    """What the customer wrote last, which the answer quotes; of a ticket that began by telephone the subject alone."""
    last = ticket.messages.filter(direction=Direction.IN).order_by("-pk").first()
    if last is None:
        return ports.Answered(ticket.subject)
    name, address = parseaddr(last.sender)
    known = last.references.split() or ([last.in_reply_to] if last.in_reply_to else [])
    return ports.Answered(
        last.subject or ticket.subject, last.message_id, known, name, address, last.at, last.text
    )


def _composed(ticket: Ticket, text: str, to: str, *, quotes: bool) -> ports.Composed:
    """The letter. Whoever did not write to us does not get the customer's words below it."""
    answered = answered_of(ticket)
    wrote = {one.casefold() for one in (ticket.contact_mail, answered.sender_address) if one}
    return ports.letters().compose(
        text, answered=answered, ticket=ticket.number, signature=signature_of(ticket),
        quotes=quotes and to.casefold() in wrote,
    )  # fmt: skip


def _kept(files: Sequence[ArrivedFile]) -> list[tuple[str, Path]]:
    if sum(len(file.data) for file in files) > MOST_ATTACHED:
        raise DomainError(
            f"添付が大きすぎます（合わせて {MOST_ATTACHED // 1024 // 1024}MB まで）。",
            way_out="大きなファイルは分けて送るか、小さくしてください。",
        )
    for file in files:
        if why := messages.why_refused(file):
            raise DomainError(f"「{file.name}」は送れません。{why}", way_out="別の形式にしてください。")
    return [
        (file.name, paper_store.path_of(paper_store.keep(file.data, messages.SUFFIX), messages.SUFFIX))
        for file in files
    ]


def _note_sent(ticket: Ticket, message: Message, then: str, *, by: Staff) -> None:
    fields = {"last_out_at": message.at}
    Ticket.objects.filter(pk=ticket.pk).update(**fields)
    Ticket.objects.filter(pk=ticket.pk, first_replied_at=None).update(first_replied_at=message.at)
    activity.record(ticket, "reply", by=by, summary=f"{message.recipient} に返信")
    if ticket.state in (TicketState.SOLVED, TicketState.CLOSED):
        moving.reopen(ticket, by=by, note="返信")
    if ticket.assignee_id is None:
        moving.assign(ticket, by, by=by)
    if then == "wait":
        if Ticket.objects.filter(pk=ticket.pk).exclude(state=TicketState.WAITING).exists():
            moving.wait(ticket, by=by)  # a second letter while the customer is to answer changes nothing
    elif then == "solve":
        moving.solve(ticket, by=by)
    else:
        fresh = Ticket.objects.get(pk=ticket.pk)
        if fresh.state == TicketState.NEW:
            moving.begin(fresh, by=by)


@transaction.atomic
def take_back(message: Message, *, by: Staff) -> None:
    """送信の取消, while the letter still waits. The promise of a first answer counts as before. Raises DomainError when it left."""
    ticket = Ticket.objects.select_for_update(no_key=True).get(pk=message.ticket_id)
    if not message.mail_key or not mail.cancel(message.mail_key, reason=f"{by} が送信を取り消しました"):
        raise DomainError("もう送信されたので、取り消せません。", way_out="訂正のメールを送ってください。")
    _not_apologised(message)
    left = _left_at(ticket, but=message)
    Ticket.objects.filter(pk=ticket.pk).update(
        first_replied_at=left[0] if left else None, last_out_at=left[-1] if left else None
    )
    activity.record(ticket, "take_back", by=by, summary="送信を取り消しました")
    if ticket.state == TicketState.WAITING:
        moving.wake(ticket, by=by, note="送信の取消")
    elif ticket.state == TicketState.SOLVED:
        moving.reopen(ticket, by=by, note="送信の取消")


def _not_apologised(message: Message) -> None:
    """The letter was the apology of a complaint: then nobody has apologised yet. Raises DomainError once that is settled."""
    by_it = Complaint.objects.filter(
        ticket_id=message.ticket_id, apology_how="mail", apologised_at=message.at
    )
    for complaint in by_it:
        if complaint.state == ComplaintState.SETTLED:
            raise DomainError(
                f"決着した {complaint.number} のお詫びなので、取り消せません。", way_out="クレームを再開してから取り消してください。"
            )  # fmt: skip
    by_it.update(apologised_at=None, apology_how="")


def _left_at(ticket: Ticket, *, but: Message) -> list[datetime]:
    """When our letters left or will leave, without this one and those taken back before. Two queries."""
    sent = list(ticket.messages.filter(direction=Direction.OUT).exclude(pk=but.pk).order_by("pk"))
    gone = mail.cancelled([one.mail_key for one in sent if one.mail_key])
    return [one.at for one in sent if one.mail_key not in gone]
