"""セットの在庫: how many whole sets the parts make. A set is put together at one place, so each place counts for itself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.db import connection
from django.db.models import DateField, F, Func, IntegerField, Value

from akinai.core import clock

# What is free says the database itself (`akinai_free_sets`), as it does for pieces past their date.
MADE = """
SELECT set_sku_id, sum(whole)::int, sum(akinai_free_sets(set_sku_id, place_id, %s))::int FROM (
  SELECT p.set_sku_id, place.id AS place_id, min(coalesce(l.on_hand, 0) / p.quantity) AS whole
  FROM catalog_setpart p CROSS JOIN stock_location place
  LEFT JOIN stock_stocklevel l ON l.sku_id = p.part_sku_id AND l.location_id = place.id
  WHERE p.set_sku_id = ANY(%s) AND place.is_sellable GROUP BY p.set_sku_id, place.id) here GROUP BY 1
"""
WAITING = """
SELECT set_sku_id, sum(sets)::int FROM (
  SELECT set_sku_id, reference, max(ceil((wanted - quantity)::numeric / per_set)) AS sets FROM stock_reservation
  WHERE set_sku_id = ANY(%s) AND state = 'active' AND quantity < wanted GROUP BY 1, 2) line GROUP BY 1
"""


def free_sets() -> Func:
    """Of a row that names SKU and place: whole sets that are free there today."""
    told = (F("sku_id"), F("location_id"), Value(clock.today(), output_field=DateField()))
    return Func(*told, function="akinai_free_sets", output_field=IntegerField())


@dataclass(frozen=True, slots=True)
class Made:
    """セット: on the shelves, free, and still asked for."""

    on_hand: int
    free: int
    waiting: int


def sets_on_shelves(sku_ids: Sequence[int]) -> dict[int, Made]:
    """The sets among these SKUs, over all places that sell. One query, two when there are sets."""
    ids = list(sku_ids)
    with connection.cursor() as cursor:
        cursor.execute(MADE, [clock.today(), ids])
        made = cursor.fetchall()
        if not made:
            return {}
        cursor.execute(WAITING, [ids])
        waiting = dict(cursor.fetchall())
    return {pk: Made(whole, free, waiting.get(pk, 0)) for pk, whole, free in made}
