"""仕入伝票の操作: a draft is written freely; posting moves stock once; a posted slip is undone only by reversal."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.core import activity, clock, transitions
from akinai.core.errors import DomainError
from akinai.party import queries as party
from akinai.purchasing.errors import Doubtful, DuplicateSlip, TotalsMissing
from akinai.purchasing.models import (
    Discrepancy,
    GoodsReceipt,
    GoodsReceiptLine,
    LandedCostLine,
    SupplierBillLine,
)
from akinai.purchasing.services import counting, doubting, lot_doubting, matching
from akinai.purchasing.services.drafting import as_inputs, refuse_other_version, write_lines
from akinai.purchasing.states import DiscrepancyState, ReceiptState
from akinai.stock import queries as stock
from akinai.stock import services as stock_services
from akinai.stock.errors import NotEnoughStock

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def post(
    receipt: GoodsReceipt, *, by: Staff | None, confirmed: Collection[str] = (), version: int | None = None,
    from_file: bool = False,
) -> None:  # fmt: skip
    """計上: state and stock in one transaction; what arrives goes to the waiting orders at once.

    What was counted takes the place of what the slip says. Pieces of a mismatch go into 検品・保留, where nothing is
    sold. `confirmed` are the texts of the doubts a person has answered. A slip without an order needs its totals where
    the company asks for them (TotalsMissing), unless a machine wrote it (`from_file`). Raises Doubtful while any other doubt is open,
    DuplicateSlip when the supplier's slip was posted before, ImpossibleMove when this slip is posted already,
    ChangedMeanwhile when it is no longer the `version` that was looked at.
    """
    found = GoodsReceipt.objects.select_for_update().get(pk=receipt.pk)
    refuse_other_version(found, version)
    if found.state == ReceiptState.DRAFT:
        _take_counts(found)
        if not from_file:
            _refuse_without_totals(found)
        _settle_doubts(found, confirmed, by)
        lot_doubting.refuse_expired(found.lines.select_related("sku"))
    _move_to_posted(receipt, by)
    lines = list(receipt.lines.all())
    held = matching.note_arrival(found, lines, by=by)
    stock_services.post(_movements(found, lines, held), by=by)
    # 最終仕入原価: the goods keep what they cost last.
    costs = {line.sku_id: line.unit_cost for line in lines if line.unit_cost is not None and line.quantity}
    catalog_services.note_costs(costs, by=by, note=receipt.number)


def _take_counts(receipt: GoodsReceipt) -> None:
    """The lines as they were counted, where somebody has counted."""
    if counted := counting.latest(receipt):
        lines = counting.as_counted(as_inputs(receipt), counted)
        receipt.lines.all().delete()
        write_lines(receipt, lines)


def _movements(
    receipt: GoodsReceipt, lines: Sequence[GoodsReceiptLine], held: Mapping[int, int]
) -> list[stock_services.Movement]:
    """Each line in one or two parts: what goes to the shelf, and what waits for a mismatch to be settled."""
    hold = stock.hold_location_id() if any(held.values()) else 0
    made = []
    for line in lines:
        key, apart = f"{receipt.number}/{line.line_no}", held.get(line.line_no, 0)
        parts = ((receipt.location_id, line.quantity - apart, key), (hold, apart, f"{key}/hold"))
        made += [
            stock_services.Movement(
                line.sku_id, place, "receipt", pieces, receipt.number, one, line.unit_cost,
                lot=stock_services.LotTag(line.lot, line.expires_on) if line.lot else None,
            )
            for place, pieces, one in parts if pieces
        ]  # fmt: skip
    return made


def _move_to_posted(receipt: GoodsReceipt, by: Staff | None) -> None:
    """The row is locked from here on, so the lines stay what they are."""
    try:
        with transaction.atomic():
            transitions.apply(receipt, "post", by=by, set_fields={"posted_at": clock.now()})
    except IntegrityError:
        raise DuplicateSlip(
            f"仕入先の伝票 {receipt.supplier_slip_no} はすでに計上されています。",
            way_out="同じ荷物ではないか確かめ、別の荷物なら伝票番号を直してください。",
        ) from None


def lacks_totals(receipt: GoodsReceipt) -> bool:
    """Does the company want the slip's totals before this receipt is posted?"""
    return receipt.needs_totals and party.company().slip_totals == "required"


