"""取り寄せ・予約の上限: how many pieces that are not there may be promised of one SKU."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection, transaction

# Who asks holds the levels of these goods since they were reserved, so that two orders are counted one after the other. Of a
# set whole sets are counted.
ACCEPT = """
WITH mine AS (
  SELECT reference, coalesce(set_sku_id, sku_id) AS sold, max(ceil((wanted - quantity)::numeric / per_set)) AS missing
  FROM stock_reservation WHERE reference = %s AND state = 'active' AND NOT is_backorder GROUP BY 1, 2
), others AS (
  SELECT coalesce(sum(missing), 0) AS missing FROM (
    SELECT max(ceil((r.wanted - r.quantity)::numeric / r.per_set)) AS missing FROM stock_reservation r JOIN mine m
      ON coalesce(r.set_sku_id, r.sku_id) = m.sold
    WHERE r.state = 'active' AND r.is_backorder AND r.quantity < r.wanted GROUP BY r.reference) one
)
UPDATE stock_reservation r SET is_backorder = true FROM mine, others
WHERE r.reference = mine.reference AND r.state = 'active' AND mine.missing + others.missing <= %s RETURNING r.id
"""


@transaction.atomic
def accept_backorders(asked: Iterable[tuple[str, int]]) -> set[str]:
    """(line, limit of its SKU), in the order they are served: each is accepted while all accepted lines together lack no more
    than the limit, by one conditional statement per line. Out: the lines that go beyond it."""
    beyond = set()
    with connection.cursor() as cursor:
        for reference, limit in asked:
            cursor.execute(ACCEPT, [reference, limit])
            if not cursor.fetchall():
                beyond.add(reference)
    return beyond
