"""棚卸で数える: a count is compared with the book of its own moment; of goods with lots, lot by lot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F, Max, Sum
from django.db.models.functions import Coalesce

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.core.money import MAX_QUANTITY
from akinai.stock.models import Lot, LotLevel, StockEntry, Stocktake, StocktakeLine
from akinai.stock.queries.stocktakes import lots_to_count
from akinai.stock.services.lots import UNKNOWN, known_or_new
from akinai.stock.services.movements import LotTag
from akinai.stock.services.places import lock
from akinai.stock.states import StocktakeState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def list_lines(stocktake: Stocktake, sku_ids: Sequence[int]) -> None:
    """数える明細: one per SKU; of goods with lots one per lot that lies there, or one for ロット不明 where none does."""
    tracked = catalog.lot_tracked(sku_ids)
    lots: dict[int, list[int]] = {}
    there = LotLevel.objects.filter(lot__sku_id__in=tracked, location_id=stocktake.location_id, on_hand__gt=0)
    turn = (F("lot__expires_on").asc(nulls_last=True), "lot_id")
    for sku_id, lot_id in there.order_by(*turn).values_list("lot__sku_id", "lot_id"):
        lots.setdefault(sku_id, []).append(lot_id)
    for sku_id in tracked - set(lots):
        lots[sku_id] = [known_or_new(sku_id, LotTag(UNKNOWN)).pk]
    none: list[int | None] = [None]
    StocktakeLine.objects.bulk_create(
        (StocktakeLine(stocktake=stocktake, sku_id=pk, lot_id=lot) for pk in sku_ids for lot in lots.get(pk, none)),
        batch_size=5000,
    )  # fmt: skip


@transaction.atomic
def count(
    stocktake: Stocktake,
    sku_id: int,
    pieces: int,
    *,
    adds: bool = False,
    at: datetime | None = None,
    lot: LotTag | None = None,
    lot_id: int | None = None,
    by: Staff | None,
) -> StocktakeLine:
    """数える: `pieces` lie there, or with `adds` so many more than counted so far. The book is kept as it stands now, or
    stood at `at` for counts that were written down earlier.

    Of goods with lots the lot is counted that is told (`lot` as it stands on the goods, or `lot_id`); untold only where there
    is but one, else DomainError. A line that must be counted again keeps its first count.
    """
    found = open_for_counting(stocktake)
    catalog.refuse_sets([sku_id])
    lock([(sku_id, found.location_id)])
    mine: dict[str, Any] = {
        "stocktake": found,
        "sku_id": sku_id,
        "lot_id": _lot_of(found, sku_id, lot, lot_id),
    }
    line, _ = StocktakeLine.objects.select_for_update(no_key=True).get_or_create(**mine)
    if line.needs_recount:
        line.first_counted, line.first_book, line.first_by_id = line.counted, line.book, line.counted_by_id
        line.counted, line.needs_recount = None, False
    was = line.counted
    line.counted = (was or 0) + pieces if adds else pieces
    if not 0 <= line.counted <= MAX_QUANTITY:
        raise DomainError(
            f"数が {line.counted:,} 点になります。", way_out=f"0～{MAX_QUANTITY:,} 点で入れてください。"
        )
    line.book, line.after_entry = _book(line, found.location_id, at)
    if was is None or not adds:
        line.began_entry = line.after_entry
    line.counted_at, line.counted_by = at or clock.now(), by
    line.save()
    return line


@dataclass(frozen=True, slots=True)
class Counted:
    """数えた数 as typed or pasted: one line, of goods with lots one lot."""

    sku_id: int
    pieces: int
    lot: LotTag | None = None
    told: str = ""


@transaction.atomic
def count_all(stocktake: Stocktake, counts: Sequence[Counted], *, by: Staff | None) -> int:
    """まとめて数える: all of them or none. Raises DomainError that names every line that could not be counted."""
    wrong: list[str] = []
    for one in sorted(counts, key=lambda one: one.sku_id):
        try:
            with transaction.atomic():
                count(stocktake, one.sku_id, one.pieces, lot=one.lot, by=by)
        except ImpossibleMove:
            raise
        except DomainError as refusal:
            wrong.append(f"{one.told}: {refusal.message}{refusal.way_out}")
    if wrong:
        raise DomainError(
            "\n".join(wrong[:20]), way_out="" if len(wrong) <= 20 else f"ほか {len(wrong) - 20:,} 行。"
        )
    return len(counts)


def _lot_of(found: Stocktake, sku_id: int, tag: LotTag | None, lot_id: int | None) -> int | None:
    """Which lot of the goods is counted; None where their lots are not tracked, or were not when the stocktake began."""
    if not catalog.lot_tracked([sku_id]) or found.lines.filter(sku_id=sku_id, lot=None).exists():
        return None
    if lot_id is not None:
        if not Lot.objects.filter(pk=lot_id, sku_id=sku_id).exists():
            raise DomainError("この商品のロットではありません。", way_out="ロットを選び直してください。")
        return lot_id
    if tag and tag.code.strip():
        return known_or_new(sku_id, tag).pk
    known = lots_to_count(found, sku_id)
    if len(known) > 1:
        raise DomainError(
            f"ロットが {len(known):,} つあります（{'、'.join(lot.code for lot in known[:5])}{'…' if known[5:] else ''}）。",
            way_out="どのロットを数えたかを選ぶか、ロットの入ったバーコードを読み取ってください。",
        )
    return known[0].pk if known else known_or_new(sku_id, LotTag(UNKNOWN)).pk


def open_for_counting(stocktake: Stocktake) -> Stocktake:
    """Held with a share, so that many people count at once and nobody closes meanwhile."""
    found = Stocktake.objects.raw("SELECT * FROM stock_stocktake WHERE id = %s FOR SHARE", [stocktake.pk])[0]
    if found.state != StocktakeState.OPEN:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので数えられません。",
            way_out="数え直すときは、棚卸の画面で「数え直しに戻す」を押してください。",
        )
    return found


def _book(line: StocktakeLine, location_id: int, at: datetime | None) -> tuple[int, int]:
    """(pieces, last row) of the ledger now, or of the rows up to `at`; of a lot its own pieces. The caller holds the level."""
    entries = StockEntry.objects.filter(sku_id=line.sku_id, location_id=location_id)
    last: int = (entries.filter(at__lte=at) if at else entries).aggregate(last=Coalesce(Max("id"), 0))["last"]
    mine = entries.filter(lot_id=line.lot_id) if line.lot_id else entries
    total = mine.filter(id__lte=last).aggregate(total=Coalesce(Sum("quantity"), 0))["total"]
    return total, last


@transaction.atomic
def drop_count(line: StocktakeLine, *, by: Staff | None) -> None:
    """数えた数を消す: as if it had not been counted."""
    open_for_counting(line.stocktake)
    StocktakeLine.objects.filter(pk=line.pk).update(
        counted=None, book=None, counted_at=None, counted_by=None, needs_recount=False
    )


def count_as_gone(found: Stocktake, sku_ids: Iterable[int], by: Staff | None) -> None:
    """0 for all that was not counted, beside the book of this moment, in one statement."""
    lock((pk, found.location_id) for pk in sku_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE stock_stocktakeline l SET counted = 0, counted_at = %s, counted_by_id = %s,
              book = CASE WHEN n.lot_id IS NULL THEN v.on_hand ELSE coalesce(t.on_hand, 0) END,
              after_entry = coalesce(e.last, 0), began_entry = coalesce(e.last, 0)
            FROM stock_stocktakeline n JOIN stock_stocklevel v ON v.sku_id = n.sku_id AND v.location_id = %s
            LEFT JOIN stock_lotlevel t ON t.lot_id = n.lot_id AND t.location_id = v.location_id
            LEFT JOIN LATERAL (
              SELECT max(id) AS last FROM stock_stockentry s WHERE s.sku_id = v.sku_id AND s.location_id = v.location_id
            ) e ON true
            WHERE l.id = n.id AND n.stocktake_id = %s AND n.counted IS NULL
            """,
            [clock.now(), by.pk if by else None, found.location_id, found.pk],
        )
