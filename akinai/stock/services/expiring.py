"""期限: what may not be shipped any more is not free, and no promise rests on it.

Which pieces these are the database says itself (`akinai_past_date`), in the statement that reserves.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

from akinai.core import clock
from akinai.stock.errors import NotEnoughStock
from akinai.stock.services.places import Place, lock
from akinai.stock.services.reserving import give_up, serve_queue

BROKEN_PROMISES = """
SELECT l.sku_id, l.location_id, l.reserved - greatest(0, l.on_hand - akinai_past_date(l.sku_id, l.location_id, %s))
FROM stock_stocklevel l JOIN catalog_sku s ON s.id = l.sku_id AND s.tracks_lots
WHERE l.reserved > 0 AND (%s::bigint[] IS NULL OR l.sku_id = ANY(%s::bigint[]))
  AND l.reserved > l.on_hand - akinai_past_date(l.sku_id, l.location_id, %s)
ORDER BY 1, 2
"""
LOT_PLACES = """
SELECT DISTINCT t.sku_id, v.location_id FROM stock_lotlevel v JOIN stock_lot t ON t.id = v.lot_id
WHERE t.sku_id = ANY(%s) AND v.on_hand > 0
"""


@transaction.atomic
def settle_dates(sku_ids: Iterable[int] | None = None) -> list[str]:
    """期限と引当を合わせる: promises that only pieces past their date could keep wait again, the newest first; pieces that may be
    shipped after all go to those who wait. All goods with lots, or these. Out: the document lines that wait again."""
    ids = None if sku_ids is None else sorted(set(sku_ids))
    places = _places(ids)
    lock(places)
    lost = give_up(_broken(ids))
    serve_queue(places)
    return lost


def refuse_broken_promises(places: Iterable[Place]) -> None:
    """What left these places may not have been the last pieces that could still be shipped. Raises NotEnoughStock."""
    left = set(places)
    if left and left & set(_broken(sorted({sku_id for sku_id, _ in left}))):
        raise NotEnoughStock(
            "期限の切れていない商品が、引当済みの数に足りなくなります。",
            way_out="先に受注の引当を解除するか、ロットと数量を確かめてください。",
        )


def _places(ids: list[int] | None) -> list[Place]:
    """Where to look: all places of these SKUs, else only where a promise is broken."""
    if ids is None:
        return list(_broken(None))
    with connection.cursor() as cursor:
        cursor.execute(LOT_PLACES, [ids])
        return [(sku_id, location_id) for sku_id, location_id in cursor.fetchall()]


def _broken(ids: list[int] | None) -> dict[Place, int]:
    today = clock.today()
    with connection.cursor() as cursor:
        cursor.execute(BROKEN_PROMISES, [today, ids, ids, today])
        return {(sku_id, location_id): pieces for sku_id, location_id, pieces in cursor.fetchall()}
