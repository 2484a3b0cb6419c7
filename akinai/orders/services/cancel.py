"""キャンセル: the goods go back to who waits for them; money already received asks for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import clock, events, transitions
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.orders.models import Order, OrderChange
from akinai.orders.services.locking import lock, refuse_begun
from akinai.orders.services.stock_lines import references
from akinai.orders.states import OrderState, Progress
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff

WAYS_OUT: dict[str, str] = {
    OrderState.PICKING: "先に出荷指示を取り消してから、キャンセルしてください。",
    OrderState.SHIPPED: "出荷後は返品として受け付け、返金してください。",
    OrderState.COMPLETED: "出荷後は返品として受け付け、返金してください。",
    OrderState.CANCELLED: "すでにキャンセルされています。",
}


@transaction.atomic
def cancel(order_id: int, *, reason: str, by: Staff | None, refunded_by_channel: bool = False) -> None:
    """受注を取り消す: goods go to who waits for them. Refused once a shipping instruction is out; withdraw that first.

    Money already seen must go back (payment becomes 要確認), unless the channel that took it gives it back itself.
    """
    if not reason.strip():
        raise DomainError("キャンセルの理由がありません。", way_out="理由を書いてください。")
    order = lock(order_id)
    if not transitions.can(order, "cancel"):
        raise ImpossibleMove(
            f"{order.number} は「{order.get_state_display()}」なのでキャンセルできません。",
            way_out=WAYS_OUT.get(order.state, "受注を開き直してください。"),
        )
    refuse_begun(order)
    owes_back = order.paid_yen > 0 or (order.payment_settled and not refunded_by_channel)
    fields = {"payment_progress": Progress.EXCEPTION} if owes_back else {}
    transitions.apply(order, "cancel", by=by, note=f"キャンセル: {reason}", set_fields=fields)
    _close_questions(order, by)
    stock_services.release(references(order), by=by)
    events.emit("order.cancelled", order_id=order.pk)


def _close_questions(order: Order, by: Staff | None) -> None:
    """What was asked about a cancelled order needs no answer any more."""
    now = clock.now()
    order.holds.filter(released_at=None).update(released_at=now, released_by=by, note="キャンセル")
    order.issues.filter(resolved_at=None).update(resolved_at=now, resolved_by=by, resolution="キャンセル")
    pending = order.changes.filter(state=OrderChange.State.PENDING)
    pending.update(state=OrderChange.State.OVERTAKEN, decided_at=now, decided_by=by)
