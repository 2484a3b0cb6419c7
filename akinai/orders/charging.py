"""送料の見立て: what the fee table says of what is being typed, and of orders as they stand."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.utils import timezone

from akinai.catalog import queries as catalog
from akinai.core.money import yen
from akinai.orders import content, recipients
from akinai.orders.fee_ports import FeeAsk, ShippingCharge, charges
from akinai.orders.states import PaymentKind

if TYPE_CHECKING:
    from akinai.orders.models import Order, OrderAddress
    from akinai.orders.ports import Address


def ask(
    to: Address, goods_yen: int, *, channel: str, on: date, method: str = "", is_cod: bool = False, besides_yen: int = 0,
    temperature: str = "",
) -> FeeAsk:  # fmt: skip
    """送料の問い of goods that go to one address in one parcel, as cold as the coldest of them."""
    return FeeAsk(
        goods_yen, channel, to.prefecture, on, to.postal_code, content.is_island(to), method, temperature, is_cod, besides_yen
    )  # fmt: skip


def of_goods(
    to: Address, goods_yen: int, *, channel: str, on: date, is_cod: bool = False, besides_yen: int = 0,
    sku_ids: Iterable[int] = (), temperature: str = "",
) -> ShippingCharge:  # fmt: skip
    """送料 of what is being typed. `sku_ids`: the goods, for the temperature at which they travel; who knows it says it."""
    cold = catalog.coldest((temperature, *catalog.temperatures(sku_ids).values()))
    asked = ask(
        to, goods_yen, channel=channel, on=on, is_cod=is_cod, besides_yen=besides_yen, temperature=cold
    )
    return charges([asked])[0]


def of_orders(orders: Sequence[Order]) -> dict[int, ShippingCharge]:
    """受注 → what the table in force on its day says, each of its addresses a parcel of its own. In: orders with their channel.

    Eight queries for any number.
    """
    pks = [order.pk for order in orders]
    others, cold = recipients.addresses_of(pks), _cold_lines(pks)
    asked = [
        (order.pk, one) for order in orders for one in _parcels(order, others.get(order.pk, ()), cold.get(order.pk, {}))
    ]  # fmt: skip
    answers = charges([one for _, one in asked])
    found: dict[int, list[ShippingCharge]] = {order.pk: [] for order in orders}
    for (pk, _), answer in zip(asked, answers, strict=True):
        found[pk].append(answer)
    return {pk: together(rows) for pk, rows in found.items()}


def temperatures_of(order_ids: Sequence[int]) -> dict[int, str]:
    """受注 → 温度帯 of all its goods in one parcel. One query."""
    lines = _cold_lines(order_ids)
    return {pk: catalog.coldest(how for _, how in lines.get(pk, {}).values()) for pk in order_ids}


def of_order(order: Order) -> ShippingCharge:
    """送料 of one order as it stands."""
    return of_orders([order])[order.pk]


def _cold_lines(order_ids: Sequence[int]) -> dict[int, dict[int, tuple[int, str]]]:
    """受注 → its lines: the pieces that go to the order's own address, and how cold they travel. One query."""
    from akinai.orders.models import OrderLine

    rows = (
        OrderLine.objects.filter(order_id__in=order_ids)
        .order_by()
        .values("order_id", "pk", "quantity", "assigned")
    )
    found: dict[int, dict[int, tuple[int, str]]] = defaultdict(dict)
    for row in rows.annotate(cold=catalog.of_sku("sku__")):
        found[row["order_id"]][row["pk"]] = (row["quantity"] - row["assigned"], row["cold"])
    return found


def _parcels(
    order: Order, others: Iterable[OrderAddress], cold: Mapping[int, tuple[int, str]]
) -> list[FeeAsk]:
    on, method = timezone.localdate(order.ordered_at), order.delivery_method
    is_cod, left, own = order.payment == PaymentKind.COD, order.goods_yen + order.outer_tax_yen, True
    found = []
    for address in others:
        lines = address.lines.all()
        goods = sum(line.quantity * line.order_line.unit_price_yen for line in lines)
        coldest = catalog.coldest(cold[line.order_line_id][1] for line in lines)
        left -= goods
        found.append(
            FeeAsk(
                goods, order.channel.code, address.prefecture, on, address.postal_code, address.is_remote_island, method,
                coldest, is_cod,
            )
        )  # fmt: skip
        own = left > 0
    if own:
        besides = order.wrapping_yen - order.discount_yen - order.points_yen
        coldest = catalog.coldest(how for pieces, how in cold.values() if pieces > 0)
        found.insert(
            0,
            FeeAsk(
                left, order.channel.code, order.ship_prefecture, on, order.ship_postal_code, order.is_remote_island, method,
                coldest, is_cod, besides,
            ),
        )  # fmt: skip
    return found


def together(rows: Sequence[ShippingCharge]) -> ShippingCharge:
    """送料 of several parcels as one; unknown as soon as one of them is."""
    if len(rows) == 1:
        return rows[0]
    unknown = next((row for row in rows if row.yen is None), None)
    if unknown is not None:
        return unknown
    reasons = tuple(f"{no} か所目 {yen(row.yen or 0)}: {row.told}" for no, row in enumerate(rows, 1))
    cods = [row.cod_yen for row in rows if row.cod_yen is not None]
    return ShippingCharge(
        sum(row.yen or 0 for row in rows),
        reasons,
        sum(cods) if cods else None,
        rows[0].tax_rate,
        rows[0].table,
    )
