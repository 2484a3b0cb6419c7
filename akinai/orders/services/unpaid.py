"""入金のないキャンセル: an order that nobody paid is cancelled by the clock, unless its money came a moment before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef

from akinai.orders.models import Hold, Order
from akinai.orders.rules import MANUAL
from akinai.orders.services.cancel import cancel
from akinai.orders.states import UNPAID, OrderState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def cancel_unpaid(order_id: int, *, reason: str, by: Staff | None, even_held: bool = False) -> bool:
    """期限切れのキャンセル. False, and nothing changed, when any money has come or the order is not waiting for it (any more).

    `even_held`: also one that a 要確認 rule stopped before it was paid (a note, a present); never one that a person holds.
    The locking statement decides: it waits for a payment that is being written and then finds the row or does not.
    """
    states = UNPAID if even_held else (OrderState.AWAITING_PAYMENT,)
    by_hand = Hold.objects.filter(order=OuterRef("pk"), rule=MANUAL, released_at=None)
    unpaid = Order.objects.select_for_update(no_key=True).filter(
        ~Exists(by_hand), pk=order_id, state__in=states, paid_yen=0, payment_settled=False
    )
    order = unpaid.only("pk", "in_parts").first()
    if order is None or (order.in_parts and order.lines.filter(instructed__gt=0).exists()):
        return False
    cancel(order_id, reason=reason, by=by)
    return True
