"""What marketing hears of (出来事): goods left or came back, an order was cancelled. Late or twice does no harm."""

from __future__ import annotations

from akinai.billing import queries as billing
from akinai.core import events
from akinai.marketing.services import coupons, points
from akinai.shipping import queries as shipping
from akinai.shipping import return_queries


def register() -> None:
    """After accounting, whose rows say what the goods of an order came to."""
    events.on("shipment.shipped")(on_shipments)
    events.on("shipment.unshipped")(on_shipments)
    events.on("order.shipped_outside")(on_orders)
    events.on("credit_note.issued")(on_credit_note)
    events.on("return.settled")(on_return)
    events.on("return.unsettled")(on_return)
    events.on("order.cancelled")(on_cancelled)


def on_shipments(*, shipment_ids: list[int]) -> None:
    on_orders(order_ids=shipping.order_ids(shipment_ids))


def on_credit_note(*, credit_note_id: int) -> None:
    on_orders(order_ids=billing.orders_of_credit_notes([credit_note_id]))


def on_return(*, case_id: int) -> None:
    on_orders(order_ids=return_queries.order_ids([case_id]))


def on_orders(*, order_ids: list[int]) -> None:
    for order_id in points.concerned(order_ids):
        points.settle(order_id)
        points.settle_use(order_id)


def on_cancelled(*, order_id: int) -> None:
    """What the order used comes back."""
    coupons.take_back(order_id, reason="受注のキャンセル")
    points.take_back_use(order_id, reason="受注のキャンセル")
    on_orders(order_ids=[order_id])
