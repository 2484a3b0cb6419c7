"""分納: some of the goods leave before the rest. The order waits on with the rest; what was told to leave is counted per line.

`OrderLine.instructed` is the guard: one conditional statement adds to it, and a CHECK stands behind it, so two clerks never
send the same pieces twice.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import connection, transaction
from django.db.models import F

from akinai.core import activity, clock, transitions
from akinai.core.activity import Fact
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.core.money import yen
from akinai.orders.models import Order, OrderLine
from akinai.orders.recipients import with_addresses
from akinai.orders.services.advance import advance
from akinai.orders.services.locking import lock, lock_all
from akinai.orders.services.progress import AS_BEFORE_LEAVING, progress_of_money
from akinai.orders.states import WAITING, OrderState, Progress
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MAY_PART = (OrderState.READY, OrderState.AWAITING_STOCK)

COUNT = """
UPDATE orders_orderline l SET instructed = l.instructed + t.pieces FROM unnest(%s::bigint[], %s::int[]) AS t(id, pieces)
WHERE l.id = t.id AND l.instructed + t.pieces BETWEEN 0 AND l.quantity RETURNING l.id
"""
# A part must lie on the shelf, promised to this line, and be out already. What a line holds counts what has left.
COUNT_HELD = """
UPDATE orders_orderline l SET instructed = l.instructed + t.pieces
FROM unnest(%(lines)s::bigint[], %(pieces)s::int[]) AS t(id, pieces), orders_order o, catalog_sku s
WHERE l.id = t.id AND o.id = l.order_id AND s.id = l.sku_id AND l.instructed + t.pieces <= l.quantity
  AND (s.release_on IS NULL OR s.release_on <= %(today)s)
  AND coalesce((SELECT bool_and(r.quantity >= (l.instructed + t.pieces) * r.per_set) FROM stock_reservation r
    WHERE r.reference = o.number || '/' || l.line_no AND r.state = 'active' AND coalesce(r.set_sku_id, r.sku_id) = l.sku_id), false)
RETURNING l.id
"""


def count_pieces(pieces: Mapping[int, int]) -> None:
    """出荷指示数: order line → pieces that a shipment takes (below zero: gives back). Raises ChangedMeanwhile when there are not
    so many left; the caller's transaction ends then."""
    with connection.cursor() as cursor:
        cursor.execute(COUNT, [list(pieces), list(pieces.values())])
        if cursor.rowcount != len(pieces):
            raise ChangedMeanwhile(
                "残りの数量が変わりました（ほかの担当者が先に出荷を指示したか、取り消しました）。",
                way_out="画面を開き直して、残りを確かめてください。",
            )


def note_in_parts(order_ids: Collection[int]) -> None:
    """These orders leave in several shipments."""
    Order.objects.filter(pk__in=list(order_ids)).update(in_parts=True)


@transaction.atomic
def note_part_instructed(order_id: int, pieces: Mapping[int, int], *, by: Staff | None) -> Order:
    """一部の出荷指示: these pieces (order line → how many) leave now, the rest waits on. Out: the order as it is then.

    Only goods that are held for the order and may be shipped already. Raises DomainError where the order is not ready for it,
    ChangedMeanwhile when the pieces are not there (any more).
    """
    order = lock(order_id)
    if order.state not in MAY_PART:
        raise DomainError(
            f"{order.number} は「{order.get_state_display()}」なので、一部の出荷を指示できません。",
            way_out="確認・入金を済ませてから指示してください。",
        )
    if with_addresses([order_id]):
        raise DomainError(
            f"{order.number} は送付先が複数なので、数量を選んで分けることはできません。",
            way_out="ふつうに出荷を指示すると、送付先ごとの荷物になります。",
        )
    if not pieces or any(count <= 0 for count in pieces.values()):
        raise DomainError("出荷する数量がありません。", way_out="1 点以上の数量を入れてください。")
    _count_held(order, pieces)
    Order.objects.filter(pk=order_id).update(in_parts=True, shipment_progress=Progress.PARTIAL)
    if not _has_rest(order_id):
        advance([order_id], by=by)
        transitions.apply(Order.objects.get(pk=order_id), "instruct", by=by)
    else:
        told = f"一部（{sum(pieces.values()):,} 点）の出荷を指示。残りは待ちます"
        activity.record(order, "instruct_part", by=by, summary=told)
        advance([order_id], by=by)
    return Order.objects.get(pk=order_id)


def _count_held(order: Order, pieces: Mapping[int, int]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            COUNT_HELD, {"lines": list(pieces), "pieces": list(pieces.values()), "today": clock.today()}
        )
        done = {pk for (pk,) in cursor.fetchall()}
    mine = OrderLine.objects.filter(order=order, pk__in=pieces)
    missing = [line for line in mine if line.pk not in done]
    if missing or mine.count() != len(pieces):
        names = "、".join(f"{line.sku_code or line.name[:20]} {pieces[line.pk]:,} 点" for line in missing[:3])
        raise ChangedMeanwhile(
            f"{order.number} の {names or '明細'} は、いま出荷できません（残りの数か、引当が足りません）。",
            way_out="画面を開き直して、引き当ててある数を確かめてください。",
        )


def _has_rest(order_id: int) -> bool:
    rest = OrderLine.objects.filter(order_id=order_id, sku__isnull=False, quantity__gt=F("instructed"))
    return rest.exists()


