"""ご注文 1 件のページの中身: what a buyer reads of an order, a guest by his link as a member on my page."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from akinai.billing import links as receipt_links
from akinai.billing import queries as billing
from akinai.orders.states import DELIVERY_SLOTS
from akinai.shipping import queries as shipping
from akinai.shipping import return_queries
from akinai.shipping.states import ReturnState
from akinai.shop import order_words
from akinai.shop.how_to_pay import how_to_pay

if TYPE_CHECKING:
    from collections.abc import Sequence

    from akinai.orders.models import Order, OrderLine
    from akinai.shipping.models import Parcel, Shipment


def told_of(order: Order, lines: Sequence[OrderLine], shipments: Sequence[Shipment]) -> dict[str, Any]:
    """What `shop/_order_told.html` shows: where the order stands, how to pay, its parcels, goods, receipt, returns."""
    return {
        "order": order, "title": f"ご注文 {order.channel_order_no}", "lines": lines, "words": order_words.words_of(order), "pay": how_to_pay(order),
        "parcels": _parcels(shipments), "slot": DELIVERY_SLOTS.get(order.delivery_slot, ""),
        "receipt_path": _receipt_path(order),
        "cases": [(one, order_words.RETURNS[ReturnState(one.state)]) for one in return_queries.cases_of(order.pk)],
    }  # fmt: skip


def shipments_of(order: Order) -> list[Shipment]:
    """出荷 that the buyer is told of: those that were not taken back."""
    return [one for one in shipping.shipments_of(order.pk) if one.state != "withdrawn"]


def _receipt_path(order: Order) -> str:
    """領収書: where it is written once and taken again; "" while there is no money to write one over."""
    if billing.receipts_of(order.pk) or billing.receivable(order.pk).left_yen:
        return receipt_links.path_of(order.number)
    return ""


def _parcels(shipments: Sequence[Shipment]) -> list[dict[str, Any]]:
    """Each parcel with its carrier, its numbers and where they can be followed; numbers only once it has left."""
    carried = [_numbered(one) for one in shipments]
    parcels = [parcel for found in carried for parcel in found]
    urls = shipping.urls_of(parcels) if parcels else []
    where = {parcel.pk: url for parcel, url in zip(parcels, urls, strict=True)}
    return [
        {
            "shipment": one,
            "tracks": [(parcel.tracking_no, where[parcel.pk]) for parcel in found],
            "lines": list(one.lines.all()),
        }
        for one, found in zip(shipments, carried, strict=True)
    ]


def _numbered(one: Shipment) -> list[Parcel]:
    if one.state not in order_words.LEFT:
        return []
    return [parcel for parcel in one.carried_in if parcel.tracking_no]
