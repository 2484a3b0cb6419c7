"""What keeps a SKU from becoming a set, or a set from being single goods again: pieces, promises, goods on order."""

from __future__ import annotations

from django.db.models import Q

from akinai.stock import ports
from akinai.stock.models import Reservation, StockLevel


def why_kept(sku_id: int) -> str:
    """The reason in words, "" when nothing stands against it. Fills the port of the catalogue."""
    have = (
        StockLevel.objects.filter(sku_id=sku_id)
        .exclude(on_hand=0)
        .values_list("on_hand", "location__name")
        .first()
    )
    if have:
        return f"在庫が {have[0]:,} 点（{have[1]}）ある"
    live = Reservation.objects.filter(Q(sku_id=sku_id) | Q(set_sku_id=sku_id), state=Reservation.State.ACTIVE)
    if count := live.values("reference").distinct().count():
        return f"引当中か入荷待ちの明細が {count:,} 行ある"
    coming = sum(one.pieces for one in ports.incoming([sku_id]))
    return f"発注残が {coming:,} 点ある" if coming else ""
