"""分納の照会: of each line of an order how many pieces have left, are being packed, may leave now, and wait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum

from akinai.core import clock
from akinai.orders import queries as orders
from akinai.orders.states import WAITING, OrderState
from akinai.shipping import queries
from akinai.shipping.models import ShipmentLine
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.orders.models import Order, OrderLine

MAY_PART = (OrderState.READY, OrderState.AWAITING_STOCK)


@dataclass(frozen=True, slots=True)
class Leaving:
    """出荷の進み of one line: `gone` has left, `packing` is in an open shipment, `free` may leave now."""

    line: OrderLine
    gone: int
    packing: int
    free: int

    @property
    def waiting(self) -> int:
        """残り: in no shipment yet."""
        return self.line.rest


def leaving(order: Order) -> list[Leaving]:
    """Every line with goods, in their order. Four queries."""
    lines = [line for line in orders.lines_of([order.pk]) if line.sku_id and line.quantity]
    left = ShipmentLine.objects.filter(shipment__order=order, shipment__state__in=queries.GONE)
    gone = dict(
        left.values("order_line").annotate(pieces=Sum("quantity")).values_list("order_line", "pieces")
    )
    held = stock.reserved([f"{order.number}/{line.line_no}" for line in lines])
    today = clock.today()
    found = []
    for line in lines:
        promise = held.get(f"{order.number}/{line.line_no}")
        is_out = not (line.sku and line.sku.release_on and line.sku.release_on > today)
        free = min(line.rest, promise.quantity - line.instructed) if promise and is_out else 0
        count = gone.get(line.pk, 0)
        found.append(Leaving(line, count, line.instructed - count, max(free, 0)))
    return found


def may_part(order: Order) -> bool:
    """Can a part of the order leave before the rest?"""
    return order.state in MAY_PART


def rest_waits(order: Order) -> bool:
    """Has a part left or begun to, while the rest waits?"""
    return order.in_parts and order.state in WAITING and order.shipment_progress == "partial"
