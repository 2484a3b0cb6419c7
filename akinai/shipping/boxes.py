"""箱の中身: which pieces go into the box. A line of a set is fetched, scanned and told as the parts it was promised with."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from akinai.shipping.models import ShipmentLine
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from akinai.shipping.models import Shipment


@dataclass(frozen=True, slots=True)
class Piece:
    """One kind of goods in one box. `set_code` names the set it is a part of."""

    line_id: int
    code: str
    name: str
    variant: str
    jan: str
    shelf: str
    quantity: int
    set_code: str = ""


def lines_with_goods(shipments: QuerySet[Shipment] | Sequence[int]) -> QuerySet[ShipmentLine]:
    """Lines of these shipments with what `pieces_of` reads."""
    rows = ShipmentLine.objects.filter(shipment__in=shipments)
    return rows.select_related("shipment__order", "order_line", "sku__product").order_by(
        "shipment_id", "order_line__line_no"
    )


def pieces_of(lines: Iterable[ShipmentLine]) -> dict[int, list[Piece]]:
    """Line id → its pieces: one for single goods, the parts for a set. No query while no set is among them, else one."""
    rows = list(lines)
    of_sets = {row.pk: reference_of(row) for row in rows if row.sku.is_set}
    parts = stock.set_parts(list(of_sets.values())) if of_sets else {}
    return {row.pk: _pieces(row, parts.get(of_sets.get(row.pk, ""), ())) for row in rows}


def reference_of(line: ShipmentLine) -> str:
    """伝票行: the number under which the order reserved its goods."""
    return f"{line.shipment.order.number}/{line.order_line.line_no}"


def _pieces(line: ShipmentLine, parts: Sequence[stock.HeldPart]) -> list[Piece]:
    sku = line.sku
    if not parts:
        return [
            Piece(line.pk, sku.code, sku.product.name, sku.variant, sku.jan or "", sku.shelf, line.quantity)
        ]
    return [
        Piece(line.pk, p.code, p.name, p.variant, p.jan, p.shelf, line.quantity * p.per_set, sku.code)
        for p in parts
    ]
