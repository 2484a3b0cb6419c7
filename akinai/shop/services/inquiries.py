"""お問い合わせの操作: take one in once, and tick it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.core import clock, events, mail, numbering, transitions
from akinai.core.kana import search_key
from akinai.shop import mails
from akinai.shop.models import Inquiry
from akinai.shop.services import finding, inquiry_files
from akinai.support import queries as tickets
from akinai.support import services as support
from akinai.support.states import Source

if TYPE_CHECKING:
    from collections.abc import Sequence

    from akinai.staff.models import Staff
    from akinai.support.models import Ticket
    from akinai.support.ports import ArrivedFile


@transaction.atomic
def receive(*, kind: str, name: str, email: str, text: str, key: str, order_number: str = "") -> Inquiry:
    """お問い合わせを受ける: once per `key`, with a mail of thanks and the fact `shop.inquiry_received`."""
    number = order_number.strip().upper()[:80]
    try:
        with transaction.atomic():
            made = Inquiry.objects.create(
                number=numbering.take("inquiry")[0], kind=kind, name=name.strip(), email=email.strip(), text=text.strip(),
                order_number=number, order=finding.find(number, email), key=key,
                search_text=" ".join(search_key(word) for word in (name, email, number, text) if word),
            )  # fmt: skip
    except IntegrityError:  # taken in already, by this very sending
        inquiry_files.forget(key)  # of a second press: the first one's are there already
        return Inquiry.objects.get(key=key)
    ticket = _ticket(made, inquiry_files.hand_over(key))
    first = ticket.messages.order_by("pk").first()
    if mail.is_address(made.email):
        mails.acknowledge(made, number=ticket.number, message_id=first.message_id if first else "")
    events.emit("shop.inquiry_received", inquiry_id=made.pk)
    return made


def ticket_number(inquiry: Inquiry) -> str:
    """受付番号, as the customer is told it: that of the ticket in which he is answered."""
    return tickets.numbered_by(key_of(inquiry)) or inquiry.number


def by_key(key: str) -> Inquiry | None:
    """What was sent by this form already."""
    return Inquiry.objects.filter(key=key).first()


def _ticket(inquiry: Inquiry, files: Sequence[ArrivedFile]) -> Ticket:
    """The ticket of サポート in which the inquiry is answered."""
    order = inquiry.order
    ticket, is_new = support.open_ticket(
        support.NewTicket(
            Source.FORM, key_of(inquiry), f"{inquiry.get_kind_display()}（{inquiry.name} 様）", text=inquiry.text, name=inquiry.name,
            mail=inquiry.email, category=inquiry.kind, customer_id=order.customer_id if order else None,
            order_ids=[order.pk] if order else (), channel_id=order.channel_id if order else None,
        ),
        by=None,
    )  # fmt: skip
    if is_new:
        support.hear(ticket, inquiry.text, sender=f"{inquiry.name} <{inquiry.email}>", files=files)
    return ticket


def key_of(inquiry: Inquiry) -> str:
    """By which the ticket knows its inquiry."""
    return f"inquiry:{inquiry.number}"


def follow(ticket_key: str, *, is_solved: bool) -> None:
    """The ticket was solved, or opened again: so is the inquiry."""
    word, _, number = ticket_key.partition(":")
    found = Inquiry.objects.filter(number=number).first() if word == "inquiry" else None
    if found is None or (found.state == Inquiry.State.DONE) == is_solved:
        return
    (finish if is_solved else open_again)(found, by=None)


def finish(inquiry: Inquiry, *, by: Staff | None) -> None:
    """対応済みにする."""
    transitions.apply(
        inquiry, "finish", by=by, note="対応済み", set_fields={"done_at": clock.now(), "done_by": by}
    )


def open_again(inquiry: Inquiry, *, by: Staff | None) -> None:
    """未対応に戻す."""
    transitions.apply(
        inquiry, "open_again", by=by, note="未対応に戻しました", set_fields={"done_at": None, "done_by": None}
    )
