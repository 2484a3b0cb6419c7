"""荷分け: what of each order leaves by which shipment, and what its driver collects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Sum

from akinai.orders import recipients
from akinai.shipping import rules
from akinai.shipping.models import Shipment, ShipmentLine
from akinai.shipping.states import ShipmentState

if TYPE_CHECKING:
    from akinai.orders.models import Order, OrderAddress, OrderLine


@dataclass(frozen=True, slots=True)
class Cargo:
    """荷: pieces of one order (order line → how many) that leave by one shipment. `is_last`: nothing of the order is left then.
    `address`: where they go."""

    order: Order
    pieces: Mapping[int, int]
    is_part: bool = False
    is_last: bool = True
    address: OrderAddress | None = None  # None is the order's own

    @property
    def lines(self) -> list[tuple[OrderLine, int]]:
        """The order's lines with the pieces that leave."""
        return [(line, self.pieces[line.pk]) for line in self.order.lines.all() if line.pk in self.pieces]


def rest_of(order: Order) -> Cargo:
    """What of the order no shipment has yet, in one shipment. `order` with its lines, as they were before."""
    pieces = {line.pk: line.rest for line in order.lines.all() if line.sku_id and line.rest}
    return Cargo(order, pieces, is_part=order.in_parts)


def cargos_of(orders: Sequence[Order]) -> list[Cargo]:
    """What of the orders no shipment has yet: one cargo for each order, of those with several addresses one for each address.
    The orders' rows are held. Two queries more when addresses are among them."""
    others = recipients.addresses_of([order.pk for order in orders])
    taken = _taken([address.pk for found in others.values() for address in found])
    return [
        cargo
        for order in orders
        for cargo in (_by_address(order, others[order.pk], taken) if order.pk in others else [rest_of(order)])
    ]


def _taken(address_ids: Sequence[int]) -> dict[tuple[int, int], int]:
    """(送付先, 受注明細) → pieces that its shipments have."""
    if not address_ids:
        return {}
    lines = ShipmentLine.objects.filter(shipment__address__in=address_ids)
    live = lines.exclude(shipment__state=ShipmentState.WITHDRAWN)
    rows = live.values_list("shipment__address", "order_line").annotate(pieces=Sum("quantity"))
    return {(address, line): pieces for address, line, pieces in rows}


def _by_address(
    order: Order, addresses: Sequence[OrderAddress], taken: Mapping[tuple[int, int], int]
) -> list[Cargo]:
    """The order's own address first, then the others by number. More than one parcel are parts of the order."""
    left = dict(rest_of(order).pieces)
    shares: list[tuple[OrderAddress | None, dict[int, int]]] = []
    for address in addresses:
        wanted = {one.order_line_id: one.quantity for one in address.lines.all()}
        mine = {
            pk: min(count - taken.get((address.pk, pk), 0), left.get(pk, 0)) for pk, count in wanted.items()
        }
        mine = {pk: count for pk, count in mine.items() if count > 0}
        left = {pk: count - mine.get(pk, 0) for pk, count in left.items()}
        shares += [(address, mine)] if mine else []
    own = {pk: count for pk, count in left.items() if count}
    shares = [(None, own), *shares] if own else shares
    is_part = order.in_parts or len(shares) > 1
    return [
        Cargo(order, pieces, is_part=is_part, is_last=n == len(shares), address=address)
        for n, (address, pieces) in enumerate(shares, 1)
    ]


def cod_of(cargos: Sequence[Cargo]) -> list[int]:
    """代引金額 of each: of what leaves whole, all that is owed; of a part its share. One query when parts are among them."""
    parts = [cargo.order.pk for cargo in cargos if cargo.is_part and cargo.order.payment == "cod"]
    asked = collected(parts)
    found = []
    for cargo in cargos:
        order = cargo.order
        if not cargo.is_part:
            yen = rules.cod_yen(payment=order.payment, total_yen=order.total_yen, paid_yen=order.paid_yen)
        else:
            before = asked.get(order.pk)
            yen = rules.part_cod_yen(
                payment=order.payment, total_yen=order.total_yen, paid_yen=order.paid_yen, asked_yen=before or 0,
                share_yen=None if cargo.is_last else share_of(cargo, is_first=before is None),
            )  # fmt: skip
            asked[order.pk] = (before or 0) + yen
        found.append(yen)
    return found


def collected(order_ids: Sequence[int]) -> dict[int, int]:
    """受注 → 代引金額 of its shipments that stand; an order without any is not among them."""
    if not order_ids:
        return {}
    live = Shipment.objects.filter(order_id__in=order_ids).exclude(state=ShipmentState.WITHDRAWN)
    return dict(live.values("order_id").annotate(yen=Sum("cod_yen")).values_list("order_id", "yen"))


def share_of(cargo: Cargo, *, is_first: bool) -> int:
    """What a part is worth, 税込: its goods with their share of 外税; all other charges and cuts go with the first part."""
    order = cargo.order
    goods = sum(line.unit_price_yen * pieces for line, pieces in cargo.lines)
    outer = sum(line.unit_price_yen * pieces for line, pieces in cargo.lines if not line.price_includes_tax)
    base = sum(line.subtotal_yen for line in order.lines.all() if not line.price_includes_tax)
    goods += order.outer_tax_yen * outer // base if base else 0
    if not is_first:
        return goods
    every = sum(line.subtotal_yen for line in order.lines.all())
    return goods + order.total_yen - every - (order.outer_tax_yen if base else 0)
