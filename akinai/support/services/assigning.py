"""担当を決める: among those who may take the kind, the one with the fewest live tickets."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core.errors import DomainError
from akinai.support.models import Duty, Ticket
from akinai.support.rules.sharing import Hand, pick
from akinai.support.services import clocks, moving
from akinai.support.states import ALIVE

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def hands() -> list[Hand]:
    """Who takes tickets now, with his load. Two questions."""
    duties = list(Duty.objects.filter(is_here=True, staff__is_active=True).select_related("staff"))
    load = Counter(
        Ticket.objects.filter(state__in=ALIVE, assignee__in=[one.staff_id for one in duties]).values_list(
            "assignee_id", flat=True
        )
    )
    return [
        Hand(one.staff_id, frozenset(one.categories), one.most_tickets, load[one.staff_id], str(one.staff))
        for one in duties
    ]


@transaction.atomic
def share(ticket: Ticket, *, by: Staff | None) -> Staff:
    """担当を自動で決める. Tickets are shared one after the other, so that of two that come at once each counts the other.

    Raises DomainError when nobody may take it.
    """
    list(Duty.objects.select_for_update(no_key=True).order_by("pk").values_list("pk", flat=True))
    found = pick(ticket.category, hands())
    if found is None:
        raise DomainError(
            f"{ticket.number} を受け持てる人がいません。",
            way_out="「応対の設定」の「担当」で、受け持つ種類と件数の上限を確かめてください。",
        )
    chosen = Duty.objects.select_related("staff").get(staff_id=found.staff_id).staff
    moving.assign(ticket, chosen, by=by)
    return chosen


def share_new(ticket: Ticket) -> None:
    """A ticket that has just come, where the shop wants it so; one that nobody may take waits in 担当なし."""
    if ticket.assignee_id is not None or not clocks.settings().assigns_by_itself:
        return
    try:
        share(ticket, by=None)
    except DomainError:
        return
