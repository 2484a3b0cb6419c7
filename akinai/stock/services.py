"""What may be done to stock (在庫の操作): post, reverse, reserve, release, ship.

Every statement that decides is conditional or runs under row locks taken in (sku, location) order, so two acts never
promise the same piece and never wait for each other in a ring.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction
from django.db.models import F

from akinai.core import clock, events
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock.errors import NotEnoughStock, OutOfStock
from akinai.stock.models import Reservation, StockEntry, StockLevel

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


@dataclass(frozen=True, slots=True)
class Take:
    """出荷する引当: the whole reservation of `reference`, which must hold exactly `quantity`.

    `document` is the paper it leaves by, where several papers leave in one statement.
    """

    reference: str
    sku_id: int
    location_id: int
    quantity: int
    document: str = ""


@dataclass(frozen=True, slots=True)
class Movement:
    """入出庫 to post. `key` makes posting the same fact twice impossible; `quantity` is signed."""

    sku_id: int
    location_id: int
    kind: str
    quantity: int
    reference: str
    key: str
    unit_cost: Decimal | None = None
    note: str = ""
    at: datetime | None = None


Place = tuple[int, int]  # (sku_id, location_id)


def _lock(places: Iterable[Place]) -> None:
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


RESERVE = """
WITH asked AS (
  SELECT * FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[], %s::timestamptz[])
    WITH ORDINALITY AS a(reference, sku_id, location_id, wanted, queued_at, nth)
), want AS (
  SELECT a.*, sum(a.wanted) OVER (PARTITION BY a.sku_id, a.location_id ORDER BY a.queued_at, a.nth) AS upto
  FROM asked a
  WHERE NOT EXISTS (SELECT FROM stock_reservation r WHERE r.reference = a.reference AND r.sku_id = a.sku_id
                    AND r.location_id = a.location_id AND r.state <> 'released')
), got AS (
  SELECT w.*, greatest(0, least(w.wanted, l.on_hand - l.reserved - (w.upto - w.wanted)))::int AS take
  FROM want w JOIN stock_stocklevel l USING (sku_id, location_id)
), held AS (
  UPDATE stock_stocklevel l SET reserved = l.reserved + s.take
  FROM (SELECT sku_id, location_id, sum(take)::int AS take FROM got GROUP BY 1, 2 HAVING sum(take) > 0) s
  WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
)
INSERT INTO stock_reservation (reference, sku_id, location_id, wanted, quantity, state, queued_at)
SELECT reference, sku_id, location_id, wanted, take, 'active', queued_at FROM got ORDER BY nth
ON CONFLICT (reference, sku_id, location_id) DO UPDATE
  SET wanted = excluded.wanted, quantity = excluded.quantity, state = 'active', queued_at = excluded.queued_at
  WHERE stock_reservation.state = 'released'
