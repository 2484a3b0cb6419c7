"""変更の影響: what shipping has already begun for an order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse

from akinai.orders.preview_ports import DELIVERY, GOODS, MONEY, Consequence
from akinai.shipping import queries
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.orders.models import Order

OPEN = (ShipmentState.INSTRUCTED, ShipmentState.PACKED)


def of_order(order: Order) -> list[Consequence]:
    """出荷指示 that is out, with its label, and boxes that have left."""
    return [told for one in queries.shipments_of(order.pk) if (told := _of(one))]


def _of(shipment: queries.Shipment) -> Consequence | None:
    about = frozenset({GOODS, DELIVERY, MONEY})
    url = reverse("shipping:detail", args=[shipment.number])
    if shipment.state in OPEN:
        label = "。送り状データも出力済みです" if shipment.labels_exported_at else ""
        text = (
            f"{shipment.number} で出荷指示が出ています{label}。変えるには、先に出荷指示を取り消してください。"
        )
        return Consequence(text, about, "bad", url)
    if shipment.state in queries.GONE:
        return Consequence(
            f"{shipment.number} はすでに出荷しています。商品の変更は返品・再送で対応します。",
            about,
            "warn",
            url,
        )
    return None
