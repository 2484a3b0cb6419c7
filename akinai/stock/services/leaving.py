"""出庫: what was promised leaves by its reservations, and comes back when it had not left after all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import Q

from akinai.core.errors import ChangedMeanwhile
from akinai.stock.models import StockEntry
from akinai.stock.services.expiring import settle_dates
from akinai.stock.services.lots import move_lots, with_lots
from akinai.stock.services.movements import Movement
from akinai.stock.services.places import lock
from akinai.stock.services.posting import opposites, write_entries
from akinai.stock.services.valuing import record_values

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Take:
    """出荷する引当: `quantity` pieces of what `reference` holds, all of it or a part.

    `document` is the paper it leaves by, where several papers leave in one statement. `set_sku_id` says that the pieces
    are a part of this set; all parts of a line leave together.
    """

    reference: str
    sku_id: int
    location_id: int
    quantity: int
    document: str = ""
    set_sku_id: int | None = None

    @property
    def key(self) -> str:
        """Of the ledger row: one line (of a set each part) leaves once by one paper."""
        if self.set_sku_id:
            return f"ship:{self.reference}:{self.document}:{self.sku_id}"
        return f"ship:{self.reference}:{self.document}" if self.document else f"ship:{self.reference}"


@transaction.atomic
def ship(
    takes: Sequence[Take], *, document: str = "", by: Staff | None, at: datetime | None = None
) -> list[StockEntry]:
    """出庫: what was promised leaves. Each reservation must still hold the pieces, else nothing moves."""
    _lock(takes)
    if missing := _not_moved(takes, +1):
        raise ChangedMeanwhile(
            f"{missing[0]} の引当がそろっていないか、すでに出荷されています。",
            way_out="受注の引当状況を確かめてください。",
        )
    _move_levels(takes, -1)
    kind = StockEntry.Kind.SHIPMENT
    moves = [
        Movement(t.sku_id, t.location_id, kind, -t.quantity, t.document or document, t.key, at=at)
        for t in takes
    ]
    return write_entries(with_lots(moves), by)


@transaction.atomic
def unship(takes: Sequence[Take], *, by: Staff | None, note: str) -> list[StockEntry]:
    """出庫の取消: the pieces are on the shelf again and held for the same lines, so nobody else gets them.

    Each ledger row is answered by its opposite. Raises ChangedMeanwhile when one of them has not left (any more).
    """
    _lock(takes)
    if missing := _not_moved(takes, -1):
        raise ChangedMeanwhile(
            f"{missing[0]} は出庫されていないか、すでに取り消されています。",
            way_out="入出庫台帳で確かめてください。",
        )
    # Rows written before papers were part of the key have the short one.
    keys = {take.key for take in takes} | {f"ship:{take.reference}" for take in takes}
    papers = {take.document for take in takes if take.document}
    rows = StockEntry.objects.filter(
        Q(key__in=keys) | Q(reference__in=papers, sku_id__in={take.sku_id for take in takes}),
        kind=StockEntry.Kind.SHIPMENT, reversed_by=None,
    ).order_by("id")  # fmt: skip
    left = [
        row for row in rows if row.key.partition("#")[0] in keys
    ]  # pieces of several lots have several rows
    if sum(-entry.quantity for entry in left) != sum(take.quantity for take in takes):
        raise ChangedMeanwhile(
            "出庫の行が見つからないか、すでに取り消されています。", way_out="入出庫台帳で確かめてください。"
        )
    _move_levels(takes, +1)
    made = StockEntry.objects.bulk_create(opposites(left, by=by, note=note))
    move_lots(made)
    record_values(made)
    if named := {row.sku_id for row in made if row.lot_id}:
        settle_dates(named)
    return made


def _lock(takes: Sequence[Take]) -> None:
    lock((take.sku_id, take.location_id) for take in takes)


# One line may leave in several papers at once: what it holds is counted once for all of them.
MOVE = """
WITH t AS (
  SELECT reference, sku_id, location_id, sum(pieces)::int AS pieces
  FROM unnest(%(references)s::text[], %(skus)s::bigint[], %(places)s::bigint[], %(pieces)s::int[])
    AS t(reference, sku_id, location_id, pieces) GROUP BY 1, 2, 3)
UPDATE stock_reservation r SET shipped = r.shipped + t.pieces,
  state = CASE WHEN r.shipped + t.pieces = r.wanted THEN 'shipped' ELSE 'active' END
FROM t
WHERE r.reference = t.reference AND r.sku_id = t.sku_id AND r.location_id = t.location_id AND r.state <> 'released'
  AND r.shipped + t.pieces BETWEEN 0 AND r.quantity
  AND (r.set_sku_id IS NULL OR NOT EXISTS (
    SELECT FROM stock_reservation o WHERE o.reference = r.reference AND o.state = r.state
      AND (o.sku_id, o.location_id) NOT IN (SELECT sku_id, location_id FROM t x WHERE x.reference = o.reference)))
RETURNING r.reference, r.sku_id
"""


def _not_moved(takes: Sequence[Take], sign: int) -> list[str]:
    """Count the pieces as left (+1) or as back (−1), of a set all parts or none; out: the references that do not hold them."""
    with connection.cursor() as cursor:
        cursor.execute(
            MOVE,
            {
                "references": [t.reference for t in takes],
                "skus": [t.sku_id for t in takes],
                "places": [t.location_id for t in takes],
                "pieces": [sign * t.quantity for t in takes],
            },
        )
        done = set(cursor.fetchall())
    return [take.reference for take in takes if (take.reference, take.sku_id) not in done]


def _move_levels(takes: Sequence[Take], sign: int) -> None:
    """現在庫 and 引当済 together: what leaves was promised, what comes back is promised again."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE stock_stocklevel l SET on_hand = l.on_hand + s.quantity, reserved = l.reserved + s.quantity
            FROM (SELECT sku_id, location_id, sum(quantity)::int AS quantity
                  FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS t(sku_id, location_id, quantity)
                  GROUP BY 1, 2) s
            WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
            """,
            [[t.sku_id for t in takes], [t.location_id for t in takes], [sign * t.quantity for t in takes]],
        )
