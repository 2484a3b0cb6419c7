"""キャンセル: the goods go back to who waits for them; money already received asks for a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import transitions
from akinai.core.errors import DomainError
from akinai.orders.models import Order
from akinai.orders.services.stock_lines import references
from akinai.orders.states import Progress
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def cancel(order_id: int, *, reason: str, by: Staff | None) -> None:
    """受注を取り消す. Refused (ImpossibleMove) once a shipping instruction is out; withdraw that first."""
    if not reason.strip():
        raise DomainError("キャンセルの理由がありません。", way_out="理由を書いてください。")
    order = Order.objects.get(pk=order_id)
    fields = {}
    if order.paid_yen or order.payment_settled:
        fields["payment_progress"] = Progress.EXCEPTION  # the money must go back
    transitions.apply(order, "cancel", by=by, note=f"キャンセル: {reason}", set_fields=fields)
    stock_services.release(references(order), by=by)
