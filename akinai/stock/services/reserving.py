"""引当: pieces are held for document lines, oldest first; what is missing waits in the queue.

A line of a set holds its parts, each part with a row of its own in that part's queue (docs/decisions/0015).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from akinai.catalog import queries as catalog
from akinai.core import clock, events
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock.errors import OutOfStock
from akinai.stock.models import Reservation, StockLevel, past_date
from akinai.stock.services.places import Place, lock

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class Want:
    """引当の希望: `quantity` pieces for one document line; `queued_at` decides who is served first."""

    reference: str
    sku_id: int
    location_id: int
    quantity: int
    queued_at: datetime


RESERVE = """
WITH asked AS (
  SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[], %s::bigint[], %s::int[])
    WITH ORDINALITY AS a(reference, sku_id, location_id, wanted, queued_at, set_sku_id, per_set, nth)
), want AS (
  SELECT a.*, sum(a.wanted) OVER (PARTITION BY a.sku_id, a.location_id ORDER BY a.queued_at, a.nth) AS upto
  FROM asked a
  WHERE NOT EXISTS (SELECT FROM stock_reservation r WHERE r.reference = a.reference AND r.state <> 'released'
                    AND (r.set_sku_id IS NOT NULL OR a.set_sku_id IS NOT NULL
                         OR (r.sku_id, r.location_id) = (a.sku_id, a.location_id)))
), got AS (
  SELECT w.*, greatest(0, least(w.wanted, l.on_hand - akinai_past_date(l.sku_id, l.location_id, %s) - l.reserved
    - (w.upto - w.wanted)))::int AS take
  FROM want w JOIN stock_stocklevel l USING (sku_id, location_id)
), held AS (
  UPDATE stock_stocklevel l SET reserved = l.reserved + s.take
  FROM (SELECT sku_id, location_id, sum(take)::int AS take FROM got GROUP BY 1, 2 HAVING sum(take) > 0) s
  WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
)
INSERT INTO stock_reservation (reference, sku_id, location_id, wanted, quantity, state, queued_at, set_sku_id, per_set)
SELECT reference, sku_id, location_id, wanted, take, 'active', queued_at, set_sku_id, per_set FROM got ORDER BY nth
ON CONFLICT (reference, sku_id, location_id) DO UPDATE
  SET wanted = excluded.wanted, quantity = excluded.quantity, state = 'active', queued_at = excluded.queued_at,
    set_sku_id = excluded.set_sku_id, per_set = excluded.per_set, is_backorder = false
  WHERE stock_reservation.state = 'released'
