"""在庫移動の操作: written, sent, received. Between sending and receiving the goods lie in the transit place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import F, Sum

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.stock.models import Location, StockEntry, StockTransfer, StockTransferLine
from akinai.stock.queries.levels import transit_location_id
from akinai.stock.services.movements import Movement
from akinai.stock.services.places import lock
from akinai.stock.services.posting import post, reverse
from akinai.stock.states import TransferState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

KIND = StockEntry.Kind.TRANSFER
type Pieces = Mapping[int, int]  # SKU id → pieces, or line number → pieces
HOWS = {"returned": "移動元に戻った", "lost": "紛失・破損として落とす"}


@transaction.atomic
def create_transfer(
    *,
    source_id: int,
    destination_id: int,
    pieces: Pieces,
    arrives_on: date | None = None,
    takes_expired: bool = False,
    note: str = "",
    by: Staff | None,
) -> StockTransfer:
    """在庫移動の下書き. `pieces` by SKU id. Stock does not move yet. Pieces past their date stay, unless it `takes_expired`."""
    _refuse_places(source_id, destination_id)
    transfer = StockTransfer.objects.create(
        number=numbering.take("transfer")[0], source_id=source_id, destination_id=destination_id,
        arrives_on=arrives_on, takes_expired=takes_expired, note=note, created_by=by,
    )  # fmt: skip
    _write_lines(transfer, pieces)
    activity.record(transfer, "create", by=by, summary=f"{len(pieces)} 明細 {sum(pieces.values()):,} 点")
    return transfer


def _refuse_places(source_id: int, destination_id: int) -> None:
    if source_id == destination_id:
        raise DomainError("移動元と移動先が同じです。", way_out="別の場所を選んでください。")
    # Goods under question leave by settling the question, goods on the way by receiving them.
    apart = Location.objects.filter(pk__in=[source_id, destination_id], kind__in=["hold", "transit"]).first()
    if apart:
        raise DomainError(
            f"{apart.name}の商品は在庫移動では動かせません。",
            way_out="保留の商品は不一致の解決で、移動中の商品は受領で動かしてください。",
        )


def _write_lines(transfer: StockTransfer, pieces: Pieces) -> None:
    if not pieces or min(pieces.values()) < 1:
        raise DomainError(
            "明細がないか、数量が 1 未満です。", way_out="商品と 1 以上の数量を入力してください。"
        )
    catalog.refuse_sets(pieces)
    StockTransferLine.objects.bulk_create(
        StockTransferLine(transfer=transfer, line_no=no, sku_id=sku_id, quantity=quantity)
        for no, (sku_id, quantity) in enumerate(pieces.items(), 1)
    )


def _locked(transfer: StockTransfer, version: int | None) -> StockTransfer:
    """The row, held until commit. Refused when it is no longer the version somebody looked at."""
    found = StockTransfer.objects.select_for_update(no_key=True).get(pk=transfer.pk)
    if version is not None and found.version != version:
        raise ChangedMeanwhile(
            f"{found.number} は、開いている間にほかの人が変えました。",
            way_out="画面を開き直して、今の内容を確かめてください。",
        )
    return found


def _only(transfer: StockTransfer, *states: TransferState) -> None:
    if transfer.state not in states:
        raise ImpossibleMove(
            f"{transfer.number} は「{transfer.get_state_display()}」なので、この操作はできません。",
            way_out="画面を開き直して、今の状態を確かめてください。",
        )


@transaction.atomic
def replace_transfer(
    transfer: StockTransfer, *, pieces: Pieces, by: Staff | None, version: int | None = None, **fields: Any
) -> StockTransfer:
    """下書きの書き直し: header fields and all lines."""
    found = _locked(transfer, version)
    _only(found, TransferState.DRAFT)
    for name, value in fields.items():
        setattr(found, name, value)
    _refuse_places(found.source_id, found.destination_id)
    found.version += 1
    found.save()
    found.lines.all().delete()
    _write_lines(found, pieces)
    activity.record(found, "change", by=by, summary=f"{len(pieces)} 明細 {sum(pieces.values()):,} 点")
    return found


@transaction.atomic
def send(transfer: StockTransfer, *, by: Staff | None, version: int | None = None) -> StockTransfer:
    """出庫: every piece leaves its place and is on the way. Raises NotEnoughStock when promised pieces would leave."""
    found = _locked(transfer, version)
    moved = transitions.apply(
        found, "dispatch", by=by, set_fields={"sent_at": clock.now(), "version": found.version + 1}
    )
    lines = list(found.lines.all())
    _carry(
        [_leg(found, line, found.source_id, -line.quantity, "out") for line in lines],
        to=transit_location_id(), by=by,
    )  # fmt: skip
    return moved


def _leg(transfer: StockTransfer, line: StockTransferLine, place: int, pieces: int, mark: str) -> Movement:
    return Movement(
        line.sku_id, place, KIND, pieces, transfer.number, f"{transfer.number}/{line.line_no}:{mark}",
        takes_expired=transfer.takes_expired,
    )  # fmt: skip


def _legs_of_way(transfer: StockTransfer, line: StockTransferLine, pieces: int, mark: str) -> list[Movement]:
    """So many pieces leave the way, in the lots this transfer put there, the first to expire first."""
    leg = _leg(transfer, line, transit_location_id(), -pieces, mark)
    legs: list[Movement] = []
    for lot_id, there in _lots_on_the_way(transfer, line):
        if take := min(pieces, there):
            key = f"{leg.key}#{lot_id}" if legs else leg.key
            legs.append(replace(leg, quantity=-take, key=key, lot_id=lot_id))
            pieces -= take
    # What was sent before its lots were tracked lies there in a lot of its own.
    return [*legs, replace(leg, quantity=-pieces, key=f"{leg.key}#", takes_expired=True)] if pieces else legs


def _lots_on_the_way(transfer: StockTransfer, line: StockTransferLine) -> list[tuple[int, int]]:
    mine = StockEntry.objects.filter(
        reference=transfer.number, sku=line.sku_id, location=transit_location_id(), lot__isnull=False
    )
    sums = mine.values("lot_id", "lot__expires_on", "lot__received_on").annotate(there=Sum("quantity"))
    turn = (F("lot__expires_on").asc(nulls_last=True), "lot__received_on", "lot_id")
    return list(sums.filter(there__gt=0).order_by(*turn).values_list("lot_id", "there"))


def _carry(outs: Sequence[Movement], *, to: int, by: Staff | None) -> None:
    """Take the pieces out and put what left into `to`. All levels are locked first, in the one order."""
    if not outs:
        return
    lock((out.sku_id, place) for out in outs for place in (out.location_id, to))
    left = post(outs, by=by)
    post(
        [Movement(e.sku_id, to, KIND, -e.quantity, e.reference, f"{e.key}>", lot_id=e.lot_id) for e in left],
        by=by,
    )


@transaction.atomic
def receive_transfer(
    transfer: StockTransfer, arrived: Pieces, *, by: Staff | None, version: int | None = None
) -> StockTransfer:
    """受領: `arrived` pieces by line number lie at the destination now.

    What is missing stays on the way. More than was sent left the source uncounted, so the rest is taken from there too.
    """
    found = _locked(transfer, version)
    _only(found, TransferState.SENT)
    lines = {line.line_no: line for line in found.lines.all()}
    if not any(arrived.values()) or min(arrived.values()) < 0 or not set(arrived) <= set(lines):
        raise DomainError("届いた数が入っていません。", way_out="届いた商品の数を入れてください。")
    nth = found.arrivals + 1
    _arrive(found, lines, arrived, nth, by)
    told = "、".join(
        _told(lines[no], count) for no, count in arrived.items() if count != lines[no].on_the_way
    )
    _note_arrival(found, nth, told, by)
    return found


def _told(line: StockTransferLine, count: int) -> str:
    return f"{line.line_no} 行目 {line.on_the_way:,} 点のうち {count:,} 点"


def _arrive(
    transfer: StockTransfer,
    lines: Mapping[int, StockTransferLine],
    arrived: Pieces,
    nth: int,
    by: Staff | None,
) -> None:
    whole = {no: min(count, lines[no].on_the_way) for no, count in arrived.items()}
    over = {no: count - whole[no] for no, count in arrived.items()}
    to = transfer.destination_id
    outs = [
        leg for no, count in whole.items() if count for leg in _legs_of_way(transfer, lines[no], count, f"in{nth}")
    ] + [
        _leg(transfer, lines[no], transfer.source_id, -count, f"over{nth}") for no, count in over.items() if count
    ]  # fmt: skip
    _carry(outs, to=to, by=by)
    for no in arrived:
        lines_of = StockTransferLine.objects.filter(transfer=transfer, line_no=no)
        lines_of.update(received=F("received") + whole[no], over=F("over") + over[no])


def _note_arrival(transfer: StockTransfer, nth: int, told: str, by: Staff | None) -> None:
    """Received when nothing is on the way any more; else it stays sent, with what came."""
    StockTransfer.objects.filter(pk=transfer.pk).update(arrivals=nth, version=F("version") + 1)
    if any(line.on_the_way for line in transfer.lines.all()):
        activity.record(transfer, "arrive", by=by, summary=f"一部受領 {told}"[:1500])
        return
    transitions.apply(
        transfer, "arrive", by=by, note=told[:1500] or "全数", set_fields={"received_at": clock.now()}
    )


@transaction.atomic
def settle_missing(
    transfer: StockTransfer,
    line_no: int,
    *,
    how: str,
    reason: str,
    by: Staff | None,
    version: int | None = None,
) -> StockTransfer:
    """未着の始末: what never arrived came back to the source (`returned`) or is written off (`lost`), with a reason."""
    if how not in HOWS or not reason.strip():
        raise DomainError("未着の理由がありません。", way_out="どうなったかを選び、理由を書いてください。")
    found = _locked(transfer, version)
    _only(found, TransferState.SENT)
    line = found.lines.get(line_no=line_no)
    pieces = line.on_the_way
    if not pieces:
        raise ChangedMeanwhile("この行に未着はありません。", way_out="画面を開き直してください。")
    outs = _legs_of_way(found, line, pieces, f"{how}{found.arrivals + 1}")
    if how == "returned":
        _carry(outs, to=found.source_id, by=by)
    else:
        _write_off(outs, reason, by)
    found.lines.filter(pk=line.pk).update(**{how: F(how) + pieces})
    told = f"{line_no} 行目 {pieces:,} 点 {HOWS[how]}: {reason.strip()}"
    _note_arrival(found, found.arrivals + 1, told, by)
    return found


def _write_off(outs: Sequence[Movement], reason: str, by: Staff | None) -> None:
    kind, note = StockEntry.Kind.ADJUSTMENT, reason.strip()[:200]
    post([replace(out, kind=kind, note=note) for out in outs], by=by)


@transaction.atomic
def take_back_arrivals(transfer: StockTransfer, *, reason: str, by: Staff | None) -> StockTransfer:
    """受領の取消: everything received, returned or written off is on the way again, by reversing rows."""
    _refuse_without(reason)
    found = _locked(transfer, None)
    transitions.apply(
        found, "take_back", by=by, note=f"受領の取消: {reason}", set_fields={"received_at": None}
    )
    live = StockEntry.objects.filter(reference=found.number, reverses=None, reversed_by=None)
    ids = [e.pk for e in live.order_by("id") if not e.key.partition(":")[2].startswith("out")]
    if not ids:
        raise ChangedMeanwhile("まだ何も受領していません。", way_out="画面を開き直してください。")
    reverse(ids, by=by, note=reason.strip()[:200])
    found.lines.update(received=0, returned=0, lost=0, over=0)
    StockTransfer.objects.filter(pk=found.pk).update(version=F("version") + 1)
    return found


@transaction.atomic
def cancel_transfer(transfer: StockTransfer, *, reason: str = "", by: Staff | None) -> StockTransfer:
    """取消: a draft is dropped; what was sent and not received yet is back at its place, by reversing rows."""
    found = _locked(transfer, None)
    was_sent = found.state == TransferState.SENT
    if was_sent:
        _refuse_without(reason)
        if any(line.on_the_way != line.quantity for line in found.lines.all()):
            raise DomainError(
                f"{found.number} は一部が受領されています。", way_out="先に受領を取り消してください。"
            )
    transitions.apply(found, "cancel", by=by, note=f"取消: {reason}" if reason else "破棄")
    if was_sent:
        live = StockEntry.objects.filter(reference=found.number, reverses=None, reversed_by=None)
        reverse(list(live.values_list("pk", flat=True)), by=by, note=reason.strip()[:200])
    return found


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
