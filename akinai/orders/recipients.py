"""お届け先の照会: where the goods of an order go when it has other addresses beside its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from typing import TYPE_CHECKING

from akinai.orders.payment_methods import PaymentKind
from akinai.orders.ports import Address, DestinationDraft

if TYPE_CHECKING:
    from akinai.orders.models import Order, OrderAddress

PARTS = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone")


def recipient(order: Order, address: OrderAddress | None) -> Address:
    """お届け先 of a parcel: the address, None for the order's own."""
    if address is not None:
        return Address(**{part: getattr(address, part) for part in PARTS})
    return Address(**{part: getattr(order, f"ship_{part}") for part in PARTS})


def buyer_of(order: Order) -> Address:
    """ご注文者, whose address is kept in one line."""
    return Address(
        name=order.buyer_name, kana=order.buyer_kana, company=order.buyer_company, email=order.buyer_email,
        phone=order.buyer_phone, postal_code=order.buyer_postal_code, line1=order.buyer_address,
    )  # fmt: skip


def as_told(address: OrderAddress) -> DestinationDraft:
    """A 送付先 as we have it, in the shape in which a channel tells one. Its lines must be at hand (`addresses_of`)."""
    to = Address(**{part: getattr(address, part) for part in PARTS})
    pieces = sorted((line.order_line.line_no, line.quantity) for line in address.lines.all())
    return DestinationDraft(
        to, tuple(pieces), address.delivery_on, address.delivery_slot, address.channel_number
    )


def addresses_of(order_ids: Collection[int]) -> dict[int, list[OrderAddress]]:
    """受注 → its other addresses with their pieces, by number; orders without any are not among them. Two queries."""
    from akinai.orders.models import OrderAddress

    found: dict[int, list[OrderAddress]] = defaultdict(list)
    rows = OrderAddress.objects.filter(order_id__in=list(order_ids), removed_at=None)
    for address in rows.prefetch_related("lines__order_line").order_by("order_id", "no"):
        found[address.order_id].append(address)
    return dict(found)


def begun_cod(order_ids: Collection[int]) -> dict[int, str]:
    """Those of these orders (id → number) with other addresses, paid on delivery, of which something is paid and nothing has left."""
    from akinai.orders.models import Order

    rows = Order.objects.filter(
        pk__in=with_addresses(order_ids), payment=PaymentKind.COD, paid_yen__gt=0, in_parts=False
    )
    return dict(rows.values_list("pk", "number"))


def with_addresses(order_ids: Collection[int] | None = None) -> set[int]:
    """Those of these orders (else of all) that have other addresses. One query."""
    from akinai.orders.models import OrderAddress

    rows = OrderAddress.objects.filter(removed_at=None)
    if order_ids is not None:
        rows = rows.filter(order_id__in=list(order_ids))
    return set(rows.values_list("order_id", flat=True))
