"""例外への答え: name the SKU or make one, correct the line, or accept as it is with a reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog import services as catalog_services
from akinai.channels import services as channel_services
from akinai.core import activity, clock
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders.models import Order, OrderIssue, OrderLine
from akinai.orders.services.advance import advance
from akinai.orders.services.lines import close_unknown, edit_line, line_of
from akinai.orders.services.locking import lock, lock_all, locked
from akinai.orders.services.stock_lines import reserve_order
from akinai.orders.states import WAITING, IssueCode

if TYPE_CHECKING:
    from akinai.staff.models import Staff


def _close(issue: OrderIssue, resolution: str, by: Staff | None) -> None:
    """Of two people answering, one does."""
    found = OrderIssue.objects.filter(pk=issue.pk, resolved_at=None)
    if not found.update(resolved_at=clock.now(), resolved_by=by, resolution=resolution[:200]):
        raise ChangedMeanwhile("この例外はすでに解決されています。", way_out="受注を開き直してください。")


@transaction.atomic
def accept_issue(issue_id: int, *, reason: str, by: Staff | None) -> None:
    """そのまま受け入れる, with the reason why it is right. Goods that are not known cannot be accepted."""
    if not reason.strip():
        raise DomainError("受け入れる理由がありません。", way_out="理由を書いてください。")
    issue = OrderIssue.objects.get(pk=issue_id)
    order = lock(issue.order_id)
    unknown = order.lines.filter(line_no=issue.line_no, quantity__gt=0, sku=None)
    if issue.code == IssueCode.UNKNOWN_SKU and order.state in WAITING and unknown.exists():
        raise DomainError(
            "商品が決まらないまま出荷はできません。", way_out="商品を選ぶか、数量を 0 にしてください。"
        )
    _close(issue, f"受け入れ: {reason}", by)
    summary = f"{issue.get_code_display()}を受け入れ: {reason}"
    activity.record(order, "accept_issue", by=by, summary=summary[:500])
    advance([order.pk], by=by)


@transaction.atomic
def assign_sku(issue_id: int, *, sku_id: int, remember: bool, by: Staff | None) -> None:
    """商品を選ぶ: the line is this SKU; with `remember` the code means it from now on, also for other waiting orders."""
    issue = OrderIssue.objects.select_related("order__channel").get(pk=issue_id)
    _refuse_other_question(issue)
    channel = issue.order.channel
    line = line_of(issue.order, issue.line_no)
    teaches = remember and bool(line.sku_code)
    others = _same_code(line, channel.pk) if teaches else []
    order = locked(issue.order_id, outside=True)
    _close(issue, "商品を選択", by)
    if teaches:
        channel_services.list_sku(channel, line.sku_code, sku_id, by=by)
    OrderLine.objects.filter(pk__in=[line.pk, *(other.pk for other in others)]).update(sku_id=sku_id)
    for other in others:
        close_unknown(other, "同じコードの商品を選択", by)
    waiting = sorted({order.pk, *(other.order_id for other in others)})
    for order_id in waiting:
        reserve_order(order_id, by=by)
    activity.record(
        order, "assign_sku", by=by, summary=f"明細 {line.line_no} の商品を選択（{line.sku_code}）"
    )
    advance(waiting, by=by)


@transaction.atomic
def create_sku(issue_id: int, *, by: Staff | None) -> str:
    """商品を仮登録する: the code becomes a provisional SKU with the name and price of the line. Out: its code."""
    issue = OrderIssue.objects.select_related("order").get(pk=issue_id)
    _refuse_other_question(issue)
    line = line_of(issue.order, issue.line_no)
    _same_code(line, issue.order.channel_id)  # orders are taken before the catalogue, as in a file
    if not line.sku_code.strip():
        raise DomainError(
            "この明細には商品コードがありません。", way_out="登録済みの商品から選んでください。"
        )
    stub = catalog_services.StubSku(line.sku_code, line.name, max(line.unit_price_yen, 0), line.tax_rate, "")
    made = catalog_services.create_stub_skus([stub], by=by).get(line.sku_code)
    if made is None:
        raise DomainError(
            f"商品コード「{line.sku_code[:40]}…」は長すぎて登録できません。",
            way_out="登録済みの商品から選んでください。",
        )
    assign_sku(issue_id, sku_id=made, remember=True, by=by)
    return line.sku_code


def _refuse_other_question(issue: OrderIssue) -> None:
    if issue.code != IssueCode.UNKNOWN_SKU:
        raise DomainError(
            f"この例外は「{issue.get_code_display()}」です。商品を選ぶものではありません。",
            way_out="受注を開き直してください。",
        )


def _same_code(line: OrderLine, channel_id: int) -> list[OrderLine]:
    """Lines of other waiting orders that ask the same question. All orders are locked in one order for everybody."""
    asking = OrderLine.objects.filter(
        order__channel_id=channel_id, order__state__in=WAITING, sku=None, sku_code=line.sku_code
    ).exclude(pk=line.pk)
    held = lock_all({line.order_id, *asking.values_list("order_id", flat=True)})
    still = {order.pk for order in held if order.state in WAITING}
    return [other for other in asking.order_by("order_id", "line_no") if other.order_id in still]


@transaction.atomic
def correct_line(issue_id: int, *, quantity: int, unit_price_yen: int, by: Staff | None) -> None:
    """明細を直す, as the answer to its exception."""
    issue = OrderIssue.objects.get(pk=issue_id)
    locked(issue.order_id)
    _close(issue, f"{quantity} × {yen(max(unit_price_yen, 0))} に修正", by)
    edit_line(issue.order_id, line_no=issue.line_no, quantity=quantity, unit_price_yen=unit_price_yen, by=by)


@transaction.atomic
def take_out_line(issue_id: int, *, by: Staff | None) -> None:
    """この明細をやめる: the line of the exception goes out, with 0 pieces."""
    issue = OrderIssue.objects.get(pk=issue_id)
    order: Order = locked(issue.order_id)
    line = line_of(order, issue.line_no)
    _close(issue, "明細を外して解消", by)
    edit_line(order.pk, line_no=line.line_no, quantity=0, unit_price_yen=max(line.unit_price_yen, 0), by=by)
