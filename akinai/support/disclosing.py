"""開示: what a person asked, what he was answered, and the files he sent. Internal notes are the shop's own."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.core import paper_store
from akinai.core.errors import PaperLost
from akinai.party.ports import Section, told
from akinai.support.erasing import TicketsErased
from akinai.support.models import CallBack, Message, MessageFile, Ticket
from akinai.support.services.messages import SUFFIX
from akinai.support.states import Direction, FileState

SAID = (Direction.IN, Direction.OUT)


class TicketsTold(TicketsErased):
    """問い合わせ."""

    code = "support"

    def disclose(self, customer_ids: Sequence[int]) -> Sequence[Section]:
        tickets = Ticket.objects.filter(customer__in=customer_ids).order_by("pk")
        said = Message.objects.filter(ticket__customer__in=customer_ids, direction__in=SAID).select_related(
            "ticket"
        )
        said = said.order_by("ticket", "at", "pk")
        words = [
            {"番号": one.ticket.number, **row}
            for one, row in zip(
                said, told(said, "at", "direction", "sender", "recipient", "subject", "text"), strict=True
            )
        ]
        calls = CallBack.objects.filter(ticket__customer__in=customer_ids).order_by("pk")
        fields = (
            "number",
            "source",
            "state",
            "subject",
            "contact_name",
            "contact_mail",
            "contact_phone",
            "opened_at",
            "solved_at",
        )
        return [
            Section("お問い合わせ", told(tickets, *fields)),
            Section("お問い合わせのやり取り", words, _files(customer_ids)),
            Section("折り返しのお約束", told(calls, "phone", "due_at", "note", "done_at", "outcome")),
        ]


def _files(customer_ids: Sequence[int]) -> list[tuple[str, bytes]]:
    """Kept files of what the person sent and got; one that is lost is left out (`akinai verify` tells of it)."""
    found = []
    rows = MessageFile.objects.filter(message__ticket__customer__in=customer_ids, message__direction__in=SAID)
    for one in (
        rows.filter(state=FileState.KEPT, erased_at=None).select_related("message__ticket").order_by("pk")
    ):
        try:
            found.append((f"{one.message.ticket.number}_{one.name}", paper_store.read(one.digest, SUFFIX)))
        except PaperLost:
            continue
    return found
