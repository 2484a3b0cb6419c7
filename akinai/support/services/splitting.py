"""分ける: a message that speaks of another matter becomes a ticket of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.support.models import Message, Ticket, TicketOrder
from akinai.support.services import deeds, moving, opening
from akinai.support.states import Direction, Source, TicketState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def split(message: Message, *, subject: str = "", by: Staff) -> Ticket:
    """分ける. The letter stays where it came and is copied to the new ticket, where answers to it go on. The same again is the same ticket.

    Raises DomainError for what no customer said.
    """
    ticket = Ticket.objects.select_for_update(no_key=True).get(pk=message.ticket_id)
    if message.direction not in (Direction.IN, Direction.CALL):
        raise DomainError(
            "お客様のことばだけを分けられます。", way_out="分けたい受信メールか電話メモを選んでください。"
        )
    if ticket.state == TicketState.MERGED:
        raise DomainError("統合済みの問い合わせです。", way_out="統合先の問い合わせで分けてください。")
    made, is_new = opening.open_ticket(_new(ticket, message, subject), by=by)
    if not is_new:
        return made
    moving.copy_message(message, made)
    Ticket.objects.filter(pk=made.pk).update(last_in_at=message.at)
    deeds.add(ticket, f"{made.number} に分けました：{made.subject}", by=by)
    deeds.add(made, f"{ticket.number} から分けました", by=by)
    activity.record(ticket, "split", by=by, summary=made.number)
    return made


def _new(ticket: Ticket, message: Message, subject: str) -> opening.NewTicket:
    first = next((line.strip() for line in message.text.splitlines() if line.strip()), "")
    orders = TicketOrder.objects.filter(ticket=ticket).values_list("order_id", flat=True)
    return opening.NewTicket(
        source=Source(ticket.source), key=f"split:{message.copy_of_id or message.pk}:{ticket.pk}",
        subject=subject.strip() or message.subject or first[:60], text=message.text, name=ticket.contact_name,
        mail=ticket.contact_mail, phone=ticket.contact_phone, channel_id=ticket.channel_id,
        customer_id=ticket.customer_id, order_ids=list(orders), at=message.at,
    )  # fmt: skip
