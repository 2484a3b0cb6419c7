"""入金のないキャンセル: an order that nobody paid is cancelled by the clock, unless its money came a moment before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.orders.models import Order
from akinai.orders.services.cancel import cancel
from akinai.orders.states import OrderState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def cancel_unpaid(order_id: int, *, reason: str, by: Staff | None) -> bool:
    """期限切れのキャンセル. False, and nothing changed, when any money has come or the order is not waiting for it (any more).

    The locking statement decides: it waits for a payment that is being written and then finds the row or does not.
    """
    unpaid = Order.objects.select_for_update(no_key=True).filter(
        pk=order_id, state=OrderState.AWAITING_PAYMENT, paid_yen=0, payment_settled=False
    )
    order = unpaid.only("pk", "in_parts").first()
    if order is None or (order.in_parts and order.lines.filter(instructed__gt=0).exists()):
        return False
    cancel(order_id, reason=reason, by=by)
    return True
