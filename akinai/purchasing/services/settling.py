"""不一致の解決: who looks after it, why it came, and what becomes of the pieces that were held back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.core import activity, clock, transitions
from akinai.core.errors import DomainError
from akinai.purchasing.models import Discrepancy, GoodsReceipt
from akinai.purchasing.services import drafting, matching, pricing, receiving
from akinai.purchasing.services.drafting import LineInput
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff

R, G = Discrepancy.Resolution, Discrepancy.Goods
ALLOWED = {
    R.ACCEPT: (G.SHELF,),
    R.RETURN: (G.RETURN,),
    R.CLAIM: (G.SHELF, G.RETURN, G.SCRAP),
}  # what may become of held pieces


def assign(discrepancy: Discrepancy, *, owner: Staff | None, cause: str, note: str, by: Staff | None) -> None:
    """担当と原因: while it is open."""
    changed = Discrepancy.objects.filter(pk=discrepancy.pk, state="open").update(
        owner=owner, cause=cause, note=note.strip()
    )
    if not changed:
        raise DomainError(
            f"{discrepancy.number} はもう解決しています。", way_out="画面を開き直してください。"
        )
    label = Discrepancy.Cause(cause).label
    activity.record(discrepancy, "change", by=by, summary=f"担当 {owner or 'なし'}、原因 {label}")


@transaction.atomic
def settle(
    discrepancy: Discrepancy,
    *,
    resolution: str,
    goods: str = "",
    cause: str = "",
    note: str = "",
    is_replaced: bool = False,
    by: Staff | None,
) -> GoodsReceipt | None:
    """解決: accept, return, claim, or correct by reversal. Held pieces go where `goods` says, in the same transaction.

    Out: the new draft when the receipt was taken back to be written right (`correct`). Raises DomainError when the
    resolution leaves held pieces nowhere, ImpossibleMove when it was settled before.
    """  # fmt: skip
    if resolution == R.CORRECT:
        return _correct(discrepancy, note=note, by=by)
    goods = _goods(discrepancy, resolution, goods)
    fields = {
        "resolution": resolution, "goods": goods, "cause": cause or discrepancy.cause, "settled_at": clock.now(),
        "settled_by": by, "is_replaced": is_replaced and goods in (G.RETURN, G.SCRAP),
        "note": note.strip() or discrepancy.note,
    }  # fmt: skip
    done = transitions.apply(discrepancy, "settle", by=by, note=R(resolution).label, set_fields=fields)
    if done.kind == Discrepancy.Kind.BILL and resolution == R.ACCEPT:
        pricing.take_price(done, by=by)
    if done.held:
        _move(done, goods, by)
        if done.is_replaced and done.receipt_line and done.receipt_line.order_line_id:
            matching.wait_again(done.receipt_line.order_line_id, done.held, by=by)
    return None


def _goods(discrepancy: Discrepancy, resolution: str, goods: str) -> str:
    if resolution not in ALLOWED:
        raise DomainError(
            "解決の方法が選ばれていません。", way_out="受け入れる・返品する・求めるのどれかを選んでください。"
        )
    if not discrepancy.held:
        return ""
    allowed = ALLOWED[R(resolution)]
    if len(allowed) == 1:
        return allowed[0]
    if goods not in allowed:
        raise DomainError(
            f"保留した {discrepancy.held:,} 点の行き先が選ばれていません。",
            way_out="棚に入れる・仕入先に返す・廃棄するのどれかを選んでください。",
        )
    return goods


def _move(done: Discrepancy, goods: str, by: Staff | None) -> None:
    assert done.receipt and done.receipt_line  # noqa: S101  (only receipts hold goods back)
    hold, cost = stock.hold_location_id(), done.receipt_line.unit_cost
    sku, pieces, number, note = done.receipt_line.sku_id, done.held, done.number, done.get_kind_display()
    move, lot = (
        stock_services.Movement,
        stock.lot_of_entry(f"{done.receipt.number}/{done.receipt_line.line_no}/hold"),
    )
    moves = {
        G.SHELF: [
            move(sku, hold, "transfer", -pieces, number, f"{number}/out", cost, note),
            move(sku, done.receipt.location_id, "transfer", pieces, number, f"{number}/in", cost, note),
        ],
        G.RETURN: [move(sku, hold, "return_out", -pieces, number, f"{number}/return", cost, note)],
        G.SCRAP: [move(sku, hold, "adjustment", -pieces, number, f"{number}/scrap", cost, f"{note}のため廃棄")],
    }  # fmt: skip
    stock_services.post([replace(one, lot_id=lot) for one in moves[G(goods)]], by=by)


def _correct(discrepancy: Discrepancy, *, note: str, by: Staff | None) -> GoodsReceipt:
    """入荷を取り消して直す: the receipt and all its mismatches are taken back, and a draft begins with what the slip said."""
    receipt = discrepancy.receipt
    if receipt is None:
        raise DomainError(
            "入荷のない不一致は、入荷を取り消して直せません。", way_out="請求書の側で直してください。"
        )
    receiving.reverse(receipt, reason=note or f"{discrepancy.number} を直すため", by=by)
    lines = [
        LineInput(line.sku_id, line.quantity if line.slip_quantity is None else line.slip_quantity, line.unit_cost, lot=line.lot, expires_on=line.expires_on)
        for line in receipt.lines.all()
    ]  # fmt: skip
    return drafting.create_draft(
        lines=[line for line in lines if line.quantity] or lines, received_on=receipt.received_on,
        supplier_id=receipt.supplier_id, supplier_slip_no=receipt.supplier_slip_no, location_id=receipt.location_id,
        purchase_order_id=receipt.purchase_order_id, totals=receipt.totals, note=receipt.note, by=by,
    )  # fmt: skip
