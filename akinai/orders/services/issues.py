"""例外への答え: name the SKU, correct the line, or accept as it is with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.channels import services as channel_services
from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders.models import Order, OrderIssue, OrderLine
from akinai.orders.services.advance import advance
from akinai.orders.services.stock_lines import reserve_order
from akinai.orders.states import WAITING, IssueCode
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def _close(issues: list[OrderIssue], resolution: str, by: Staff | None) -> None:
    found = OrderIssue.objects.filter(pk__in=[issue.pk for issue in issues], resolved_at=None)
    if not found.update(resolved_at=clock.now(), resolved_by=by, resolution=resolution[:200]):
        raise ChangedMeanwhile("この例外はすでに解決されています。", way_out="受注を開き直してください。")


def _locked(order_id: int) -> Order:
    order = Order.objects.select_for_update().get(pk=order_id)
    if order.state not in WAITING:
        raise DomainError(
            f"{order.number} は出荷が始まっているため直せません。",
            way_out="先に出荷指示を取り消してください。",
        )
    return order


@transaction.atomic
def accept_issue(issue_id: int, *, reason: str, by: Staff | None) -> None:
    """そのまま受け入れる, with the reason why it is right."""
    if not reason.strip():
        raise DomainError("受け入れる理由がありません。", way_out="理由を書いてください。")
    issue = OrderIssue.objects.select_related("order").get(pk=issue_id)
    if issue.code == IssueCode.UNKNOWN_SKU and OrderLine.objects.filter(
        order_id=issue.order_id, line_no=issue.line_no, quantity__gt=0, sku=None
    ):
        raise DomainError("商品が決まらないまま出荷はできません。", way_out="商品を選んでください。")
    order = _locked(issue.order_id)
    _close([issue], f"受け入れ: {reason}", by)
    activity.record(order, "accept_issue", by=by, summary=f"{issue.get_code_display()}: {reason}")
    advance([order.pk], by=by)


@transaction.atomic
def assign_sku(issue_id: int, *, sku_id: int, remember: bool, by: Staff | None) -> None:
    """商品を選ぶ: the line is this SKU; with `remember` the code means it from now on, also for other waiting orders."""
    issue = OrderIssue.objects.select_related("order").get(pk=issue_id)
    order = _locked(issue.order_id)
    line = OrderLine.objects.get(order=order, line_no=issue.line_no)
    targets = [line]
    if remember and line.sku_code:
        channel_services.list_sku(order.channel, line.sku_code, sku_id, by=by)
        targets += list(
            OrderLine.objects.filter(
                order__channel_id=order.channel_id, order__state__in=WAITING, sku=None, sku_code=line.sku_code
            ).exclude(pk=line.pk)
        )
    OrderLine.objects.filter(pk__in=[target.pk for target in targets]).update(sku_id=sku_id)
    for target in targets:
        same = OrderIssue.objects.filter(
            order_id=target.order_id, line_no=target.line_no, code=IssueCode.UNKNOWN_SKU, resolved_at=None
        )
        _close(list(same), "商品を選択", by)
    ids = sorted({target.order_id for target in targets})
    for order_id in ids:
        reserve_order(order_id, by=by)
    activity.record(
        order, "assign_sku", by=by, summary=f"明細 {line.line_no} の商品を選択（{line.sku_code}）"
    )
    advance(ids, by=by)


@transaction.atomic
def correct_line(issue_id: int, *, quantity: int, unit_price_yen: int, by: Staff | None) -> None:
    """明細を直す: quantity and unit price as the clerk found them out. 0 pieces drops the line."""
    if quantity < 0 or unit_price_yen < 0:
        raise DomainError("数量と単価は 0 以上にしてください。", way_out="取り消す明細は数量を 0 にします。")
    issue = OrderIssue.objects.select_related("order").get(pk=issue_id)
    order = _locked(issue.order_id)
    line = OrderLine.objects.get(order=order, line_no=issue.line_no)
    stock_services.release([f"{order.number}/{line.line_no}"], by=by)
    before = f"{line.quantity} × {line.unit_price_yen:,} 円"
    OrderLine.objects.filter(pk=line.pk).update(quantity=quantity, unit_price_yen=unit_price_yen)
    _close([issue], f"{before} → {quantity} × {unit_price_yen:,} 円", by)
    reserve_order(order.pk, by=by)
    activity.record(
        order,
        "correct_line",
        by=by,
        summary=f"明細 {line.line_no}: {before} → {quantity} × {unit_price_yen:,} 円",
    )
    advance([order.pk], by=by)
