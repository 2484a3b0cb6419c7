"""What the books hear of (出来事): goods left or came back, a paper was issued. Late or twice does no harm."""

from __future__ import annotations

from akinai.accounting import services
from akinai.billing import queries as billing
from akinai.core import events
from akinai.shipping import queries as shipping
from akinai.shipping import return_queries


def register() -> None:
    events.on("shipment.shipped")(on_shipments)
    events.on("shipment.unshipped")(on_shipments)
    events.on("order.shipped_outside")(on_orders)
    events.on("credit_note.issued")(on_credit_note)
    events.on("invoice.issued")(on_invoices)
    events.on("return.settled")(on_return)
    events.on("return.unsettled")(on_return)


def on_shipments(*, shipment_ids: list[int]) -> None:
    services.record(shipping.order_ids(shipment_ids))


def on_orders(*, order_ids: list[int]) -> None:
    services.record(order_ids)


def on_credit_note(*, credit_note_id: int) -> None:
    services.record(billing.orders_of_credit_notes([credit_note_id]))


def on_return(*, case_id: int) -> None:
    """Goods came back, or their settlement was undone."""
    services.record(return_queries.order_ids([case_id]))


def on_invoices(*, invoice_ids: list[int]) -> None:
    """A new invoice decides which credit notes count."""
    services.record(billing.orders_of_invoices(invoice_ids))
