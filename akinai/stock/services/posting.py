"""入出庫の計上と取消: the ledger grows and the level follows, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, connection, transaction

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import StockEntry
from akinai.stock.services.expiring import refuse_broken_promises
from akinai.stock.services.lots import move_lots, with_lots
from akinai.stock.services.movements import Movement
from akinai.stock.services.places import lock
from akinai.stock.services.reserving import serve_queue
from akinai.stock.services.valuing import record_values

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def post(movements: Sequence[Movement], *, by: Staff | None) -> list[StockEntry]:
    """入出庫の計上: all of them or none, ledger and level in one transaction.

    Raises NotEnoughStock when goods that are promised would be taken, ChangedMeanwhile when a `key` was posted before, and
    refuses sets, which have no stock of their own.
    What comes in goes to the waiting lines at once.
    """
    if not movements:
        return []
    catalog.refuse_sets(m.sku_id for m in movements)
    places = {(m.sku_id, m.location_id) for m in movements}
    lock(places)
    _move_levels(movements)
    entries = write_entries(with_lots(movements), by)
    refuse_broken_promises(
        (m.sku_id, m.location_id)
        for m in movements
        if m.quantity < 0 and (m.lot_id or m.kind == StockEntry.Kind.TRANSFER)
    )
    if any(m.quantity > 0 for m in movements):
        serve_queue(places)
    return entries


def write_entries(movements: Sequence[Movement], by: Staff | None) -> list[StockEntry]:
    now = clock.now()
    rows = [
        StockEntry(
            sku_id=m.sku_id, location_id=m.location_id, lot_id=m.lot_id, kind=m.kind, quantity=m.quantity, unit_cost=m.unit_cost,
            reference=m.reference, key=m.key, note=m.note, at=m.at or now, by_id=by.pk if by else None,
        )
        for m in movements
    ]  # fmt: skip
    try:
        with transaction.atomic():
            made = StockEntry.objects.bulk_create(rows, batch_size=5000)
    except IntegrityError as error:
        raise ChangedMeanwhile(
            f"{movements[0].reference} はすでに在庫に計上されています。",
            way_out="入出庫台帳で確かめてください。",
        ) from error
    move_lots(made)
    record_values(made)
    return made


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
    lock((entry.sku_id, entry.location_id) for entry in originals)
    if StockEntry.objects.filter(reverses_id__in=entry_ids).exists():
        raise ChangedMeanwhile("すでに取り消されています。", way_out="入出庫台帳で確かめてください。")
    opposite = [Movement(e.sku_id, e.location_id, "", -e.quantity, e.reference, "") for e in originals]
    _move_levels(opposite)
    made = StockEntry.objects.bulk_create(opposites(originals, by=by, note=note, reference=reference))
    move_lots(made)
    refuse_broken_promises((e.sku_id, e.location_id) for e in made if e.lot_id and e.quantity < 0)
    record_values(made)
    serve_queue((e.sku_id, e.location_id) for e in originals if e.quantity < 0)
    return made


def opposites(
    originals: Sequence[StockEntry], *, by: Staff | None, note: str, reference: str = ""
) -> list[StockEntry]:
    """取消の行: each row's opposite, naming the row it answers; not written yet."""
    now = clock.now()
    return [
        StockEntry(
            sku_id=e.sku_id, location_id=e.location_id, lot_id=e.lot_id, kind=StockEntry.Kind.REVERSAL, quantity=-e.quantity,
            unit_cost=e.unit_cost, reference=reference or e.reference, key=f"reverse:{e.pk}", note=note,
            reverses_id=e.pk, at=now, by_id=by.pk if by else None,
        )
        for e in originals
    ]  # fmt: skip
