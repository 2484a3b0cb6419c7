"""取置の操作: kept from what is free, until a day; extended, given back, expired, or handed to an order."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.db import connection, transaction
from django.db.models import F

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.stock.errors import OutOfStock
from akinai.stock.models import KeepAside, Reservation
from akinai.stock.services.places import Place, lock
from akinai.stock.services.reserving import Want, release, reserve_lines, serve_queue
from akinai.stock.states import KeepState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def keep_aside(
    *,
    sku_id: int,
    location_id: int,
    quantity: int,
    until_on: date,
    purpose: str,
    customer_id: int | None = None,
    by: Staff | None,
) -> KeepAside:
    """取り置く: all pieces from what is free now, or OutOfStock; of a set its parts."""
    if not purpose.strip():
        raise DomainError("取置の用途が空欄です。", way_out="だれのため、何のためかを書いてください。")
    _refuse_past(until_on)
    made = KeepAside.objects.create(
        number=numbering.take("keep_aside")[0], sku_id=sku_id, location_id=location_id, quantity=quantity, until_on=until_on,
        purpose=purpose.strip()[:200], customer_id=customer_id, created_by=by,
    )  # fmt: skip
    held = reserve_lines([Want(made.reference, sku_id, location_id, quantity, clock.now())], by=by)
    if held.get(made.reference, 0) < quantity:
        code = catalog.sku_rows([sku_id])[sku_id].code
        raise OutOfStock(sku=code, wanted=quantity, free=held.get(made.reference, 0))
    activity.record(
        made, "keep_aside", by=by, summary=f"{quantity:,} 点を {until_on:%Y/%m/%d} まで: {made.purpose}"
    )
    return made


def _refuse_past(until_on: date) -> None:
    if until_on < clock.today():
        raise DomainError(
            f"期限 {until_on:%Y/%m/%d} は過ぎています。", way_out="今日からの日にしてください。"
        )


def _kept(number: str) -> KeepAside:
    """The row, held until commit, while it is still kept."""
    found = KeepAside.objects.select_for_update(no_key=True).get(number=number)
    if found.state != KeepState.KEPT:
        raise ChangedMeanwhile(
            f"{number} は「{found.get_state_display()}」です。",
            way_out="もう一度取り置くときは、新しく登録してください。",
        )
    return found


@transaction.atomic
def extend_kept(number: str, *, until_on: date, by: Staff | None) -> KeepAside:
    """期限の変更."""
    found = _kept(number)
    _refuse_past(until_on)
    activity.record(found, "extend", by=by, summary=f"{found.until_on:%Y/%m/%d} → {until_on:%Y/%m/%d}")
    found.until_on = until_on
    found.save(update_fields=["until_on"])
    return found


@transaction.atomic
def release_kept(number: str, *, reason: str, by: Staff | None) -> KeepAside:
    """取置の解除: the pieces go to who waits, else they are free."""
    if not reason.strip():
        raise DomainError("解除の理由が空欄です。", way_out="理由を書いてください。")
    found = _kept(number)
    done = transitions.apply(found, "release", by=by, note=reason.strip()[:200])
    release([found.reference], by=by)
    return done


@transaction.atomic
def expire_kept() -> int:
    """取置の期限: what was kept until yesterday is given back. Safe to run at any time. Out: how many."""
    rows = KeepAside.objects.select_for_update(no_key=True).order_by("pk")
    due = list(rows.filter(state=KeepState.KEPT, until_on__lt=clock.today()))
    transitions.apply_many(due, "expire", by=None)
    release([one.reference for one in due], by=None)
    return len(due)


@transaction.atomic
def draw_kept(number: str, *, line: str, by: Staff | None) -> int:
    """取置を使う: kept pieces go to a document line, as many as it wants; the line gives back what it held instead of them.

    Out: how many pieces (of a set: sets). The caller holds the document's row, and sees to it that the line is of whom the
    pieces were kept for.
    """
    found = _kept(number)
    wanted = Reservation.objects.filter(reference=line, state=Reservation.State.ACTIVE)
    lock(set(wanted.values_list("sku_id", "location_id")))
    lines = {(row.sku_id, row.location_id): row for row in wanted}
    kept = {
        (row.sku_id, row.location_id): row
        for row in Reservation.objects.filter(reference=found.reference, state=Reservation.State.ACTIVE)
    }
    if lines.keys() != kept.keys() or any(lines[one].per_set != kept[one].per_set for one in lines):
        raise DomainError(
            f"{number} の商品は、この明細の商品と同じではありません。",
            way_out="商品・場所・セットの中身を確かめてください。",
        )
    pieces = min(found.left, *(row.wanted // row.per_set for row in lines.values()))
    for place, row in kept.items():
        _hand_over(place, row, lines[place], pieces * row.per_set)
    serve_queue(lines.keys())
    _note_used(found, pieces, line, by)
    return pieces


def _hand_over(place: Place, kept: Reservation, line: Reservation, pieces: int) -> None:
    """So many pieces leave what is kept; the line takes what it lacks of them, the rest is free. The level is locked."""
    there = min(pieces, kept.quantity)
    moved = min(there, line.wanted - line.quantity)
    rest = kept.wanted - pieces
    state = Reservation.State.ACTIVE if rest else Reservation.State.RELEASED
    Reservation.objects.filter(pk=kept.pk).update(
        wanted=rest if rest else F("wanted"), quantity=F("quantity") - there, state=state
    )
    Reservation.objects.filter(pk=line.pk).update(quantity=F("quantity") + moved)
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE stock_stocklevel SET reserved = reserved - %s WHERE sku_id = %s AND location_id = %s",
            [there - moved, *place],
        )


def _note_used(found: KeepAside, pieces: int, line: str, by: Staff | None) -> None:
    KeepAside.objects.filter(pk=found.pk).update(used=F("used") + pieces)
    found.used += pieces
    if found.left:
        activity.record(found, "use", by=by, summary=f"{line} に {pieces:,} 点")
    else:
        transitions.apply(found, "use", by=by, note=f"{line} に {pieces:,} 点")