def _refuse_without_totals(receipt: GoodsReceipt) -> None:
    if lacks_totals(receipt):
        raise TotalsMissing(
            f"{receipt.number} に納品書の合計が入っていません。",
            way_out="「直す」を開き、納品書の合計数量か合計金額を入れてください。印刷がなければ、納品書の数を足した合計数量を入れます。",
        )


def _settle_doubts(receipt: GoodsReceipt, confirmed: Collection[str], by: Staff | None) -> None:
    found = doubting.of_receipt(receipt, as_inputs(receipt))
    if still := [doubt for doubt in found if doubt.text not in confirmed]:
        raise Doubtful(receipt.number, still)
    if found:
        told = "".join(doubt.text for doubt in found)[:1500]
        activity.record(receipt, "confirm", by=by, summary=f"確かめて計上: {told}")


@transaction.atomic
def reverse(receipt: GoodsReceipt, *, reason: str, by: Staff | None) -> None:
    """取消: reversing rows in the ledger, and the cost the goods had before. Refused when the goods are promised or gone."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    transitions.apply(receipt, "reverse", by=by, note=f"取消: {reason}")
    mismatches = list(
        receipt.discrepancies.select_for_update().exclude(state=DiscrepancyState.VOID).order_by("pk")
    )
    _refuse_gone(receipt, mismatches)
    numbers = [receipt.number, *(one.number for one in mismatches)]
    entries = [
        entry.pk
        for number in numbers
        for entry in stock.entries_of(number).filter(reverses=None, reversed_by=None)
    ]
    try:
        stock_services.reverse(entries, by=by, note=reason[:200])
    except NotEnoughStock as refusal:
        raise NotEnoughStock(
            f"{receipt.number} は取り消せません。{refusal.message}", way_out=refusal.way_out
        ) from refusal
    for one in mismatches:
        transitions.apply(one, "void", by=by, note=f"入荷の取消: {reason}"[:200])
    matching.take_back(receipt, by=by)
    _take_costs_back(receipt, by)


def _refuse_gone(receipt: GoodsReceipt, mismatches: Sequence[Discrepancy]) -> None:
    """What is billed stands, and pieces that went back or into the bin cannot come back by taking the receipt back."""
    if (
        billed := SupplierBillLine.objects.filter(receipt=receipt, is_live=True)
        .select_related("bill")
        .first()
    ):
        raise DomainError(
            f"{receipt.number} は請求書 {billed.bill.number} で計上されています。",
            way_out="先に請求書の計上を取り消してください。",
        )
    landed = (
        LandedCostLine.objects.filter(receipt_line__receipt=receipt, cost__state="posted")
        .select_related("cost")
        .first()
    )
    if landed:
        raise DomainError(
            f"{receipt.number} には付帯費用 {landed.cost.number} が按分されています。",
            way_out="先に付帯費用の計上を取り消してください。",
        )
    gone = [one for one in mismatches if one.held and one.goods in ("return", "scrap")]
    if gone:
        raise DomainError(
            f"{receipt.number} は取り消せません。{gone[0].number} で {gone[0].held:,} 点を{gone[0].get_goods_display()}ことにしています。",
            way_out="残りの数は在庫の調整で直してください。",
        )


def _take_costs_back(receipt: GoodsReceipt, by: Staff | None) -> None:
    """最終仕入原価 without this slip: of the newest receipt that stands, else what stood before this one.

    Goods whose cost somebody has changed since keep it.
    """
    given = {line.sku_id: line.unit_cost for line in receipt.lines.all() if line.unit_cost is not None}
    rows = catalog.sku_rows(given)
    ids = [pk for pk, cost in given.items() if rows[pk].cost == cost]
    standing = {pk: cost for pk, (_, cost) in stock.last_costs(ids).items() if cost is not None}
    rest = [pk for pk in ids if pk not in standing]
    before = catalog.costs_before(rest, receipt.posted_at) if receipt.posted_at else {}
    catalog_services.note_costs(before | standing, by=by, note=f"{receipt.number} の取消")


def discard(receipt: GoodsReceipt, *, by: Staff | None) -> None:
    """下書きの破棄."""
    transitions.apply(receipt, "discard", by=by, note="破棄")


def open_mismatches(number: str) -> int:
    """未解決の不一致 of one receipt."""
    return Discrepancy.objects.filter(receipt__number=number, state=DiscrepancyState.OPEN).count()