RETURNING reference, quantity
"""


@transaction.atomic(savepoint=False)
def reserve_lines(wants: Sequence[Want], *, by: Staff | None) -> dict[str, int]:
    """引当: hold what there is for each line, oldest first; what is missing waits in the queue.

    Out: how many pieces each new reservation holds (0 … wanted). A line that already has a live reservation is left
    alone and not in the answer, so asking twice is harmless. The level rows are locked before the one statement that
    looks and takes; the table's CHECK stands behind it.
    """
    if not wants:
        return {}
    if any(want.quantity <= 0 for want in wants):
        raise DomainError("引当する数量は 1 以上にしてください。", way_out="明細の数量を確かめてください。")
    _lock((want.sku_id, want.location_id) for want in wants)
    with connection.cursor() as cursor:
        cursor.execute(
            RESERVE,
            [
                [want.reference for want in wants],
                [want.sku_id for want in wants],
                [want.location_id for want in wants],
                [want.quantity for want in wants],
                [want.queued_at for want in wants],
            ],
        )
        return dict(cursor.fetchall())


@transaction.atomic
def reserve(*, reference: str, sku_id: int, location_id: int, quantity: int, by: Staff | None) -> Reservation:
    """引当（全数）: hold all pieces for one line, or refuse with OutOfStock.

    The WHERE clause is the guard. Two clerks reaching for the last piece meet in the database, and one of them
    updates zero rows.
    """
    level = StockLevel.objects.filter(sku_id=sku_id, location_id=location_id)
    free = F("on_hand") - F("reserved")
    if not level.filter(on_hand__gte=F("reserved") + quantity).update(reserved=F("reserved") + quantity):
        left = level.values_list(free, flat=True).first() or 0
        raise OutOfStock(sku=_sku_code(sku_id), wanted=quantity, free=left)
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

    Out: how many reservations were released. Shipped or already released ones are left alone.
    """
    found = Reservation.objects.filter(reference__in=list(references), state=Reservation.State.ACTIVE)
    places = set(found.values_list("sku_id", "location_id"))
    if not places:
        return 0
    _lock(places)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (
              UPDATE stock_reservation r SET state = 'released', quantity = 0
              FROM (SELECT id, quantity AS held FROM stock_reservation
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
    _serve_queue(places)
    return count


SERVE = """
WITH place AS (
  SELECT * FROM unnest(%s::bigint[], %s::bigint[]) AS p(sku_id, location_id)
), waiting AS (
  SELECT r.id, r.sku_id, r.location_id, r.wanted - r.quantity AS missing, l.on_hand - l.reserved AS free,
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


def _serve_queue(places: Iterable[Place]) -> list[str]:
    """Hand what is free to the lines that wait, oldest first. The caller holds the level rows."""
    pairs = sorted(set(places))
    with connection.cursor() as cursor:
        cursor.execute(SERVE, [[p[0] for p in pairs], [p[1] for p in pairs]])
        served = [reference for reference, is_full in cursor.fetchall() if is_full]
    if served:
        events.emit("stock.allocated", references=sorted(served))
    return served


@transaction.atomic
def post(movements: Sequence[Movement], *, by: Staff | None) -> list[StockEntry]:
    """入出庫の計上: all of them or none, ledger and level in one transaction.

    Raises NotEnoughStock when goods that are promised would be taken, ChangedMeanwhile when a `key` was posted before.
    What comes in goes to the waiting lines at once.
    """
    if not movements:
        return []
    places = {(m.sku_id, m.location_id) for m in movements}
    _lock(places)
    entries = _write_entries(movements, by)
    _move_levels(movements)
    if any(m.quantity > 0 for m in movements):
        _serve_queue(places)
    return entries


def _write_entries(movements: Sequence[Movement], by: Staff | None) -> list[StockEntry]:
    now = clock.now()
    rows = [
        StockEntry(
            sku_id=m.sku_id, location_id=m.location_id, kind=m.kind, quantity=m.quantity, unit_cost=m.unit_cost,
            reference=m.reference, key=m.key, note=m.note, at=m.at or now, by_id=by.pk if by else None,
        )
        for m in movements
    ]  # fmt: skip
    try:
        with transaction.atomic():
            return StockEntry.objects.bulk_create(rows, batch_size=5000)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{movements[0].reference} はすでに在庫に計上されています。",
            way_out="入出庫台帳で確かめてください。",
        ) from error


def _move_levels(movements: Sequence[Movement]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (
              SELECT sku_id, location_id, sum(quantity)::int AS quantity
              FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS m(sku_id, location_id, quantity) GROUP BY 1, 2
            ), done AS (
              UPDATE stock_stocklevel l SET on_hand = l.on_hand + m.quantity FROM moved m
              WHERE l.sku_id = m.sku_id AND l.location_id = m.location_id
                AND l.on_hand + m.quantity >= l.reserved RETURNING l.sku_id, l.location_id
            )
            SELECT s.code, l.on_hand, l.reserved, m.quantity FROM moved m
            JOIN stock_stocklevel l USING (sku_id, location_id) JOIN catalog_sku s ON s.id = m.sku_id
            WHERE l.on_hand + m.quantity < l.reserved
            """,
            [
                [m.sku_id for m in movements],
                [m.location_id for m in movements],
                [m.quantity for m in movements],
            ],
        )
        short = cursor.fetchall()
    if short:
        code, on_hand, reserved, quantity = short[0]
        raise NotEnoughStock(
            f"SKU {code} は現在庫 {on_hand} 点のうち {reserved} 点が引当済みです。{-quantity} 点は出庫できません。",
            way_out="先に受注の引当を解除するか、数量を確かめてください。",
        )


@transaction.atomic
def reverse(
    entry_ids: Sequence[int], *, by: Staff | None, note: str, reference: str = ""
) -> list[StockEntry]:
    """取消: answer each entry by its opposite. An entry can be reversed once; a reversal cannot be reversed."""
    originals = list(StockEntry.objects.filter(pk__in=entry_ids).order_by("id"))
    if any(entry.reverses_id for entry in originals) or len(originals) != len(set(entry_ids)):
        raise DomainError("取消の行は取り消せません。", way_out="正しい数量を新しく計上してください。")
    _lock((entry.sku_id, entry.location_id) for entry in originals)
    if StockEntry.objects.filter(reverses_id__in=entry_ids).exists():
        raise ChangedMeanwhile("すでに取り消されています。", way_out="入出庫台帳で確かめてください。")
    now = clock.now()
    rows = [
        StockEntry(
            sku_id=e.sku_id, location_id=e.location_id, kind=StockEntry.Kind.REVERSAL, quantity=-e.quantity,
            unit_cost=e.unit_cost, reference=reference or e.reference, key=f"reverse:{e.pk}", note=note,
            reverses_id=e.pk, at=now, by_id=by.pk if by else None,
        )
        for e in originals
    ]  # fmt: skip
    made = StockEntry.objects.bulk_create(rows)
    opposite = [Movement(e.sku_id, e.location_id, "", -e.quantity, e.reference, "") for e in originals]
    _move_levels(opposite)
    _serve_queue((e.sku_id, e.location_id) for e in originals if e.quantity < 0)
    return made


@transaction.atomic
def ship(
    takes: Sequence[Take], *, document: str = "", by: Staff | None, at: datetime | None = None
) -> list[StockEntry]:
    """出庫: what was promised leaves. Each reservation must still hold the whole quantity, else nothing moves."""
    _lock((take.sku_id, take.location_id) for take in takes)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE stock_reservation r SET state = 'shipped'
            FROM unnest(%s::text[], %s::bigint[], %s::bigint[], %s::int[]) AS t(reference, sku_id, location_id, quantity)
            WHERE r.reference = t.reference AND r.sku_id = t.sku_id AND r.location_id = t.location_id
              AND r.state = 'active' AND r.quantity = t.quantity
            RETURNING r.reference
            """,
            [
                [t.reference for t in takes],
                [t.sku_id for t in takes],
                [t.location_id for t in takes],
                [t.quantity for t in takes],
            ],
        )
        done = {row[0] for row in cursor.fetchall()}
        missing = [take.reference for take in takes if take.reference not in done]
        if missing:
            raise ChangedMeanwhile(
                f"{missing[0]} の引当がそろっていないか、すでに出荷されています。",
                way_out="受注の引当状況を確かめてください。",
            )
        cursor.execute(
            """
            UPDATE stock_stocklevel l SET on_hand = l.on_hand - s.quantity, reserved = l.reserved - s.quantity
            FROM (SELECT sku_id, location_id, sum(quantity)::int AS quantity
                  FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS t(sku_id, location_id, quantity)
                  GROUP BY 1, 2) s
            WHERE l.sku_id = s.sku_id AND l.location_id = s.location_id
            """,
            [[t.sku_id for t in takes], [t.location_id for t in takes], [t.quantity for t in takes]],
        )
    return _write_entries(
        [
            Movement(
                t.sku_id,
                t.location_id,
                StockEntry.Kind.SHIPMENT,
                -t.quantity,
                t.document or document,
                f"ship:{t.reference}",
                at=at,
            )
            for t in takes
        ],
        by,
    )
