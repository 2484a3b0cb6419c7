"""印刷した: which papers were handed to the warehouse, for the steps of a batch."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock
from akinai.shipping.models import Shipment, ShippingBatch

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def note_picking_printed(batch: ShippingBatch, *, by: Staff | None) -> None:
    """ピッキングリストを印刷した."""
    ShippingBatch.objects.filter(pk=batch.pk).update(picking_printed_at=clock.now())
    activity.record(batch, "print", by=by, summary="ピッキングリストを印刷")


@transaction.atomic
def note_slips_printed(shipments: Sequence[Shipment], *, by: Staff | None) -> None:
    """納品書を印刷した."""
    Shipment.objects.filter(pk__in=[shipment.pk for shipment in shipments]).update(printed_at=clock.now())
    activity.record_many(
        [activity.Fact(shipment, "print", summary="納品書を印刷") for shipment in shipments], by=by
    )


@transaction.atomic
def show_prices(shipment: Shipment, *, show: bool, by: Staff | None) -> None:
    """納品書に金額を載せるか: off for presents."""
    Shipment.objects.filter(pk=shipment.pk).update(hides_prices=not show)
    text = "納品書に金額を載せる" if show else "納品書に金額を載せない"
    activity.record(shipment, "change", by=by, summary=text)
