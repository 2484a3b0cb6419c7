"""検品: what was counted without seeing what was expected; the newest turn is what goes into stock."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
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
class Counted:
    """数えた数 of one SKU, `damaged` of them broken."""

    quantity: int
    damaged: int = 0


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
            receipt=found, turn=turn, sku_id=sku, quantity=one.quantity, damaged=one.damaged, counted_by=by
        )
        for sku, one in counted.items()
    )
    pieces = sum(one.quantity for one in counted.values())
    activity.record(found, "count", by=by, summary=f"{turn} 回目の検品: {len(counted)} 商品 {pieces:,} 点")
    return turn


def latest(receipt: GoodsReceipt) -> dict[int, Counted]:
    """The newest turn by SKU; empty while nobody has counted."""
    rows = list(receipt.counts.order_by("turn"))
    last = rows[-1].turn if rows else 0
    return {row.sku_id: Counted(row.quantity, row.damaged) for row in rows if row.turn == last}


def as_counted(slip: Sequence[LineInput], counted: Mapping[int, Counted]) -> list[LineInput]:
    """The slip's lines with what was counted: `slip_quantity` keeps what the paper says. Pure.

    Pieces of one SKU on several lines fill them in order, what is over goes to the last; goods that are not on the
    slip get a line of their own; what was not found stays with 0 pieces.
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
        left[line.sku_id] = Counted(have.quantity - pieces, have.damaged - broken)
        paper = line.quantity if line.slip_quantity is None else line.slip_quantity
        made.append(replace(line, quantity=pieces, damaged=broken, slip_quantity=paper))
    made += [
        LineInput(sku, one.quantity, None, slip_quantity=0, damaged=one.damaged)
        for sku, one in left.items()
        if sku not in last and one.quantity
    ]
    return made