RETURNING reference, quantity / per_set
"""


@transaction.atomic(savepoint=False)
def reserve_lines(wants: Sequence[Want], *, by: Staff | None) -> dict[str, int]:
    """引当: hold what there is for each line, oldest first; what is missing waits in the queue.

    Out: how many pieces (of a set: whole sets) each new reservation holds (0 … wanted). A line that already has a live
    reservation is left alone and not in the answer, so asking twice is harmless, also after the parts of its set have
    changed. The level rows are locked before the one statement that looks and takes; the table's CHECK stands behind it.
    """
    if not wants:
        return {}
    if any(want.quantity <= 0 for want in wants):
        raise DomainError("引当する数量は 1 以上にしてください。", way_out="明細の数量を確かめてください。")
    rows = _with_parts(wants)
    lock((sku_id, want.location_id) for want, sku_id, _, _ in rows)
    with connection.cursor() as cursor:
        cursor.execute(
            RESERVE,
            [
                [want.reference for want, *_ in rows],
                [sku_id for _, sku_id, _, _ in rows],
                [want.location_id for want, *_ in rows],
                [want.quantity * per_set for want, _, _, per_set in rows],
                [want.queued_at for want, *_ in rows],
                [set_id for _, _, set_id, _ in rows],
                [per_set for _, _, _, per_set in rows],
                clock.today(),
            ],
        )
        held: dict[str, int] = {}
        for reference, whole in cursor.fetchall():
            held[reference] = min(whole, held.get(reference, whole))
        return held


def _with_parts(wants: Sequence[Want]) -> list[tuple[Want, int, int | None, int]]:
    """(line, SKU that lies on the shelf, its set, pieces per set): a line of a set becomes one row per part."""
    parts = catalog.parts_of(want.sku_id for want in wants)
    rows: list[tuple[Want, int, int | None, int]] = []
    for want in wants:
        if mine := parts.get(want.sku_id):
            rows += [(want, part.sku_id, want.sku_id, part.quantity) for part in mine]
        else:
            rows.append((want, want.sku_id, None, 1))
    return rows


@transaction.atomic
def reserve(*, reference: str, sku_id: int, location_id: int, quantity: int, by: Staff | None) -> Reservation:
    """引当（全数）: hold all pieces for one line, or refuse with OutOfStock.

    The WHERE clause is the guard. Two clerks reaching for the last piece meet in the database, and one of them
    updates zero rows.
    """
    catalog.refuse_sets([sku_id])
    level = StockLevel.objects.filter(sku_id=sku_id, location_id=location_id)
    free = F("on_hand") - past_date() - F("reserved")
    if not level.filter(on_hand__gte=F("reserved") + past_date() + quantity).update(
        reserved=F("reserved") + quantity
    ):
        left = level.values_list(free, flat=True).first() or 0
        raise OutOfStock(sku=_sku_code(sku_id), wanted=quantity, free=max(0, left))
    try:
        with transaction.atomic():
            return Reservation.objects.create(
                reference=reference,
                sku_id=sku_id,
                location_id=location_id,
                wanted=quantity,
                quantity=quantity,
            )
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{reference} はすでに引当されています。", way_out="画面を開き直してください。"
        ) from error


def _sku_code(sku_id: int) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT code FROM catalog_sku WHERE id = %s", [sku_id])
        row = cursor.fetchone()
    return row[0] if row else str(sku_id)


@transaction.atomic
def release(references: Sequence[str], *, by: Staff | None) -> int:
    """引当解除: give the pieces of these lines back; the oldest waiting lines get them at once.

    Out: how many reservations were released. Shipped or already released ones are left alone; of a line that has left in
    part only the rest is released.
    """
    found = Reservation.objects.filter(reference__in=list(references), state=Reservation.State.ACTIVE)
    places = set(found.values_list("sku_id", "location_id"))
    if not places:
        return 0
    lock(places)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
              UPDATE stock_reservation r SET quantity = shipped, wanted = CASE WHEN shipped > 0 THEN shipped ELSE wanted END,
                state = CASE WHEN shipped > 0 THEN 'shipped' ELSE 'released' END
              FROM (SELECT id, quantity - shipped AS held FROM stock_reservation
                    WHERE reference = ANY(%s) AND state = 'active' FOR UPDATE) old
              WHERE r.id = old.id RETURNING r.sku_id, r.location_id, old.held
            ), freed AS (
              UPDATE stock_stocklevel l SET reserved = l.reserved - s.held
              FROM (SELECT sku_id, location_id, sum(held)::int AS held FROM gone GROUP BY 1, 2) s
              WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
            )
            SELECT count(*) FROM gone
            """,
            [list(references)],
        )
        count = cursor.fetchone()[0]
    serve_queue(places)
    return count


SHRINK = """
WITH less AS (
  SELECT r.id, r.sku_id, r.location_id, a.pieces * r.per_set AS wanted, least(r.quantity, a.pieces * r.per_set) AS quantity,
    r.quantity AS held
  FROM stock_reservation r JOIN unnest(%s::text[], %s::int[]) AS a(reference, pieces) USING (reference)
  WHERE r.state = 'active' AND a.pieces > 0 AND a.pieces * r.per_set BETWEEN r.shipped AND r.wanted
), gone AS (
  UPDATE stock_reservation r SET wanted = l.wanted, quantity = l.quantity,
    state = CASE WHEN r.shipped = l.wanted THEN 'shipped' ELSE 'active' END
  FROM less l WHERE r.id = l.id
), freed AS (
  UPDATE stock_stocklevel l SET reserved = l.reserved - s.held
  FROM (SELECT sku_id, location_id, sum(held - quantity)::int AS held FROM less GROUP BY 1, 2) s
  WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
)
SELECT count(*) FROM less
"""


