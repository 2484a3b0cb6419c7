"""配達完了."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.orders import services as orders
from akinai.shipping import queries
from akinai.shipping.models import Shipment
from akinai.shipping.services.instruct import move_all
from akinai.shipping.services.merging import with_riders
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def deliver(shipment_ids: Sequence[int], *, on: date, by: Staff | None, note: str = "") -> list[Shipment]:
    """配達完了: all or nothing; the orders are told. Raises NotShippable for what is not on its way."""
    shipments = list(Shipment.objects.filter(pk__in=with_riders(shipment_ids)).order_by("pk"))
    move_all(shipments, "deliver", by=by, note=note, delivered_on=on)
    ids = {shipment.order_id for shipment in shipments}
    on_the_way = Shipment.objects.filter(
        order_id__in=ids, state__in=[*queries.OPEN, ShipmentState.SHIPPED], is_part=True
    )
    for order_id in sorted(ids - set(on_the_way.values_list("order_id", flat=True))):
        orders.note_delivered(order_id, on=on)
    return shipments
