"""ロット: what comes is put to its lot, what leaves is taken from the lot that expires first.

Whoever is here holds the levels of SKU and place, so nobody else changes the lots there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.stock.errors import NotEnoughStock
from akinai.stock.models import Lot, LotLevel, StockEntry, StockLevel, StocktakeLine
from akinai.stock.services.expiring import settle_dates
from akinai.stock.services.movements import LotTag, Movement
from akinai.stock.services.places import Place, lock
from akinai.stock.states import StocktakeState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

K = StockEntry.Kind
LIVE = (StocktakeState.OPEN, StocktakeState.COUNTED)
UNKNOWN, BEFORE = "ロット不明", "ロット管理の前"


def with_lots(movements: Sequence[Movement]) -> list[Movement]:
    """The same movements with their lots; one that leaves from several lots becomes several.

    Raises NotEnoughStock when only expired lots are left to ship or to move, DomainError when a lot is told another expiry.
    """
    tracked = catalog.lot_tracked({m.sku_id for m in movements})
    if not tracked:
        return list(movements)
    shelves = _shelves((m.sku_id, m.location_id) for m in movements if m.sku_id in tracked)
    made: list[Movement] = []
    for move in movements:
        if move.sku_id not in tracked:
            made.append(move)
        elif move.lot_id is not None or move.quantity > 0:
            made.append(_put(move, shelves))
        else:
            made += _taken(move, shelves[move.sku_id, move.location_id])
    return made


type Shelf = dict[int, tuple[Lot, int]]  # lot id → the lot and its pieces, the first to leave first


def _shelves(places: Iterable[Place]) -> dict[Place, Shelf]:
    wanted = set(places)
    rows = (
        LotLevel.objects.filter(lot__sku_id__in={sku for sku, _ in wanted}, on_hand__gt=0)
        .select_related("lot__sku").order_by("lot__received_on", "lot_id")
    )  # fmt: skip
    shelves: dict[Place, Shelf] = defaultdict(dict)
    for row in sorted(rows, key=lambda row: row.lot.expires_on or date.max):
        shelves[row.lot.sku_id, row.location_id][row.lot_id] = (row.lot, row.on_hand)
    return shelves


def _put(move: Movement, shelves: dict[Place, Shelf]) -> Movement:
    """Comes to its own lot, or leaves (or comes) by the lot that is named."""
    lot = (
        Lot.objects.get(pk=move.lot_id)
        if move.lot_id
        else known_or_new(move.sku_id, move.lot or LotTag(UNKNOWN))
    )
    shelf = shelves[move.sku_id, move.location_id]
    pieces = shelf.get(lot.pk, (lot, 0))[1] + move.quantity
    if pieces < 0:
        raise NotEnoughStock(
            f"ロット {lot.code} は {pieces - move.quantity:,} 点しかありません。",
            way_out="ロットの在庫を確かめてください。",
        )
    shelf[lot.pk] = (lot, pieces)
    return replace(move, lot_id=lot.pk)


def known_or_new(sku_id: int, tag: LotTag) -> Lot:
    """The lot of this number; made when it is new. Raises DomainError when it is told another expiry."""
    code = tag.code.strip()[:40] or UNKNOWN
    lot, is_new = Lot.objects.get_or_create(
        sku_id=sku_id, code=code, defaults={"expires_on": tag.expires_on, "received_on": clock.today()}
    )
    if not is_new and tag.expires_on and lot.expires_on != tag.expires_on:
        known = f"{lot.expires_on:%Y/%m/%d}" if lot.expires_on else "なし"
        raise DomainError(
            f"ロット {code} の期限は {known} です。{tag.expires_on:%Y/%m/%d} ではありません。",
            way_out="ロット番号か期限を確かめてください。",
        )
    return lot


def _taken(move: Movement, shelf: Shelf) -> list[Movement]:
    """先に期限が来るものから: the pieces, lot by lot. Expired ones are never shipped, and moved only when asked for."""
    need, parts = -move.quantity, list[Movement]()
    for pk, (lot, pieces) in _in_turn(move, shelf):
        if not need:
            break
        take = min(need, pieces)
        shelf[pk] = (lot, pieces - take)
        key = f"{move.key}#{pk}" if parts else move.key
        parts.append(replace(move, quantity=-take, key=key, lot_id=pk))
        need -= take
    if need:
        raise _too_few(move, need, expired=any(pieces for _, pieces in shelf.values()))
    return parts


def _in_turn(move: Movement, shelf: Shelf) -> list[tuple[int, tuple[Lot, int]]]:
    """The lots this movement may take from, in its order."""
    today, kind = clock.today(), move.kind
    there = [(pk, held) for pk, held in shelf.items() if held[1]]
    if kind == K.SHIPMENT or (kind == K.TRANSFER and not move.takes_expired):
        return [(pk, held) for pk, held in there if held[0].may_ship(today)]
    if kind == K.COUNT:
        # What a lot lacks after its last piece was sold was sold from the next lot that may be shipped.
        return sorted(there, key=lambda one: not one[1][0].may_ship(today))
    return there


def _too_few(move: Movement, need: int, *, expired: bool) -> NotEnoughStock:
    code = catalog.sku_rows([move.sku_id])[move.sku_id].code
    if expired:
        return NotEnoughStock(
            f"SKU {code} は期限の切れていない商品が {need:,} 点足りません。",
            way_out="在庫移動なら「期限の過ぎたロットも出す」を選ぶか数を減らし、出荷なら入荷を待ってください。",
        )
    return NotEnoughStock(
        f"SKU {code} はロットの在庫が {need:,} 点足りません。", way_out="ロットの在庫を確かめてください。"
    )


def move_lots(entries: Sequence[StockEntry]) -> None:
    """The lots' pieces follow the ledger. Raises NotEnoughStock when a lot would fall below nothing."""
    moved: dict[Place, int] = defaultdict(int)
    for entry in entries:
        if entry.lot_id:
            moved[entry.lot_id, entry.location_id] += entry.quantity
    if not moved:
        return
    places = sorted(moved)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH moved AS (SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS m(lot_id, location_id, pieces)),
            made AS (INSERT INTO stock_lotlevel (lot_id, location_id, on_hand)
              SELECT lot_id, location_id, pieces FROM moved m WHERE pieces >= 0 AND NOT EXISTS (
                SELECT FROM stock_lotlevel l WHERE l.lot_id = m.lot_id AND l.location_id = m.location_id) RETURNING lot_id, location_id),
            done AS (UPDATE stock_lotlevel l SET on_hand = l.on_hand + m.pieces FROM moved m
              WHERE l.lot_id = m.lot_id AND l.location_id = m.location_id AND l.on_hand + m.pieces >= 0
              RETURNING l.lot_id, l.location_id)
            SELECT t.code FROM moved m JOIN stock_lot t ON t.id = m.lot_id
            WHERE (m.lot_id, m.location_id) NOT IN (SELECT * FROM made UNION ALL SELECT * FROM done)
            """,
            [[p[0] for p in places], [p[1] for p in places], [moved[p] for p in places]],
        )
        short = cursor.fetchall()
    if short:
        raise NotEnoughStock(
            f"ロット {short[0][0]} の商品はもう出ています。",
            way_out="期限一覧でロットの在庫を確かめてください。",
        )


@transaction.atomic
def start_lots(sku_id: int, *, by: Staff | None) -> None:
    """ロット管理の開始: what lies there becomes one lot without expiry; from now on every movement names its lot."""
    from akinai.stock.services.posting import post

    if catalog.lot_tracked([sku_id]):
        raise DomainError("この商品はすでにロットを管理しています。", way_out="画面を開き直してください。")
    lock(
        (sku_id, place)
        for place in StockLevel.objects.filter(sku_id=sku_id).values_list("location_id", flat=True)
    )
    _refuse_while_counted(sku_id)
    levels = StockLevel.objects.filter(sku_id=sku_id, on_hand__gt=0).order_by("location_id")
    lot = known_or_new(sku_id, LotTag(BEFORE)) if levels else None
    moves = []
    for level in levels:
        key = f"lots:{sku_id}:{level.location_id}:{lot.pk if lot else 0}"
        told = (sku_id, level.location_id, StockEntry.Kind.TRANSFER)
        moves += [
            Movement(*told, -level.on_hand, "ロット管理の開始", f"{key}:out"),
            Movement(*told, level.on_hand, "ロット管理の開始", f"{key}:in", lot_id=lot.pk if lot else None),
        ]
    post(moves, by=by)
    catalog_services.track_lots(sku_id, by=by)


def _refuse_while_counted(sku_id: int) -> None:
    """Counted as a whole, goods are posted as a whole."""
    live = (
        StocktakeLine.objects.filter(sku_id=sku_id, stocktake__state__in=LIVE)
        .select_related("stocktake")
        .first()
    )
    if live:
        raise DomainError(
            f"棚卸 {live.stocktake.number} で数えている途中の商品です。",
            way_out="棚卸を計上するか中止してから、ロット管理を始めてください。",
        )


@transaction.atomic
def set_lot_rule(
    sku_id: int, *, shelf_life_days: int | None, ship_days_before: int, by: Staff | None
) -> None:
    """ロットの決まり: 賞味期間, and how many days before the expiry shipping stops. Promises follow at once."""
    if shelf_life_days is not None and ship_days_before >= shelf_life_days:
        raise DomainError(
            f"出荷期限（{ship_days_before:,} 日前）が賞味期間（{shelf_life_days:,} 日）以上なので、1 日も出荷できません。",
            way_out="日数を確かめてください。",
        )
    catalog_services.set_lot_rule(
        sku_id, shelf_life_days=shelf_life_days, ship_days_before=ship_days_before, by=by
    )
    settle_dates([sku_id])


@transaction.atomic
def name_lot(lot: Lot, *, code: str, expires_on: date | None, by: Staff | None) -> Lot:
    """ロット番号と期限を付ける: for goods that came without, or told wrongly. The pieces stay where they are."""
    told = code.strip()[:40]
    if not told:
        raise DomainError("ロット番号が空欄です。", way_out="箱や袋に書かれた番号を入れてください。")
    if Lot.objects.filter(sku_id=lot.sku_id, code=told).exclude(pk=lot.pk).exists():
        raise DomainError(
            f"この商品のロット {told} はすでにあります。",
            way_out="番号を確かめ、別の箱なら枝番を付けてください（例: 0123-2）。",
        )
    before = f"{lot.code} {lot.expires_on or '期限なし'}"
    lot.code, lot.expires_on = told, expires_on
    lot.save(update_fields=["code", "expires_on"])
    settle_dates([lot.sku_id])
    activity.record(lot, "change", by=by, summary=f"{before} → {told} {expires_on or '期限なし'}")
    return lot


@transaction.atomic
def throw_away(levels: Sequence[LotLevel], *, reason: str, by: Staff | None) -> list[StockEntry]:
    """期限切れの廃棄: the pieces of these lots leave the books, with a reason. Promises that only expired pieces could keep
    wait again; pieces that are promised and may still be shipped refuse it (NotEnoughStock)."""
    from akinai.stock.services.posting import post

    if not reason.strip():
        raise DomainError("廃棄の理由が空欄です。", way_out="理由を書いてください。")
    lock((level.lot.sku_id, level.location_id) for level in levels)
    settle_dates({level.lot.sku_id for level in levels})
    now = dict(LotLevel.objects.filter(pk__in=[level.pk for level in levels]).values_list("pk", "on_hand"))
    stamp = clock.now().strftime("%Y%m%d%H%M%S%f")
    return post(
        [
            Movement(
                level.lot.sku_id, level.location_id, StockEntry.Kind.ADJUSTMENT, -now[level.pk], "期限切れの廃棄",
                f"expired:{level.pk}:{stamp}", note=reason.strip()[:200], lot_id=level.lot_id,
            )
            for level in levels if now.get(level.pk)
        ],
        by=by,
    )  # fmt: skip
