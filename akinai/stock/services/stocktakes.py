"""棚卸の操作: opened, counted while selling goes on (`counting`), closed, posted once.

A count is compared with the book of its own moment, so what moves afterwards changes nothing of the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.stock.models import Lot, LotLevel, StockEntry, StockLevel, Stocktake, StocktakeLine
from akinai.stock.queries.levels import tracked_past_date, unit_costs
from akinai.stock.services.counting import count_as_gone, list_lines
from akinai.stock.services.lots import with_lots
from akinai.stock.services.movements import Movement
from akinai.stock.services.places import Place, lock
from akinai.stock.services.posting import post, reverse
from akinai.stock.services.reserving import give_up
from akinai.stock.states import StocktakeState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

K = StockEntry.Kind
# What sets the book to a shelf: posted after a count, it has corrected already what the count found.
SETTING = (K.COUNT, K.ADJUSTMENT, K.OPENING)
UNCOUNTED = {
    "refuse": "数えるまで締めない",
    "zero": "棚に無かったものとして 0 にする",
    "skip": "今回の棚卸から外す",
}


@transaction.atomic
def open_stocktake(
    *,
    kind: str,
    location_id: int,
    name: str = "",
    is_blind: bool = True,
    shelf: str = "",
    most: int | None = None,
    sku_ids: Sequence[int] = (),
    recount_pieces: int = 10,
    recount_yen: int = 5000,
    by: Staff | None,
) -> Stocktake:
    """棚卸の開始. Full and cyclic: what lies there, of shelves that begin with `shelf`, the longest not counted first, at most
    `most`; spot: `sku_ids`. Goods found besides are added while counting."""
    ids = list(sku_ids) if kind == Stocktake.Kind.SPOT else _to_count(location_id, shelf, most)
    catalog.refuse_sets(sku_ids)
    if not ids:
        raise DomainError("数える商品がありません。", way_out="場所や棚番の条件を変えてください。")
    made = Stocktake.objects.create(
        number=numbering.take("stocktake")[0], kind=kind, location_id=location_id, name=name.strip(), is_blind=is_blind,
        recount_pieces=recount_pieces, recount_yen=recount_yen, created_by=by,
    )  # fmt: skip
    list_lines(made, ids)
    activity.record(made, "create", by=by, summary=f"{len(ids):,} 品目")
    return made


def _to_count(location_id: int, shelf: str, most: int | None) -> list[int]:
    there = StockLevel.objects.filter(location_id=location_id, on_hand__gt=0)
    if shelf.strip():
        there = there.filter(sku__shelf__startswith=shelf.strip())
    if most is None:
        return list(there.order_by("sku__shelf", "sku__code").values_list("sku_id", flat=True))
    counts = StocktakeLine.objects.filter(sku=OuterRef("sku"), stocktake__location_id=location_id).order_by()
    last = Subquery(counts.values("sku").annotate(last=Max("counted_at")).values("last"))
    longest = there.annotate(last=last).order_by(F("last").asc(nulls_first=True), "sku__shelf", "sku__code")
    return list(longest.values_list("sku_id", flat=True)[:most])


def _locked(stocktake: Stocktake, *states: StocktakeState) -> Stocktake:
    """The row, held until commit, in one of these states."""
    found = Stocktake.objects.select_for_update(no_key=True).get(pk=stocktake.pk)
    if states and found.state not in states:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので、この操作はできません。",
            way_out="画面を開き直して、今の状態を確かめてください。",
        )
    return found


def set_cause(lines: QuerySet[StocktakeLine], *, cause: str, note: str = "", by: Staff | None) -> str:
    """原因を付ける, until it is posted."""
    if cause not in StocktakeLine.Cause.values or not cause:
        raise DomainError("原因が選ばれていません。", way_out="原因を選んでください。")
    live = lines.filter(stocktake__state__in=[StocktakeState.OPEN, StocktakeState.COUNTED])
    changed = StocktakeLine.objects.filter(pk__in=list(live.values_list("pk", flat=True))).update(
        cause=cause, note=note.strip()[:200]
    )
    return f"{changed:,} 行に原因を付けました。"


@transaction.atomic
def close_counts(stocktake: Stocktake, *, uncounted: str = "refuse", by: Staff | None) -> int:
    """締める: out is how many lines must be counted again first (0: closed). `uncounted` says what becomes of the rest."""
    found = _locked(stocktake, StocktakeState.OPEN)
    _settle_uncounted(found, uncounted, by)
    lines = found.lines.exclude(counted=None)
    costs = unit_costs(list(lines.values_list("sku_id", flat=True)))
    again = []
    kept = list(lines)
    for line in kept:
        line.unit_cost = costs.get(line.sku_id)
        line.needs_recount = line.first_counted is None and _is_doubtful(found, line)
        again += [line] if line.needs_recount else []
    StocktakeLine.objects.bulk_update(kept, ["unit_cost", "needs_recount"], batch_size=2000)
    if again:
        activity.record(found, "note", by=by, summary=f"差の大きい {len(again):,} 品目を数え直します")
        return len(again)
    transitions.apply(found, "close_counts", by=by, set_fields={"counted_at": clock.now()})
    return 0


def _is_doubtful(stocktake: Stocktake, line: StocktakeLine) -> bool:
    """A large difference, or goods moved between the first scan and the last."""
    pieces, yen = abs(line.difference or 0), abs(line.difference_yen or Decimal(0))
    large = pieces >= stocktake.recount_pieces > 0 or yen >= stocktake.recount_yen > 0
    return bool(pieces) and (large or line.began_entry != line.after_entry)


def _settle_uncounted(found: Stocktake, uncounted: str, by: Staff | None) -> None:
    rest = found.lines.filter(Q(counted=None) | Q(needs_recount=True))
    again = rest.filter(needs_recount=True).count()
    if again:
        raise DomainError(
            f"数え直しが終わっていない商品が {again:,} 品目あります。",
            way_out="数え直してから締めてください。",
        )
    if uncounted == "zero":
        count_as_gone(found, list(rest.values_list("sku_id", flat=True)), by)
    elif uncounted == "skip":
        rest.delete()
        if not found.lines.exists():
            raise DomainError("1 品目も数えていません。", way_out="数えるか、棚卸を中止してください。")
    elif left := rest.count():
        raise DomainError(
            f"まだ数えていない商品が {left:,} 品目あります。",
            way_out="数えるか、残りをどうするかを選んでください。",
        )


@transaction.atomic
def open_again(stocktake: Stocktake, *, by: Staff | None) -> Stocktake:
    """数え直しに戻す."""
    return transitions.apply(stocktake, "open_again", by=by, set_fields={"counted_at": None})


@transaction.atomic
def post_stocktake(stocktake: Stocktake, *, gives_up: bool = False, by: Staff | None) -> list[StockEntry]:
    """計上: the differences go into the ledger once. With `gives_up`, promises that cannot be kept wait again, newest first.

    Raises DomainError without causes, ChangedMeanwhile when another count or adjustment has corrected the book since,
    NotEnoughStock when promised pieces are missing and nobody gives them up.
    """
    found = _locked(stocktake, StocktakeState.COUNTED)
    differing = found.lines.filter(~Q(counted=F("book"))).select_related("sku", "lot")
    lines = list(differing.order_by("sku_id", "lot_id"))
    _refuse_causeless(lines)
    lock((line.sku_id, found.location_id) for line in lines)
    _refuse_stale(found, lines)
    moves = with_lots(_movements(found, lines))
    if gives_up:
        give_up(_missing(moves))
    transitions.apply(found, "post", by=by, set_fields={"posted_at": clock.now()})
    return post(moves, by=by)


def _movements(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> list[Movement]:
    """What is found goes to its lot, what is missing leaves from it. What the book has sold of the lot since the count cannot
    leave again: it was taken from the lots that came next, so it leaves from those."""
    there = _pieces_in_lots(stocktake, lines)
    named, rest = [], []
    for line in lines:
        told = _movement(stocktake, line)
        most = max(told.quantity, -there.get(line.lot_id or 0, 0)) if line.lot_id else told.quantity
        named += [replace(told, quantity=most)] if most else []
        if most != told.quantity:
            rest.append(replace(told, quantity=told.quantity - most, key=f"{told.key}:rest", lot_id=None))
    return [*sorted(named, key=lambda move: move.quantity < 0), *rest]


def _pieces_in_lots(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> dict[int, int]:
    ids = [line.lot_id for line in lines if line.lot_id]
    rows = LotLevel.objects.filter(lot_id__in=ids, location_id=stocktake.location_id)
    return dict(rows.values_list("lot_id", "on_hand"))


def _movement(stocktake: Stocktake, line: StocktakeLine) -> Movement:
    return Movement(
        line.sku_id, stocktake.location_id, K.COUNT, line.difference or 0, stocktake.number,
        f"{stocktake.number}/{line.pk}", note=" ".join([line.get_cause_display(), line.note]).strip()[:200],
        lot_id=line.lot_id,
    )  # fmt: skip


def _refuse_causeless(lines: Sequence[StocktakeLine]) -> None:
    without = [line.told for line in lines if not line.cause]
    if without:
        raise DomainError(
            f"差のある商品のうち {len(without):,} 品目に原因がありません（{'、'.join(without[:5])}{'…' if without[5:] else ''}）。",
            way_out="明細で選んで「原因を付ける」を押してください。わからないときは「原因不明」にします。",
        )


def _refuse_stale(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> None:
    """Another count or adjustment since has changed the book for the same reason; both together would be wrong. An adjustment
    tells no lot, so of goods with lots any of theirs counts."""
    first = min((line.after_entry for line in lines), default=0)
    setting = Q(kind__in=SETTING) | Q(reverses__kind__in=SETTING)
    rows = StockEntry.objects.filter(
        setting, sku_id__in={line.sku_id for line in lines}, location_id=stocktake.location_id, id__gt=first
    )
    since: dict[int, list[StockEntry]] = {}
    for row in rows.only("sku_id", "lot_id", "quantity"):
        since.setdefault(row.sku_id, []).append(row)
    stale = [line.told for line in lines if _is_stale(line, since.get(line.sku_id, []))]
    if stale:
        raise ChangedMeanwhile(
            f"数えたあとに別の棚卸か調整が計上された商品があります（{'、'.join(stale[:5])}{'…' if stale[5:] else ''}）。",
            way_out="「数え直しに戻す」を押し、その商品を数え直してください。",
        )


def _is_stale(line: StocktakeLine, since: Sequence[StockEntry]) -> bool:
    later = [row for row in since if row.pk > line.after_entry]
    of_lot = sum(row.quantity for row in later if row.lot_id == line.lot_id)
    return bool(of_lot if line.lot_id else 0) or bool(sum(row.quantity for row in later))


def _missing(moves: Sequence[Movement]) -> dict[Place, int]:
    """Promised pieces that would not be there (or not be fit to ship) any more, by level."""
    today = clock.today()
    lots = Lot.objects.select_related("sku").in_bulk({move.lot_id for move in moves if move.lot_id})
    gone: dict[Place, int] = {}
    for move in moves:
        if move.lot_id is None or lots[move.lot_id].may_ship(today):
            place = (move.sku_id, move.location_id)
            gone[place] = gone.get(place, 0) - move.quantity
    levels = StockLevel.objects.filter(sku_id__in={sku_id for sku_id, _ in gone}).annotate(
        past=tracked_past_date()
    )
    free = {(row.sku_id, row.location_id): row.on_hand - row.past - row.reserved for row in levels}
    short = {place: pieces - free.get(place, 0) for place, pieces in gone.items()}
    return {place: pieces for place, pieces in short.items() if pieces > 0}


@transaction.atomic
def reverse_stocktake(stocktake: Stocktake, *, reason: str, by: Staff | None) -> Stocktake:
    """計上の取消, by reversing rows."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    found = _locked(stocktake, StocktakeState.POSTED)
    entries = StockEntry.objects.filter(reference=found.number, kind=K.COUNT)
    if ids := list(entries.values_list("pk", flat=True)):
        reverse(ids, by=by, note=reason.strip()[:200])
    return transitions.apply(found, "reverse", by=by, note=f"取消: {reason.strip()}"[:1500])


@transaction.atomic
def cancel_stocktake(stocktake: Stocktake, *, reason: str = "", by: Staff | None) -> Stocktake:
    """中止: stock was not touched and stays as it is."""
    found = _locked(stocktake)
    return transitions.apply(found, "cancel", by=by, note=f"中止: {reason.strip() or '理由なし'}")


def sku_of(text: str) -> int | None:
    """What a scanned code means."""
    sku = catalog.find_scanned(text)
    return sku.pk if sku else None
