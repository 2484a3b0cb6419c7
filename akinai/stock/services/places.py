"""Level rows, one per SKU and place (在庫数の行): made and locked in one order for everybody."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection

Place = tuple[int, int]  # (sku_id, location_id)


def lock(places: Iterable[Place]) -> None:
    """Make sure the level rows exist and hold them until commit, in one order for everybody."""
    wanted = sorted(set(places))
    skus, locations = [p[0] for p in wanted], [p[1] for p in wanted]
    sql = """
        SELECT l.id FROM stock_stocklevel l
        JOIN unnest(%s::bigint[], %s::bigint[]) AS p(sku_id, location_id) USING (sku_id, location_id)
        ORDER BY l.sku_id, l.location_id FOR NO KEY UPDATE OF l
    """
    with connection.cursor() as cursor:
        cursor.execute(sql, [skus, locations])
        if len(cursor.fetchall()) == len(wanted):
            return
        cursor.execute(
            "INSERT INTO stock_stocklevel (sku_id, location_id, on_hand, reserved) "
            "SELECT s, l, 0, 0 FROM unnest(%s::bigint[], %s::bigint[]) AS p(s, l) ORDER BY s, l "
            "ON CONFLICT (sku_id, location_id) DO NOTHING",
            [skus, locations],
        )
        cursor.execute(sql, [skus, locations])
