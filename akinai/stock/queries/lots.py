"""ロットの照会."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.core import clock
from akinai.stock.models import LotLevel


def lots_of(sku_id: int) -> Sequence[LotLevel]:
    """ロット of one SKU in the order they leave, each with `is_expired`."""
    rows = LotLevel.objects.filter(lot__sku_id=sku_id, on_hand__gt=0).select_related("lot", "location")
    found = list(rows.order_by("lot__expires_on", "lot__received_on", "lot_id"))
    for row in found:
        row.is_expired = bool(row.lot.expires_on and row.lot.expires_on < clock.today())  # type: ignore[attr-defined]
    return found
