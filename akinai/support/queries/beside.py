"""受注の横に見えること: parcels with the page where they are followed, and the money of each order of a ticket."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from akinai.orders.states import OrderState
from akinai.payments import queries as payments
from akinai.shipping import queries as shipping
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from datetime import date

    from akinai.orders.models import Order
    from akinai.shipping.models import Shipment
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class ParcelSeen:
    """荷物. `url` is "" where no page of the carrier is known."""

    carrier: str
    number: str
    url: str


@dataclass(frozen=True, slots=True)
class MoneySeen:
    """入金・返金 of an order in yen, signed."""

    on: date
    kind: str
    yen: int


@dataclass(frozen=True, slots=True)
class Beside:
    """One order of the ticket. `shipments` and `money` are empty where the person may not see them; `gone`: what has left of it."""

    order: Order
    shipments: Sequence[tuple[Shipment, Sequence[ParcelSeen]]]
    money: Sequence[MoneySeen]
    shows_money: bool
    gone: Sequence[Shipment] = ()

    @property
    def owed_yen(self) -> int:
        """残り: what the customer has still to pay; nothing where the mall has the money, or the order is cancelled."""
        is_over = self.order.payment_settled or self.order.state == OrderState.CANCELLED
        return 0 if is_over else self.order.owed_yen


def beside(orders: Sequence[Order], staff: Staff) -> list[Beside]:
    """What stands beside these orders, in their order. Six questions, however many they are."""
    ids = [one.pk for one in orders]
    shipments = shipping.shipments_of_orders(ids)
    gone: dict[int, list[Shipment]] = defaultdict(list)
    for one in shipments:
        if one.state in shipping.GONE:
            gone[one.order_id].append(one)
    seen = _parcels(shipments) if staff.has_perm("shipping.view_shipment") else {}
    shows_money = staff.has_perm("payments.view_payment")
    paid = _money(ids) if shows_money else {}
    return [
        Beside(one, seen.get(one.pk, ()), paid.get(one.pk, ()), shows_money, gone.get(one.pk, ()))
        for one in orders
    ]


def _parcels(shipments: Sequence[Shipment]) -> dict[int, list[tuple[Shipment, list[ParcelSeen]]]]:
    found = [one for one in shipments if one.state != ShipmentState.WITHDRAWN]
    parcels = [parcel for one in found for parcel in one.carried_in]
    urls = dict(zip((parcel.pk for parcel in parcels), shipping.urls_of(parcels), strict=True))
    made: dict[int, list[tuple[Shipment, list[ParcelSeen]]]] = defaultdict(list)
    for one in found:
        seen = [ParcelSeen(shipping.name_of(p.carrier), p.tracking_no, urls[p.pk]) for p in one.carried_in]
        made[one.order_id].append((one, seen))
    return made


def _money(ids: list[int]) -> dict[int, list[MoneySeen]]:
    made: dict[int, list[MoneySeen]] = defaultdict(list)
    for row in payments.payments_of_orders(ids):
        made[row.order_id or 0].append(MoneySeen(row.received_on, row.get_source_display(), row.amount_yen))
    return made
