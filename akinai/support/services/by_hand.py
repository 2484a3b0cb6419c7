"""問い合わせにする, by hand: what was refused, ignored or taken for a machine's, and a person sees that it is not."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, paper_store
from akinai.core.errors import DomainError
from akinai.support import ports
from akinai.support.models import MailReceipt, Message, Ticket
from akinai.support.ports import Arrival, ArrivedFile, Kind
from akinai.support.services import messages, opening, receiving
from akinai.support.states import Direction, ReceiptOutcome, Source

if TYPE_CHECKING:
    from akinai.staff.models import Staff

UNREADABLE = "（読めないメール）"
TELL = "このメールは自動では読めませんでした。元のメールを開いて確かめてください。"


@transaction.atomic
def open_by_hand(receipt: MailReceipt, *, by: Staff) -> Ticket:
    """問い合わせにする. The same mail again is the same ticket. What stands in a thread already leads there, and it is our turn.

    Raises DomainError for a mail that is a ticket already, and for one of our own.
    """
    if receipt.outcome == ReceiptOutcome.TICKET:
        raise DomainError(
            "このメールは、もう問い合わせになっています。", way_out="その問い合わせで対応してください。"
        )
    raw = paper_store.read(receipt.digest, receiving.RAW)
    mail = ports.read(raw, receipt.came_from)
    known = _known(mail, receipt.digest)
    if known is not None:
        return _wake(known, receipt, by=by)
    return _opened(mail, receipt, by=by)


def _known(mail: Arrival, digest: str) -> Message | None:
    found = Message.objects.filter(raw_digest=digest, copy_of=None).select_related("ticket").first()
    if found is None and mail.message_id:
        found = (
            Message.objects.filter(message_id=mail.message_id, copy_of=None).select_related("ticket").first()
        )
    return found


def _wake(known: Message, receipt: MailReceipt, *, by: Staff) -> Ticket:
    if known.direction == Direction.OUT:
        raise DomainError(
            f"当店から送ったメールです（{known.ticket.number}）。", way_out="その問い合わせで続けてください。"
        )
    ticket = receiving.alive(known.ticket) or known.ticket
    receiving.go_on(ticket)
    activity.record(
        ticket, "by_hand", by=by, summary=f"「{receipt.get_outcome_display()}」のメールに対応します。"
    )
    return ticket


def _opened(mail: Arrival, receipt: MailReceipt, *, by: Staff) -> Ticket:
    new = opening.NewTicket(
        source=Source.MALL if mail.is_masked else Source.MAIL, key=f"mail:{receipt.digest}",
        subject=mail.subject or receipt.subject or UNREADABLE, text=receiving.own_words(mail), name=mail.sender_name,
        mail=mail.reply_to or mail.sender_address, assignee_id=by.pk,
    )  # fmt: skip
    ticket, is_new = opening.open_ticket(new, by=by)
    if is_new:
        told = mail if mail.text or mail.files else _as_file(mail)
        receiving.add(ticket, replace(told, kind=Kind.PERSON), receipt.digest)
    return ticket


def _as_file(mail: Arrival) -> Arrival:
    """Without words there is the mail itself: the thread says so."""
    return Arrival(
        mail.raw, mail.came_from, text=f"{TELL}\n{mail.refused}".strip(), sender_address=mail.sender_address,
        files=[ArrivedFile("mail.eml", "message/rfc822", mail.raw)] if len(mail.raw) <= messages.MOST_BYTES else [],
    )  # fmt: skip
