"""取置を使う: what was kept for a customer goes to that customer's order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity
from akinai.core.errors import DomainError
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import locked
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def use_kept(order_id: int, number: str, *, by: Staff | None) -> int:
    """取置をこの受注に使う: the first line of these goods gets the pieces. Refused when they are kept for somebody else. Out: pieces."""
    order = locked(order_id)
    lines = list(order.lines.filter(sku__isnull=False, quantity__gt=0).order_by("line_no"))
    skus = {line.sku_id for line in lines if line.sku_id}
    kept = {one.number: one for one in stock.kept_for(order.customer_id, skus, order.location_id)}
    if number not in kept:
        raise DomainError(
            f"{number} は、このお客様のこの商品の取置ではないか、すでに終わっています。",
            way_out="取置の画面で顧客・商品・場所を確かめてください。",
        )
    line = next(line for line in lines if line.sku_id == kept[number].sku_id)
    pieces = stock_services.draw_kept(number, line=f"{order.number}/{line.line_no}", by=by)
    activity.record(
        order, "use_kept", by=by, summary=f"明細 {line.line_no} に取置 {number} の {pieces:,} 点を使いました"
    )
    advance([order.pk], by=by)
    return pieces
