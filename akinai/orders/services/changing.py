"""受注の内容を変える: quantities, prices, new lines and amounts in one act, so that lines and total always agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Max

from akinai.catalog import queries as catalog
from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.core.money import yen
from akinai.orders import gifts
from akinai.orders.models import Order, OrderIssue, OrderLine
from akinai.orders.services import rewriting
from akinai.orders.services.addresses import refuse_assigned
from akinai.orders.services.advance import advance
from akinai.orders.services.editing import put_amounts
from akinai.orders.services.entering import EntryLine
from akinai.orders.services.lines import close_unknown, line_of
from akinai.orders.services.locking import locked
from akinai.orders.services.stock_lines import references, reserve_order
from akinai.orders.states import IssueCode
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def change_order(
    order_id: int,
    *,
    lines: Mapping[int, tuple[int, int]],
    added: Sequence[EntryLine],
    amounts: Mapping[str, int],
    reason: str,
    seen: str = "",
    by: Staff | None,
) -> None:
    """数量・単価・行・金額を変える. `lines`: line number → (pieces, price); 0 pieces takes the line out; `added` come behind.

    Goods are promised again, 商品代 is the sum of the lines, the total follows from the parts. Questions about the amounts are
    answered by it. Refused without a reason, for an order without goods, and below what is already paid.
    """
    if not reason.strip():
        raise DomainError(
            "変える理由がありません。", way_out="理由を書いてください（例: お電話で 1 個追加）。"
        )
    order = locked(order_id, seen=seen)
    told = [
        text for no, (pieces, price) in sorted(lines.items()) if (text := _set(order, no, pieces, price, by))
    ]
    told += _add(order, added)
    amounts = _without_gifts(order, [no for no, (pieces, _) in lines.items() if not pieces], amounts)
    if not order.lines.filter(quantity__gt=0).exists():
        raise DomainError(
            "商品がすべてなくなります。", way_out="注文をやめるときは、キャンセルしてください。"
        )
    before = order.total_yen
    total = put_amounts(order, amounts, reason=reason, by=by)
    _answer(order, by)
    stock_services.release(references(order), by=by)
    reserve_order(order.pk, by=by)
    fresh = Order.objects.get(pk=order.pk)
    rewriting.judge_again(fresh, rewriting.draft_of(fresh), by=by, note="内容を変えて解消")
    sums = f"請求金額 {yen(before)} → {yen(total)}" if total != before else ""
    summary = "、".join(filter(None, (*told, sums)))
    activity.record(
        order, "change_order", by=by, summary=f"{summary or '内容の確認'}（{reason.strip()}）"[:500]
    )
    advance([order.pk], by=by)


def _set(order: Order, line_no: int, quantity: int, price: int, by: Staff | None) -> str:
    line = line_of(order, line_no)
    if (line.quantity, line.unit_price_yen) == (quantity, price):
        return ""
    if quantity < 0 or price < 0:
        raise DomainError("数量と単価は 0 以上にしてください。", way_out="やめる明細は数量を 0 にします。")
    refuse_assigned({line: quantity})
    taken_out = (line.quantity or line.taken_out) if not quantity else 0
    OrderLine.objects.filter(pk=line.pk).update(quantity=quantity, unit_price_yen=price, taken_out=taken_out)
    if not quantity:
        close_unknown(line, "数量を 0 に修正", by)
    return f"明細 {line_no}: {line.quantity} × {yen(line.unit_price_yen)} → {quantity} × {yen(price)}"


def _without_gifts(order: Order, out: Sequence[int], amounts: Mapping[str, int]) -> Mapping[str, int]:
    """The のし・ラッピング of lines that go out goes too, and its price unless the clerk says another ラッピング料."""
    gone = list(order.lines.filter(line_no__in=out).exclude(gift={}))
    order.lines.filter(pk__in=[line.pk for line in gone]).update(gift={})
    asked = amounts.get("wrapping_yen", order.wrapping_yen)
    return (
        amounts if asked != order.wrapping_yen else {**amounts, "wrapping_yen": asked - gifts.charged(gone)}
    )


def _add(order: Order, added: Sequence[EntryLine]) -> list[str]:
    """New lines behind the others. A number that was used is never used again: papers name it."""
    goods = catalog.sku_rows(line.sku_id for line in added)
    last = order.lines.aggregate(last=Max("line_no"))["last"] or 0
    told = []
    for no, line in enumerate(added, last + 1):
        sku = goods[line.sku_id]
        price = sku.price_yen if line.unit_price_yen is None else line.unit_price_yen
        OrderLine.objects.create(
            order=order, line_no=no, sku_id=line.sku_id, sku_code=sku.code, name=sku.title, quantity=line.quantity,
            unit_price_yen=price, tax_rate=sku.tax_rate,
        )  # fmt: skip
        told.append(f"明細 {no} を追加: {sku.code} × {line.quantity}")
    return told


def _answer(order: Order, by: Staff | None) -> None:
    """Questions about quantities and prices of lines are answered by saying what they are."""
    codes = [IssueCode.BAD_QUANTITY, IssueCode.BAD_PRICE, IssueCode.CANCELLED_LINE]
    OrderIssue.objects.filter(order=order, resolved_at=None, code__in=codes).update(
        resolved_at=clock.now(), resolved_by=by, resolution="内容を変えて解消"
    )
