"""モールへの出荷報告の照会: in which file the mall was told of an order last."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

from akinai.shipping.models import TrackingExportItem


def last_told(order_numbers: Collection[str]) -> dict[str, list[TrackingExportItem]]:
    """モールの注文番号 → its shipments in the newest file of each channel that has it. One query."""
    rows = (
        TrackingExportItem.objects.filter(shipment__order__channel_order_no__in=list(order_numbers))
        .select_related("export__channel", "shipment__order")
        .defer("export__data")
        .order_by("-export_id", "pk")
    )
    found: dict[str, list[TrackingExportItem]] = defaultdict(list)
    newest: dict[tuple[str, int], int] = {}
    for item in rows:
        number = item.shipment.order.channel_order_no
        if newest.setdefault((number, item.export.channel_id), item.export_id) == item.export_id:
            found[number].append(item)
    return found
