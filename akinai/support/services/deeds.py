"""操作の記録: what was done in other rooms for a ticket's orders, told in its thread, each once.

Money, goods and papers move by their own rooms' services; this reads their histories afterwards. So an act is told
whoever did it and wherever the button was pressed, and a page that is opened twice tells it once.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from akinai.billing import queries as billing
from akinai.core.models import Activity
from akinai.payments import queries as payments
from akinai.shipping import queries as shipping
from akinai.shipping import return_queries
from akinai.support.models import Message, Ticket
from akinai.support.services import messages
from akinai.support.states import ALIVE, Direction, TicketState
from akinai.ui import words

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.staff.models import Staff

TOLD_IN = (*ALIVE, TicketState.SOLVED)
# What a customer would ask about: the rest of a paper's history is its own room's.
VERBS: Mapping[str, frozenset[str]] = {
    "orders.order": frozenset(
        {"cancel", "edit_delivery", "change_order", "correct_line", "correct_amounts", "set_payment", "extend_due", "receipt", "drop_rest",
         "note_refunded", "place_hold", "hold", "release", "settle", "add_address", "change_address", "remove_address"}
    ),
    "shipping.shipment": frozenset({"ship", "deliver", "unship", "withdraw", "notify", "notify_by_hand"}),
    "shipping.returncase": frozenset(
        {"request_return", "arrive", "unarrive", "waive", "inspect", "reinspect", "settle", "unsettle", "refuse", "cancel", "reopen"}
    ),
    "billing.invoice": frozenset({"issue", "queue_mail", "replace", "credit"}),
}  # fmt: skip
ROOMS = {
    "orders.order": "orders",
    "shipping.shipment": "shipping",
    "shipping.returncase": "shipping",
    "billing.invoice": "billing",
}


@dataclass(frozen=True, slots=True)
class Deed:
    """操作 1 件, as the thread tells it."""

    key: str
    at: datetime
    text: str
    by: Staff | None = None
    url_of: str = ""  # "orders.order:SO-2026-000001"


@transaction.atomic
def tell(ticket: Ticket) -> int:
    """Write what the thread does not tell yet. Out: how many. Two who open the page at once write it once."""
    if ticket.state not in TOLD_IN:
        return 0
    orders = [link.order for link in ticket.order_links.select_related("order")]
    found = list(_deeds(ticket, orders)) if orders else []
    known = set(
        Message.objects.filter(ticket=ticket, act_key__in=[deed.key for deed in found]).values_list("act_key", flat=True)
    ) if found else set()  # fmt: skip
    new = [deed for deed in found if deed.key not in known]
    if not new:
        return 0
    held = Ticket.objects.select_for_update(no_key=True).get(pk=ticket.pk)
    said = set(held.messages.filter(act_key__in=[deed.key for deed in new]).values_list("act_key", flat=True))
    fresh = [deed for deed in new if deed.key not in said]
    for deed in sorted(fresh, key=lambda one: one.at):
        messages.add(
            held,
            messages.NewMessage(
                Direction.ACT, deed.text, at=deed.at, act_key=deed.key, data={"of": deed.url_of}
            ),
            by=deed.by,
        )
    return len(fresh)


def tell_all() -> int:
    """操作を写す for every ticket that is alive. Out: how many rows."""
    alive = Ticket.objects.filter(state__in=ALIVE, order_links__isnull=False).distinct()
    return sum(tell(ticket) for ticket in alive.order_by("pk").iterator(chunk_size=200))


def add(ticket: Ticket, text: str, *, by: Staff | None) -> Message:
    """An act of this room itself, told in the thread (クーポンを贈った, 分けた)."""
    return messages.add(ticket, messages.NewMessage(Direction.ACT, text), by=by)


def _deeds(ticket: Ticket, orders: Sequence[Order]) -> Iterator[Deed]:
    """Five questions and what the shipments have with them, however many orders there are."""
    yield from _of_histories(ticket, orders)
    numbers = {order.pk: order.number for order in orders}
    for one in payments.payments_of_orders(numbers).select_related("by"):
        if one.at >= ticket.opened_at and one.amount_yen < 0 and one.reverses_id is None:
            yield Deed(
                f"payment:{one.number}",
                one.at,
                f"返金 {-one.amount_yen:,}円（{one.number}）{one.note}".strip(),
                one.by,
                f"orders.order:{numbers[one.order_id or 0]}",
            )


def _of_histories(ticket: Ticket, orders: Sequence[Order]) -> Iterator[Deed]:
    rows = Activity.objects.filter(_subjects(orders), at__gte=ticket.opened_at).select_related("actor")
    for row in rows.order_by("pk"):
        if row.verb not in VERBS[row.subject_type]:
            continue
        word = words.verb(row.verb, ROOMS[row.subject_type])
        text = f"{row.subject_number} {word}{f'：{row.summary}' if row.summary else ''}"
        yield Deed(
            f"activity:{row.pk}", row.at, text.strip(), row.actor, f"{row.subject_type}:{row.subject_number}"
        )


def _subjects(orders: Sequence[Order]) -> Q:
    """The papers of these orders, as the history names them."""
    ids = [order.pk for order in orders]
    papers: dict[str, list[int]] = {
        "orders.order": ids, "shipping.shipment": [one.pk for one in shipping.shipments_of_orders(ids)],
        "shipping.returncase": return_queries.case_ids_of(ids), "billing.invoice": billing.invoice_ids_of(ids),
    }  # fmt: skip
    asked = Q(pk__in=[])
    for name, ids in papers.items():
        if ids:
            asked |= Q(subject_type=name, subject_id__in=ids)
    return asked
