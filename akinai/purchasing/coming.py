"""入荷予定 for the stock room: what suppliers still owe us, by day."""

from __future__ import annotations

from collections.abc import Iterable

from akinai.purchasing.queries.orders import incoming
from akinai.stock.ports import Coming


def coming(sku_ids: Iterable[int]) -> list[Coming]:
    """Open lines of placed orders, as stock.ports wants them."""
    return [Coming(one.sku_id, one.on, one.quantity, one.document) for one in incoming(sku_ids)]
