"""配達完了."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.orders import services as orders
from akinai.shipping.models import Shipment
from akinai.shipping.services.instruct import move_all

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def deliver(shipment_ids: Sequence[int], *, on: date, by: Staff | None, note: str = "") -> list[Shipment]:
    """配達完了: all or nothing; the orders are told. Raises NotShippable for what is not on its way."""
    shipments = list(Shipment.objects.filter(pk__in=shipment_ids).order_by("pk"))
    move_all(shipments, "deliver", by=by, note=note, delivered_on=on)
    for shipment in shipments:
        orders.note_delivered(shipment.order_id, on=on)
    return shipments
