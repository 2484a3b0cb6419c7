"""棚卸の操作: opened, counted while selling goes on, closed, posted once.

A count is compared with the book of its own moment, so what moves afterwards changes nothing of the difference.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F, Max, OuterRef, Q, QuerySet, Subquery, Sum
from django.db.models.functions import Coalesce

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.money import MAX_QUANTITY
from akinai.stock.models import StockEntry, StockLevel, Stocktake, StocktakeLine
from akinai.stock.queries.levels import unit_costs
from akinai.stock.services.movements import Movement
from akinai.stock.services.places import lock
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
    StocktakeLine.objects.bulk_create(
        (StocktakeLine(stocktake=made, sku_id=pk) for pk in ids), batch_size=5000
    )
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


@transaction.atomic
def count(
    stocktake: Stocktake,
    sku_id: int,
    pieces: int,
    *,
    adds: bool = False,
    at: datetime | None = None,
    by: Staff | None,
) -> StocktakeLine:
    """数える: `pieces` lie there, or with `adds` so many more than counted so far. The book is kept as it stands now, or
    stood at `at` for counts that were written down earlier.

    A line that must be counted again keeps its first count.
    """
    found = _open(stocktake)
    catalog.refuse_sets([sku_id])
    lock([(sku_id, found.location_id)])
    line, _ = StocktakeLine.objects.select_for_update(no_key=True).get_or_create(
        stocktake=found, sku_id=sku_id
    )
    if line.needs_recount:
        line.first_counted, line.first_book, line.first_by_id = line.counted, line.book, line.counted_by_id
        line.counted, line.needs_recount = None, False
    was = line.counted
    line.counted = (was or 0) + pieces if adds else pieces
    if not 0 <= line.counted <= MAX_QUANTITY:
        raise DomainError(
            f"数が {line.counted:,} 点になります。", way_out=f"0～{MAX_QUANTITY:,} 点で入れてください。"
        )
    line.book, line.after_entry = _book(sku_id, found.location_id, at)
    if was is None or not adds:
        line.began_entry = line.after_entry
    line.counted_at, line.counted_by = at or clock.now(), by
    line.save()
    return line


def _open(stocktake: Stocktake) -> Stocktake:
    """Held with a share, so that many people count at once and nobody closes meanwhile."""
    found = Stocktake.objects.raw("SELECT * FROM stock_stocktake WHERE id = %s FOR SHARE", [stocktake.pk])[0]
    if found.state != StocktakeState.OPEN:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので数えられません。",
            way_out="数え直すときは、棚卸の画面で「数え直しに戻す」を押してください。",
        )
    return found


def _book(sku_id: int, location_id: int, at: datetime | None) -> tuple[int, int]:
    """(pieces, last row) of the ledger now, or of the rows up to `at`. The caller holds the level."""
    entries = StockEntry.objects.filter(sku_id=sku_id, location_id=location_id)
    last: int = (entries.filter(at__lte=at) if at else entries).aggregate(last=Coalesce(Max("id"), 0))["last"]
    total = entries.filter(id__lte=last).aggregate(total=Coalesce(Sum("quantity"), 0))["total"]
    return total, last


@transaction.atomic
def drop_count(line: StocktakeLine, *, by: Staff | None) -> None:
    """数えた数を消す: as if it had not been counted."""
    _open(line.stocktake)
    StocktakeLine.objects.filter(pk=line.pk).update(
        counted=None, book=None, counted_at=None, counted_by=None, needs_recount=False
    )


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
        _count_as_gone(found, list(rest.values_list("sku_id", flat=True)), by)
    elif uncounted == "skip":
        rest.delete()
        if not found.lines.exists():
            raise DomainError("1 品目も数えていません。", way_out="数えるか、棚卸を中止してください。")
    elif left := rest.count():
        raise DomainError(
            f"まだ数えていない商品が {left:,} 品目あります。",
            way_out="数えるか、残りをどうするかを選んでください。",
        )


def _count_as_gone(found: Stocktake, sku_ids: Sequence[int], by: Staff | None) -> None:
    """0 for all that was not counted, beside the book of this moment, in one statement."""
    lock((pk, found.location_id) for pk in sku_ids)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE stock_stocktakeline l SET counted = 0, book = v.on_hand, counted_at = %s, counted_by_id = %s,
              after_entry = coalesce(e.last, 0), began_entry = coalesce(e.last, 0)
            FROM stock_stocklevel v LEFT JOIN LATERAL (
              SELECT max(id) AS last FROM stock_stockentry WHERE sku_id = v.sku_id AND location_id = v.location_id
            ) e ON true
            WHERE l.stocktake_id = %s AND l.counted IS NULL AND v.sku_id = l.sku_id AND v.location_id = %s
            """,
            [clock.now(), by.pk if by else None, found.pk, found.location_id],
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
    lines = list(found.lines.filter(~Q(counted=F("book"))).select_related("sku").order_by("sku_id"))
    _refuse_causeless(lines)
    lock((line.sku_id, found.location_id) for line in lines)
    _refuse_stale(found, lines)
    if gives_up:
        give_up(_missing(found, lines))
    transitions.apply(found, "post", by=by, set_fields={"posted_at": clock.now()})
    return post([_movement(found, line) for line in lines], by=by)


def _movement(stocktake: Stocktake, line: StocktakeLine) -> Movement:
    return Movement(
        line.sku_id, stocktake.location_id, K.COUNT, line.difference or 0, stocktake.number,
        f"{stocktake.number}/{line.pk}", note=" ".join([line.get_cause_display(), line.note]).strip()[:200],
    )  # fmt: skip


def _refuse_causeless(lines: Sequence[StocktakeLine]) -> None:
    without = [line.sku.code for line in lines if not line.cause]
    if without:
        raise DomainError(
            f"差のある商品のうち {len(without):,} 品目に原因がありません（{'、'.join(without[:5])}{'…' if without[5:] else ''}）。",
            way_out="明細で選んで「原因を付ける」を押してください。わからないときは「原因不明」にします。",
        )


def _refuse_stale(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> None:
    """Another count or adjustment since has changed the book for the same reason; both together would be wrong."""
    after = {line.sku_id: line.after_entry for line in lines}
    setting = Q(kind__in=SETTING) | Q(reverses__kind__in=SETTING)
    rows = StockEntry.objects.filter(
        setting, sku_id__in=after, location_id=stocktake.location_id, id__gt=min(after.values(), default=0)
    ).values_list("sku_id", "id", "quantity")
    changed: dict[int, int] = {}
    for sku_id, pk, quantity in rows:
        if pk > after[sku_id]:
            changed[sku_id] = changed.get(sku_id, 0) + quantity
    stale = [line.sku.code for line in lines if changed.get(line.sku_id)]
    if stale:
        raise ChangedMeanwhile(
            f"数えたあとに別の棚卸か調整が計上された商品があります（{'、'.join(stale[:5])}{'…' if stale[5:] else ''}）。",
            way_out="「数え直しに戻す」を押し、その商品を数え直してください。",
        )


def _missing(stocktake: Stocktake, lines: Sequence[StocktakeLine]) -> dict[tuple[int, int], int]:
    """Promised pieces that would not be there any more, by level."""
    levels = StockLevel.objects.filter(
        location_id=stocktake.location_id, sku_id__in=[line.sku_id for line in lines]
    )
    free = {level.sku_id: level.on_hand - level.reserved for level in levels}
    short = {line.sku_id: -(line.difference or 0) - free.get(line.sku_id, 0) for line in lines}
    return {(pk, stocktake.location_id): pieces for pk, pieces in short.items() if pieces > 0}


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
