"""Akinaiの外で出荷: the parcel left by the mall's screen or by hand, and is not to leave twice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Case, F, Value, When

from akinai.core import clock, events, transitions
from akinai.orders.models import Hold, Order
from akinai.orders.ports import OrderDraft
from akinai.orders.services import rows
from akinai.orders.services.stock_lines import references
from akinai.orders.states import Progress
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def take_as_shipped(order: Order, draft: OrderDraft, *, by: Staff | None) -> None:
    """出荷済みとして受け取る: what was promised to it goes to who waits; the stock ledger is not touched (決定 0004).

    The caller holds the order's row. Holds are at an end, since nothing leaves by us any more.
    """
    note = "モールで出荷済"
    Hold.objects.filter(order=order, released_at=None).update(
        released_at=clock.now(), released_by=by, note=note
    )
    no_paper = Case(
        When(invoice_progress=Progress.NONE, then=Value(Progress.NOT_NEEDED)), default=F("invoice_progress")
    )
    Order.objects.filter(pk=order.pk).update(invoice_progress=no_paper)
    fields = {
        "shipped_outside": True,
        "shipment_progress": Progress.NOT_NEEDED,
        "shipped_at": rows.shipped_at(draft),
    }
    transitions.apply(order, "ship_outside", by=by, note=note, set_fields=fields)
    stock_services.release(references(order), by=by)
    events.emit("order.shipped_outside", order_ids=[order.pk])
