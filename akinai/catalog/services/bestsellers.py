"""おすすめ順の数を書く: how many pieces of each product went lately, told by whoever knows the orders."""

from __future__ import annotations

from collections.abc import Mapping

from django.db import connection

WRITE = """
UPDATE catalog_product p SET sold_lately = coalesce(told.pieces, 0)
FROM catalog_product q LEFT JOIN unnest(%s::bigint[], %s::int[]) AS told(id, pieces) ON told.id = q.id
WHERE p.id = q.id AND p.sold_lately <> coalesce(told.pieces, 0)
"""


def note_sold(pieces: Mapping[int, int]) -> int:
    """最近の販売数 by product id; products that are not named have sold none. Out: how many changed. No version, no history:
    nobody decided it."""
    with connection.cursor() as cursor:
        cursor.execute(WRITE, [list(pieces), list(pieces.values())])
        return cursor.rowcount