@transaction.atomic
def note_parts_shipped(
    order_ids: Collection[int], *, open_left: Collection[int], at: Mapping[int, datetime], by: Staff | None
) -> None:
    """一部の出荷: 出荷済 once nothing waits and no shipment of the order is open (`open_left`). The caller holds the rows
    (`lock_all`), asked for `open_left` after that, and knows when each left."""
    waiting: list[Order] = []
    done: list[Order] = []
    for order in lock_all(order_ids):
        is_last = order.state == OrderState.PICKING and order.pk not in open_left
        (done if is_last else waiting).append(order)
    for order in done:
        fields = {"shipment_progress": Progress.DONE, "shipped_at": at[order.pk], "notified_at": None}
        transitions.apply(order, "ship", by=by, set_fields=fields)
    activity.record_many([Fact(order, "ship_part", "一部を出荷しました") for order in waiting], by=by)


@transaction.atomic
def note_parts_unshipped(order_ids: Collection[int], *, by: Staff | None) -> None:
    """一部の出荷取消: the order is open again. The caller brings the pieces back (`count_pieces`, `set_progress`, stock) and
    then lets the orders `advance`."""
    rows = lock_all(order_ids)
    gone = [order for order in rows if transitions.can(order, "unship")]
    transitions.apply_many(gone, "unship", by=by, set_fields=AS_BEFORE_LEAVING)
    picking = [order for order in rows if order.state == OrderState.PICKING]
    transitions.apply_many(picking, "withdraw", by=by, note="一部の出荷取消")


def set_progress(order_ids: Collection[int]) -> None:
    """出荷の進み of orders that have not left whole: 一部 while a shipment has some of it."""
    begun = OrderLine.objects.filter(order_id__in=list(order_ids), instructed__gt=0).values("order_id")
    waits = Order.objects.filter(pk__in=list(order_ids)).exclude(
        state__in=[OrderState.SHIPPED, OrderState.COMPLETED]
    )
    waits.filter(pk__in=begun).update(shipment_progress=Progress.PARTIAL)
    waits.exclude(pk__in=begun).update(shipment_progress=Progress.NONE)


@transaction.atomic
def drop_rest(order_id: int, *, reason: str, by: Staff | None) -> Order:
    """残りを取り消す: what no shipment has is not delivered; the order is what its shipments hold. 送料・値引 stay as agreed.

    The goods go to who waits for them, the amount falls by their price. Refused where more is paid than is asked then. Out: the
    order, 出荷作業中; the caller sees whether everything has left already.
    """
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    order = lock(order_id)
    rest = [line for line in order.lines.filter(sku__isnull=False).order_by("line_no") if line.rest]
    if (
        not order.in_parts
        or order.state not in WAITING
        or not any(line.instructed for line in order.lines.all())
        or not rest
    ):
        raise DomainError(
            f"{order.number} に、取り消せる残りはありません。", way_out="一部を出荷した受注だけが対象です。"
        )
    if with_addresses([order_id]):
        raise DomainError(
            f"{order.number} は送付先が複数なので、残りだけを取り消せません。",
            way_out="残りも出荷して返品で受けるか、出荷をすべて取り消してから内容を直してください。",
        )
    fields = _amounts_without(order, rest)
    _refuse_below_paid(order, fields["total_yen"])
    for line in rest:
        OrderLine.objects.filter(pk=line.pk).update(quantity=F("instructed"))
    _let_go(order, rest, by)
    Order.objects.filter(pk=order_id).update(**fields)
    told = "、".join(f"{line.sku_code or line.name[:20]} {line.rest:,} 点" for line in rest)
    transitions.apply(order, "drop_rest", by=by, note=f"残りを取消: {told}（{reason.strip()}）"[:500])
    progress_of_money([order_id])
    return Order.objects.get(pk=order_id)


def _amounts_without(order: Order, rest: list[OrderLine]) -> dict[str, int | list[Any]]:
    """The amounts without these goods. The mall's tax per rate belongs to the old ones; the invoice computes its own."""
    goods = sum(line.unit_price_yen * line.rest for line in rest)
    untaxed = sum(line.subtotal_yen for line in order.lines.all() if not line.price_includes_tax)
    gone = sum(line.unit_price_yen * line.rest for line in rest if not line.price_includes_tax)
    outer = order.outer_tax_yen * gone // untaxed if untaxed else 0
    return {
        "goods_yen": order.goods_yen - goods, "outer_tax_yen": order.outer_tax_yen - outer,
        "total_yen": max(order.total_yen - goods - outer, 0), "taxes": [],
    }  # fmt: skip


def _refuse_below_paid(order: Order, total_yen: Any) -> None:
    if total_yen < order.paid_yen:
        raise DomainError(
            f"{order.number} は {yen(order.paid_yen)} 入金済みで、残りを取り消した請求金額 {yen(total_yen)} を超えます。",
            way_out=f"先に「入金」の欄で {yen(order.paid_yen - total_yen)} を返金するか、預り金に移してください。",
        )


def _let_go(order: Order, rest: list[OrderLine], by: Staff | None) -> None:
    """引当 of what is not delivered."""
    stock_services.release([f"{order.number}/{line.line_no}" for line in rest if not line.instructed], by=by)
    if begun := {f"{order.number}/{line.line_no}": line.instructed for line in rest if line.instructed}:
        stock_services.shrink(begun, by=by)
