"""進み具合: what shipping and billing tell an order, and when it is complete."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Case, F, Q, Value, When

from akinai.core import transitions
from akinai.orders.models import Order, OrderLine
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import lock
from akinai.orders.states import SETTLED_BY_CHANNEL, WAITING, OrderState, Progress

if TYPE_CHECKING:
    from akinai.staff.models import Staff

_GONE = (OrderState.SHIPPED, OrderState.COMPLETED)


def note_instructed(order_ids: Sequence[int], *, by: Staff | None) -> list[int]:
    """出荷指示: READY orders begin to be picked. Out: those that moved; the caller compares."""
    orders = list(Order.objects.filter(pk__in=list(order_ids)).only("pk", "number", "state"))
    return transitions.apply_many(
        orders, "instruct", by=by, set_fields={"shipment_progress": Progress.PARTIAL}
    )


def note_withdrawn(order_id: int, *, by: Staff | None) -> None:
    """出荷指示の取消: back to where the facts put it. An order of which the rest waits stays where it is."""
    order = lock(order_id)
    begun = OrderLine.objects.filter(order=order, instructed__gt=0).exists()
    progress = Progress.PARTIAL if begun else Progress.NONE
    if order.in_parts and order.state in WAITING:
        Order.objects.filter(pk=order_id).update(shipment_progress=progress)
    else:
        transitions.apply(order, "withdraw", by=by, set_fields={"shipment_progress": progress})
    advance([order_id], by=by)


def note_shipped(order_ids: Sequence[int], *, at: datetime, by: Staff | None) -> list[int]:
    """出荷済. Out: those that moved."""
    orders = list(Order.objects.filter(pk__in=list(order_ids)).only("pk", "number", "state"))
    fields = {"shipment_progress": Progress.DONE, "shipped_at": at}
    return transitions.apply_many(orders, "ship", by=by, set_fields=fields)


AS_BEFORE_LEAVING: Mapping[str, Any] = {
    "shipment_progress": Progress.NONE,
    "shipped_at": None,
    "notified_at": None,
    "invoice_progress": Case(
        When(invoice_progress=Progress.NOT_NEEDED, then=Value(Progress.NOT_NEEDED)),
        default=Value(Progress.NONE),
    ),
}


def note_unshipped(order_ids: Sequence[int], *, by: Staff | None) -> list[int]:
    """出荷取消: as if it had never left; told and invoiced anew when it really leaves. Out: those that moved.

    The caller brings the goods back and then lets the orders `advance`.
    """
    orders = list(Order.objects.filter(pk__in=list(order_ids)).only("pk", "number", "state"))
    return transitions.apply_many(orders, "unship", by=by, set_fields=AS_BEFORE_LEAVING)


def note_notified(order_id: int, *, at: datetime) -> None:
    """出荷通知: the customer knows of everything that left."""
    Order.objects.filter(pk=order_id, notified_at=None, state__in=_GONE).update(notified_at=at)
    complete([order_id], by=None)


def note_delivered(order_id: int, *, on: date) -> None:
    """配達完了."""
    Order.objects.filter(pk=order_id).update(delivered_on=on)


def note_invoiced(order_ids: Sequence[int], *, by: Staff | None) -> int:
    """請求書を発行した. Out: how many; orders whose shipment was taken back meanwhile are not among them."""
    left = Order.objects.filter(pk__in=list(order_ids), state__in=_GONE)
    return left.update(invoice_progress=Progress.DONE)


def note_invoice_not_needed(order_ids: Sequence[int], *, by: Staff | None) -> None:
    """請求書は不要 (the mall issues it, or the amounts are not known to us)."""
    Order.objects.filter(pk__in=list(order_ids)).update(invoice_progress=Progress.NOT_NEEDED)
    complete(order_ids, by=by)


def note_invoice_sent(order_ids: Sequence[int], *, by: Staff | None) -> None:
    """請求書を送った."""
    Order.objects.filter(pk__in=list(order_ids)).update(invoice_progress=Progress.SENT)
    complete(order_ids, by=by)


def progress_of_money(order_ids: Sequence[int]) -> None:
    """入金の進み from the amounts. A cancelled order keeps its 要確認 until the money has gone back."""
    Order.objects.filter(pk__in=list(order_ids)).exclude(state=OrderState.CANCELLED).update(
        payment_progress=Case(
            When(total_yen=0, amounts_known=True, then=Value(Progress.NOT_NEEDED)),
            When(amounts_known=True, paid_yen__gte=F("total_yen"), then=Value(Progress.DONE)),
            When(paid_yen__gt=0, then=Value(Progress.PARTIAL)),
            When(payment_settled=True, then=Value(Progress.DONE)),
            default=Value(Progress.NONE),
        )
    )


def complete(order_ids: Sequence[int], *, by: Staff | None) -> None:
    """完了: shipped, told, paid (or paid through the channel) and the paper sent."""
    is_paid = Q(payment_progress__in=[Progress.DONE, Progress.NOT_NEEDED]) | Q(
        payment__in=SETTLED_BY_CHANNEL, payment_settled=True
    )
    is_told = Q(notified_at__isnull=False) | Q(channel__sends_own_shipping_mail=True)
    done = Order.objects.filter(
        is_paid, is_told, pk__in=list(order_ids), state=OrderState.SHIPPED,
        invoice_progress__in=[Progress.SENT, Progress.NOT_NEEDED], shipped_outside=False,
    ).only("pk", "number", "state")  # fmt: skip
    transitions.apply_many(list(done), "complete", by=by)
