"""例外への答え: name the SKU, correct the line, or accept as it is with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, Sum

from akinai.channels import services as channel_services
from akinai.core import activity, bulk, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders.models import Order, OrderIssue, OrderLine
from akinai.orders.ports import IssueDraft
from akinai.orders.services import rows
from akinai.orders.services.advance import advance
from akinai.orders.services.editing import locked, parts_of
from akinai.orders.services.stock_lines import reserve_order
from akinai.orders.states import WAITING, IssueCode
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def _close(issue: OrderIssue, resolution: str, by: Staff | None) -> None:
    """Of two people answering, one does."""
    found = OrderIssue.objects.filter(pk=issue.pk, resolved_at=None)
    if not found.update(resolved_at=clock.now(), resolved_by=by, resolution=resolution[:200]):
        raise ChangedMeanwhile("この例外はすでに解決されています。", way_out="受注を開き直してください。")


def _close_unknown(line: OrderLine, resolution: str, by: Staff | None) -> None:
    """商品コード不明 of this line is answered, as far as it is still open."""
    OrderIssue.objects.filter(
        order_id=line.order_id, line_no=line.line_no, code=IssueCode.UNKNOWN_SKU, resolved_at=None
    ).update(resolved_at=clock.now(), resolved_by=by, resolution=resolution[:200])


@transaction.atomic
def accept_issue(issue_id: int, *, reason: str, by: Staff | None) -> None:
    """そのまま受け入れる, with the reason why it is right. Goods that are not known cannot be accepted."""
    if not reason.strip():
        raise DomainError("受け入れる理由がありません。", way_out="理由を書いてください。")
    issue = OrderIssue.objects.get(pk=issue_id)
    order = Order.objects.select_for_update(no_key=True).get(pk=issue.order_id)
    unknown = order.lines.filter(line_no=issue.line_no, quantity__gt=0, sku=None)
    if issue.code == IssueCode.UNKNOWN_SKU and order.state in WAITING and unknown.exists():
        raise DomainError(
            "商品が決まらないまま出荷はできません。", way_out="商品を選ぶか、数量を 0 にしてください。"
        )
    _close(issue, f"受け入れ: {reason}", by)
    activity.record(order, "accept_issue", by=by, summary=f"{issue.get_code_display()}: {reason}")
    advance([order.pk], by=by)


@transaction.atomic
def assign_sku(issue_id: int, *, sku_id: int, remember: bool, by: Staff | None) -> None:
    """商品を選ぶ: the line is this SKU; with `remember` the code means it from now on, also for other waiting orders."""
    issue = OrderIssue.objects.select_related("order__channel").get(pk=issue_id)
    line = OrderLine.objects.get(order_id=issue.order_id, line_no=issue.line_no)
    teaches = remember and bool(line.sku_code)
    others = _same_code(line, issue.order.channel_id) if teaches else []
    order = issue.order if issue.order.shipped_outside else locked(issue.order_id)
    _close(issue, "商品を選択", by)
    if teaches:
        channel_services.list_sku(issue.order.channel, line.sku_code, sku_id, by=by)
    OrderLine.objects.filter(pk__in=[line.pk, *(other.pk for other in others)]).update(sku_id=sku_id)
    for other in others:
        _close_unknown(other, "同じコードの商品を選択", by)
    waiting = sorted({order.pk, *(other.order_id for other in others)})
    for order_id in waiting:
        reserve_order(order_id, by=by)
    activity.record(
        order, "assign_sku", by=by, summary=f"明細 {line.line_no} の商品を選択（{line.sku_code}）"
    )
    advance(waiting, by=by)


def _same_code(line: OrderLine, channel_id: int) -> list[OrderLine]:
    """Lines of other waiting orders that ask the same question. All orders are locked in one order for everybody."""
    asking = OrderLine.objects.filter(
        order__channel_id=channel_id, order__state__in=WAITING, sku=None, sku_code=line.sku_code
    ).exclude(pk=line.pk)
    ids = {line.order_id, *asking.values_list("order_id", flat=True)}
    orders = Order.objects.select_for_update(no_key=True).filter(pk__in=ids, state__in=WAITING).order_by("pk")
    still = set(orders.values_list("pk", flat=True))
    return [other for other in asking.order_by("order_id", "line_no") if other.order_id in still]


@transaction.atomic
def correct_line(issue_id: int, *, quantity: int, unit_price_yen: int, by: Staff | None) -> None:
    """明細を直す, as the answer to its exception."""
    issue = OrderIssue.objects.get(pk=issue_id)
    locked(issue.order_id)
    _close(issue, f"{quantity} × {yen(max(unit_price_yen, 0))} に修正", by)
    edit_line(issue.order_id, line_no=issue.line_no, quantity=quantity, unit_price_yen=unit_price_yen, by=by)


@transaction.atomic
def edit_line(order_id: int, *, line_no: int, quantity: int, unit_price_yen: int, by: Staff | None) -> None:
    """数量・単価を直す as the clerk found them out. 0 pieces drops the line.

    The channel's total is not touched: where lines and amounts no longer fit, that is the next question; where they
    fit now, the question about them is answered.
    """
    if quantity < 0 or unit_price_yen < 0:
        raise DomainError("数量と単価は 0 以上にしてください。", way_out="取り消す明細は数量を 0 にします。")
    order = locked(order_id)
    line = OrderLine.objects.get(order=order, line_no=line_no)
    stock_services.release([f"{order.number}/{line_no}"], by=by)
    told = f"{line.quantity} × {yen(line.unit_price_yen)} → {quantity} × {yen(unit_price_yen)}"
    OrderLine.objects.filter(pk=line.pk).update(quantity=quantity, unit_price_yen=unit_price_yen)
    if not quantity:
        _close_unknown(line, "数量を 0 に修正", by)
    _ask_about_goods(order, by)
    reserve_order(order.pk, by=by)
    activity.record(order, "correct_line", by=by, summary=f"明細 {line_no}: {told}")
    advance([order.pk], by=by)


def _ask_about_goods(order: Order, by: Staff | None) -> None:
    """合計金額の不一致 between lines and goods: asked once, answered when they fit."""
    of_lines = order.lines.aggregate(sum=Sum(F("quantity") * F("unit_price_yen")))["sum"] or 0
    asked = order.issues.filter(code=IssueCode.TOTAL_MISMATCH, resolved_at=None, line_no=0)
    if of_lines == order.goods_yen:
        if parts_of(order) == order.total_yen:
            asked.update(resolved_at=clock.now(), resolved_by=by, resolution="明細を直して解消")
        return
    if order.amounts_known and not asked.exists():
        text = f"明細の合計 {yen(of_lines)} と商品代 {yen(order.goods_yen)} が合いません。請求金額を直すか、理由を書いて受け入れてください"
        issue = IssueDraft(IssueCode.TOTAL_MISMATCH, text, column="商品代", value=str(order.goods_yen))
        bulk.insert(OrderIssue, [rows.issue_row(order.pk, issue, clock.now())])
