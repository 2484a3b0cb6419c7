"""複数送付先の見え方: what goes to each address of an order, what is left for its own, and whether each can be reached in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from akinai.core import clock, postal
from akinai.orders import outlook, recipients
from akinai.orders.delivery_ports import delivery_times
from akinai.orders.states import DELIVERY_SLOTS, WAITING

if TYPE_CHECKING:
    from akinai.orders.models import Order, OrderAddress, OrderLine


@dataclass(frozen=True, slots=True)
class Place:
    """送付先 1 か所 with its pieces; `warnings`: why a wish cannot be met."""

    address: OrderAddress
    pieces: tuple[tuple[OrderLine, int], ...]
    warnings: tuple[str, ...] = ()

    @property
    def postal_code(self) -> str:
        return postal.formatted(self.address.postal_code)

    @property
    def slot(self) -> str:
        return DELIVERY_SLOTS.get(self.address.delivery_slot, self.address.delivery_slot)

    @property
    def total(self) -> int:
        return sum(count for _, count in self.pieces)


@dataclass(frozen=True, slots=True)
class Sharing:
    """送付先の分け方. `own`: what goes to the order's own address."""

    addresses: tuple[Place, ...]
    own: tuple[tuple[OrderLine, int], ...]

    @property
    def count(self) -> int:
        return len(self.addresses) + bool(self.own)

    @property
    def own_total(self) -> int:
        return sum(count for _, count in self.own)


def of_order(order: Order, lines: Sequence[OrderLine]) -> Sharing:
    """The order as it is shared out among its addresses, by its lines."""
    found = recipients.addresses_of([order.pk]).get(order.pk, [])
    warned = _warnings(order, found, clock.now()) if order.state in WAITING else {}
    places = tuple(
        Place(
            one,
            tuple(sorted(((x.order_line, x.quantity) for x in one.lines.all()), key=lambda x: x[0].line_no)),
            warned.get(one.pk, ()),
        )
        for one in found
    )
    own = tuple((line, line.quantity - line.assigned) for line in lines if line.quantity > line.assigned)
    return Sharing(places, own)


def others_miss(order: Order, now: datetime) -> str:
    """Which of its other addresses cannot be reached on the wished day or at the wished time, and why; "" when all can."""
    found = recipients.addresses_of([order.pk]).get(order.pk, [])
    warned = _warnings(order, [one for one in found if one.delivery_on or one.delivery_slot], now)
    return "。".join(
        f"送付先 {one.no}「{one.name} 様」: {'。'.join(warned[one.pk])}"
        for one in found
        if warned.get(one.pk)
    )


def _warnings(order: Order, addresses: Sequence[OrderAddress], now: datetime) -> dict[int, tuple[str, ...]]:
    answers = delivery_times([outlook.ask_of_address(one, order.carrier, now) for one in addresses])
    return {
        one.pk: tuple(filter(None, (answer.misses, answer.no_slot)))
        for one, answer in zip(addresses, answers, strict=True)
        if answer
    }
