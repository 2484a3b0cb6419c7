"""明細を直す: quantity and price, lines that stand there twice, and the way back for a line that was taken out."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum

from akinai.core import activity, bulk, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders import repeats
from akinai.orders.models import Order, OrderIssue, OrderLine
from akinai.orders.ports import IssueDraft
from akinai.orders.services import rows
from akinai.orders.services.addresses import refuse_assigned
from akinai.orders.services.advance import advance
from akinai.orders.services.editing import parts_of
from akinai.orders.services.locking import locked
from akinai.orders.services.stock_lines import reserve_order
from akinai.orders.states import WAITING, IssueCode
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def line_of(order: Order, line_no: int) -> OrderLine:
    """The line, refused where the order has none of this number."""
    line = OrderLine.objects.filter(order=order, line_no=line_no).first()
    if line is None:
        raise DomainError(
            f"{order.number} に明細 {line_no} はありません。", way_out="受注を開き直してください。"
        )
    return line


def close_unknown(line: OrderLine, resolution: str, by: Staff | None) -> None:
    """商品コード不明 of this line is answered, as far as it is still open."""
    OrderIssue.objects.filter(
        order_id=line.order_id, line_no=line.line_no, code=IssueCode.UNKNOWN_SKU, resolved_at=None
    ).update(resolved_at=clock.now(), resolved_by=by, resolution=resolution[:200])


@transaction.atomic
def edit_line(
    order_id: int,
    *,
    line_no: int,
    quantity: int,
    unit_price_yen: int,
    was: tuple[int, int] | None = None,
    by: Staff | None,
) -> None:
    """数量・単価を直す as the clerk found them out. 0 pieces takes the line out; `restore_line` brings it back.

    `was`: quantity and price that the clerk saw. The channel's total is not touched: where lines and amounts no longer
    fit, that is the next question; where they fit now, the question about them is answered.
    """
    if quantity < 0 or unit_price_yen < 0:
        raise DomainError("数量と単価は 0 以上にしてください。", way_out="取り消す明細は数量を 0 にします。")
    order = locked(order_id)
    line = line_of(order, line_no)
    if was is not None and was != (line.quantity, line.unit_price_yen):
        raise ChangedMeanwhile(
            f"明細 {line_no} は、この画面を開いたあとに {line.quantity} × {yen(line.unit_price_yen)} に直されました。",
            way_out="今の内容を確かめてください。",
        )
    refuse_assigned({line: quantity})
    told = f"{line.quantity} × {yen(line.unit_price_yen)} → {quantity} × {yen(unit_price_yen)}"
    taken_out = (line.quantity or line.taken_out) if not quantity else 0
    OrderLine.objects.filter(pk=line.pk).update(
        quantity=quantity, unit_price_yen=unit_price_yen, taken_out=taken_out
    )
    if not quantity:
        close_unknown(line, "数量を 0 に修正", by)
    _promise_again(order, [line_no], by)
    activity.record(order, "correct_line", by=by, summary=f"明細 {line_no}: {told}")
    advance([order.pk], by=by)


@transaction.atomic
def restore_line(order_id: int, *, line_no: int, by: Staff | None) -> None:
    """外した明細を戻す: with the pieces it had. Refused once shipping has begun."""
    order = locked(order_id, outside=True)
    line = line_of(order, line_no)
    if line.quantity or not line.taken_out:
        raise ChangedMeanwhile(
            f"{order.number} の明細 {line_no} は外されていません。", way_out="受注を開き直してください。"
        )
    OrderLine.objects.filter(pk=line.pk).update(quantity=F("taken_out"), taken_out=0)
    _promise_again(order, [line_no], by)
    if line.sku_id is None and order.state in WAITING:
        _ask_for_sku(order, line)
    activity.record(
        order, "restore_line", by=by, summary=f"明細 {line_no}（{line.taken_out} 個）を戻しました"
    )
    advance([order.pk], by=by)


@transaction.atomic
def drop_repeats(order_id: int, *, keep: Collection[int] = (), which: str = "", by: Staff | None) -> int:
    """重複した明細を外す: lines that say the same once more go out, when the rest is what the channel charges.

    Never a guess: refused unless the lines that stay add up to 商品代, and where only the code differs unless the clerk
    says which line is right (`keep`, or `which` for the first or last of each). Out: how many were taken out;
    `restore_line` brings each back.
    """
    order = locked(order_id, outside=True)
    lines = list(order.lines.order_by("line_no"))
    found = repeats.find(lines, order.goods_yen)
    if not found:
        raise DomainError(
            f"{order.number} には、外すと合計が合う重複した明細がありません。",
            way_out="モールの画面で商品と数量を確かめ、明細か金額を直してください。",
        )
    gone = found.out(keep=keep, which=which)
    if gone is None:
        raise DomainError(
            f"{order.number} の重なった明細は商品コードが違います。",
            way_out="モールの画面で確かめ、正しい方を選んでください。",
        )
    out = [line for line in lines if line.line_no in gone]
    refuse_assigned(dict.fromkeys(out, 0))
    OrderLine.objects.filter(pk__in=[line.pk for line in out]).update(taken_out=F("quantity"), quantity=0)
    _answer_repeats(order, out, by)
    _promise_again(order, [line.line_no for line in out], by, answer=DROPPED)
    numbers = "・".join(str(line.line_no) for line in out)
    activity.record(
        order, "drop_repeats", by=by, summary=f"重複した明細 {numbers} を外しました（{found.step}）"
    )
    advance([order.pk], by=by)
    return len(out)


DROPPED = "重複した明細を外して解消"


def _answer_repeats(order: Order, out: list[OrderLine], by: Staff | None) -> None:
    for line in out:
        close_unknown(line, DROPPED, by)
    order.issues.filter(code=IssueCode.DUPLICATE_ROW, resolved_at=None).update(
        resolved_at=clock.now(), resolved_by=by, resolution=DROPPED
    )


def _promise_again(
    order: Order, line_nos: list[int], by: Staff | None, *, answer: str = "明細を直して解消"
) -> None:
    """Goods are promised for the lines as they are now, and the sum is looked at once more."""
    stock_services.release([f"{order.number}/{no}" for no in line_nos], by=by)
    _ask_about_goods(order, by, answer)
    reserve_order(order.pk, by=by)


def _ask_about_goods(order: Order, by: Staff | None, answer: str) -> None:
    """合計金額の不一致 between lines and goods: asked once, answered when they fit."""
    of_lines = order.lines.aggregate(sum=Sum(F("quantity") * F("unit_price_yen")))["sum"] or 0
    asked = order.issues.filter(code=IssueCode.TOTAL_MISMATCH, resolved_at=None, line_no=0)
    if of_lines == order.goods_yen:
        if parts_of(order) == order.total_yen:
            asked.update(resolved_at=clock.now(), resolved_by=by, resolution=answer)
        return
    if order.amounts_known and not asked.exists():
        text = f"明細の合計 {yen(of_lines)} と商品代 {yen(order.goods_yen)} が合いません。請求金額を直すか、理由を書いて受け入れてください"
        issue = IssueDraft(IssueCode.TOTAL_MISMATCH, text, column="商品代", value=str(order.goods_yen))
        bulk.insert(OrderIssue, [rows.issue_row(order.pk, issue, clock.now())])


def _ask_for_sku(order: Order, line: OrderLine) -> None:
    text = f"商品コード「{line.sku_code or '（空）'}」は登録されていません。商品を選ぶか、新しく登録してください（{line.name[:60]}）"
    issue = IssueDraft(IssueCode.UNKNOWN_SKU, text, line.line_no, column="商品コード", value=line.sku_code)
    bulk.insert(OrderIssue, [rows.issue_row(order.pk, issue, clock.now())])
