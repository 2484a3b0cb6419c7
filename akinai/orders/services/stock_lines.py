"""受注と在庫の間: which reservations belong to an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from akinai.orders.models import Order
from akinai.orders.services.shortage import ask_about
from akinai.orders.states import WAITING
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def references(order: Order) -> list[str]:
    """伝票行 of all lines of the order."""
    return [f"{order.number}/{no}" for no in order.lines.values_list("line_no", flat=True)]


def reserve_order(order_id: int, *, by: Staff | None) -> None:
    """Promise goods for every line that has a SKU and no live reservation. Only for orders we have yet to ship."""
    order = Order.objects.get(pk=order_id)
    if order.state not in WAITING:
        return
    wants = [
        stock_services.Want(f"{order.number}/{no}", sku_id, order.location_id, quantity, order.ordered_at)
        for no, sku_id, quantity in order.lines.filter(sku__isnull=False, quantity__gt=0).values_list(
            "line_no", "sku_id", "quantity"
        )
    ]
    ask_about(order, stock_services.reserve_lines(wants, by=by), wants)