@transaction.atomic
def shrink(wanted: Mapping[str, int], *, by: Staff | None) -> None:
    """引当を減らす: line → how many pieces (of a set: sets) it still wants, at least one and no fewer than have left. What it no
    longer wants goes to who waits. Raises ChangedMeanwhile when a line does not stand there like that (any more)."""
    found = Reservation.objects.filter(reference__in=list(wanted), state=Reservation.State.ACTIVE)
    places = set(found.values_list("sku_id", "location_id"))
    lock(places)
    rows = list(found.values_list("reference", flat=True))
    with connection.cursor() as cursor:
        cursor.execute(SHRINK, [list(wanted), list(wanted.values())])
        count = cursor.fetchone()[0]
    if count != len(rows) or set(rows) != set(wanted):
        raise ChangedMeanwhile("引当の状況が変わりました。", way_out="画面を開き直してください。")
    serve_queue(places)


SERVE = """
WITH place AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS p(sku_id, location_id)
), waiting AS (
  SELECT r.id, r.sku_id, r.location_id, r.wanted - r.quantity AS missing,
    l.on_hand - akinai_past_date(l.sku_id, l.location_id, %s) - l.reserved AS free,
    sum(r.wanted - r.quantity) OVER (PARTITION BY r.sku_id, r.location_id ORDER BY r.queued_at, r.id) AS upto
  FROM stock_reservation r JOIN place USING (sku_id, location_id) JOIN stock_stocklevel l USING (sku_id, location_id)
  WHERE r.state = 'active' AND r.quantity < r.wanted AND l.on_hand > l.reserved
), got AS (
  SELECT *, greatest(0, least(missing, free - (upto - missing)))::int AS take FROM waiting
), held AS (
  UPDATE stock_stocklevel l SET reserved = l.reserved + s.take
  FROM (SELECT sku_id, location_id, sum(take)::int AS take FROM got GROUP BY 1, 2 HAVING sum(take) > 0) s
  WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
)
UPDATE stock_reservation r SET quantity = r.quantity + got.take FROM got
WHERE r.id = got.id AND got.take > 0 RETURNING r.reference, r.quantity = r.wanted
"""


def serve_queue(places: Iterable[Place]) -> list[str]:
    """Hand what is free to the lines that wait, oldest first. The caller holds the level rows."""
    pairs = sorted(set(places))
    with connection.cursor() as cursor:
        cursor.execute(SERVE, [[p[0] for p in pairs], [p[1] for p in pairs], clock.today()])
        served = [reference for reference, is_full in cursor.fetchall() if is_full]
    if served:
        events.emit("stock.allocated", references=sorted(served))
    return served


GIVE_UP = """
WITH need AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS n(sku_id, location_id, pieces)
), held AS (
  SELECT r.id, r.sku_id, r.location_id, r.quantity - r.shipped AS quantity, n.pieces,
    sum(r.quantity - r.shipped) OVER (PARTITION BY r.sku_id, r.location_id ORDER BY r.queued_at DESC, r.id DESC) AS upto
  FROM stock_reservation r JOIN need n USING (sku_id, location_id) WHERE r.state = 'active' AND r.quantity > r.shipped
), cut AS (
  SELECT *, least(quantity, greatest(0, pieces - (upto - quantity)))::int AS take FROM held
), freed AS (
  UPDATE stock_stocklevel l SET reserved = l.reserved - s.take
  FROM (SELECT sku_id, location_id, sum(take)::int AS take FROM cut GROUP BY 1, 2) s
  WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
)
UPDATE stock_reservation r SET quantity = r.quantity - cut.take FROM cut
WHERE r.id = cut.id AND cut.take > 0 RETURNING r.reference
"""


def give_up(pieces: Mapping[Place, int]) -> list[str]:
    """引当を外す: so many promised pieces do not exist; the newest lines wait again. The caller holds the level rows and takes
    the pieces out in the same transaction."""
    if not pieces:
        return []
    places = sorted(pieces)
    with connection.cursor() as cursor:
        cursor.execute(GIVE_UP, [[p[0] for p in places], [p[1] for p in places], [pieces[p] for p in places]])
        lost = [reference for (reference,) in cursor.fetchall()]
    if lost:
        events.emit("stock.shortened", references=sorted(lost))
    return lost
