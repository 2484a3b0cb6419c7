"""検品: what was counted without seeing what was expected; the newest turn is what goes into stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from akinai.core import activity
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.purchasing.models import GoodsReceipt, ReceiptCount
from akinai.purchasing.services.drafting import LineInput
from akinai.purchasing.states import ReceiptState

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class LotCount:
    """数えた数 of one lot; `lot` is "" where the goods tell none."""

    lot: str
    expires_on: date | None
    quantity: int
    damaged: int = 0


@dataclass(frozen=True, slots=True)
class Counted:
    """数えた数 of one SKU, `damaged` of them broken; by lot where somebody read the lots."""

    quantity: int
    damaged: int = 0
    lots: tuple[LotCount, ...] = ()

    @property
    def by_lot(self) -> tuple[LotCount, ...]:
        return self.lots or (LotCount("", None, self.quantity, self.damaged),)


def of_lots(lots: Sequence[LotCount]) -> Counted:
    """All lots of one SKU together."""
    told = tuple(lots) if any(one.lot for one in lots) else ()
    return Counted(sum(one.quantity for one in lots), sum(one.damaged for one in lots), told)


@transaction.atomic
def count(receipt: GoodsReceipt, counted: Mapping[int, Counted], *, by: Staff | None) -> int:
    """検品の記録: a new turn; the ones before stay. Out: its number. Raises ImpossibleMove once the slip is posted."""
    found = GoodsReceipt.objects.select_for_update(no_key=True).get(pk=receipt.pk)
    if found.state != ReceiptState.DRAFT:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので検品できません。",
            way_out="数が違うときは、入荷を取り消して直すか、在庫を調整してください。",
        )
    if not counted or any(one.damaged > one.quantity for one in counted.values()):
        raise DomainError(
            "数えた商品がないか、破損の数が数えた数を超えています。", way_out="数を確かめてください。"
        )
    turn = (found.counts.aggregate(last=Max("turn"))["last"] or 0) + 1
    ReceiptCount.objects.bulk_create(
        ReceiptCount(
            receipt=found,
            turn=turn,
            sku_id=sku,
            quantity=lot.quantity,
            damaged=lot.damaged,
            lot=lot.lot,
            expires_on=lot.expires_on,
            counted_by=by,
        )
        for sku, one in counted.items()
        for lot in one.by_lot
    )
    pieces = sum(one.quantity for one in counted.values())
    activity.record(found, "count", by=by, summary=f"{turn} 回目の検品: {len(counted)} 商品 {pieces:,} 点")
    return turn


def latest(receipt: GoodsReceipt) -> dict[int, Counted]:
    """The newest turn by SKU; empty while nobody has counted."""
    rows = list(receipt.counts.order_by("turn"))
    last = rows[-1].turn if rows else 0
    found: dict[int, list[LotCount]] = {}
    for row in rows:
        if row.turn == last:
            found.setdefault(row.sku_id, []).append(
                LotCount(row.lot, row.expires_on, row.quantity, row.damaged)
            )
    return {sku: of_lots(lots) for sku, lots in found.items()}


def as_counted(slip: Sequence[LineInput], counted: Mapping[int, Counted]) -> list[LineInput]:
    """The slip's lines with what was counted: `slip_quantity` keeps what the paper says. Pure.

    Pieces of one SKU on several lines fill them in order, what is over goes to the last; goods that are not on the
    slip get a line of their own; what was not found stays with 0 pieces. Lots that were read split the lines.
    """
    if not counted:
        return list(slip)
    left = dict(counted)
    last = {line.sku_id: at for at, line in enumerate(slip)}
    made = []
    for at, line in enumerate(slip):
        have = left.get(line.sku_id, Counted(0))
        pieces = have.quantity if at == last[line.sku_id] else min(have.quantity, line.quantity)
        broken = min(have.damaged, pieces)
        parts, rest = _first(have.lots, pieces)
        left[line.sku_id] = Counted(have.quantity - pieces, have.damaged - broken, rest)
        paper = line.quantity if line.slip_quantity is None else line.slip_quantity
        made += _split(replace(line, quantity=pieces, damaged=broken, slip_quantity=paper), parts)
    for sku, one in left.items():
        if sku not in last and one.quantity:
            more = LineInput(sku, one.quantity, None, slip_quantity=0, damaged=one.damaged)
            made += _split(more, one.lots)
    return made


def _first(lots: Sequence[LotCount], pieces: int) -> tuple[list[LotCount], tuple[LotCount, ...]]:
    """(the lots of the first `pieces`, what is left of them)."""
    taken, rest = [], []
    for one in lots:
        take = min(one.quantity, pieces)
        pieces -= take
        if take:
            taken.append(replace(one, quantity=take))
        if one.quantity > take:
            rest.append(replace(one, quantity=one.quantity - take))
    return taken, tuple(rest)


def _split(line: LineInput, lots: Sequence[LotCount]) -> list[LineInput]:
    """One line a lot: each has its share of the slip's pieces, what is missing or over stands on the last."""
    if not lots:
        return [line]
    paper, broken, made = line.slip_quantity or 0, line.damaged, []
    for at, one in enumerate(lots):
        is_last = at == len(lots) - 1
        share = paper if is_last else min(one.quantity, paper)
        bad = min(broken, one.quantity if is_last else one.damaged)
        paper, broken = paper - share, broken - bad
        made.append(
            replace(
                line, quantity=one.quantity, slip_quantity=share, damaged=bad, lot=one.lot, expires_on=one.expires_on
            )
        )  # fmt: skip
    return made
