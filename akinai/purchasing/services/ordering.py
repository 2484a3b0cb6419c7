"""発注書の操作: a draft is written freely; submitting freezes its lines and asks for a second person above the limit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.db.models import F, Sum

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.kana import search_key
from akinai.party import queries as party
from akinai.purchasing.models import PurchaseOrder, PurchaseOrderLine, yen_of
from akinai.purchasing.queries import terms
from akinai.purchasing.states import OrderState, Progress
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class OrderLineInput:
    """発注明細 as entered. Without a cost, the supplier's price of the day; without one, the cost in the catalogue."""

    sku_id: int
    quantity: int
    unit_cost: Decimal | None = None
    due_on: date | None = None
    reason: str = ""


@transaction.atomic
def create_order(
    *,
    supplier_id: int,
    lines: Sequence[OrderLineInput],
    due_on: date | None = None,
    location_id: int | None = None,
    note: str = "",
    memo: str = "",
    by: Staff | None,
) -> PurchaseOrder:
    """発注書の下書き. Without `location_id`, the place orders are served from. Raises DomainError when a price is unknown."""
    _refuse_empty(lines)
    number = numbering.take("purchase_order")[0]
    order = PurchaseOrder.objects.create(
        number=number, supplier_id=supplier_id, due_on=due_on, note=note, memo=memo, created_by=by,
        location_id=location_id or stock.default_location_id(), search_text=search_key(number),
    )  # fmt: skip
    _write_lines(order, lines)
    activity.record(order, "create", by=by, summary=f"{len(lines)} 明細 {order.net_yen:,} 円（税抜）")
    return order


def _refuse_empty(lines: Sequence[OrderLineInput]) -> None:
    if not lines or any(line.quantity <= 0 for line in lines):
        raise DomainError(
            "明細がないか、数量が 1 未満です。", way_out="商品と 1 以上の数量を入力してください。"
        )
    if len({line.sku_id for line in lines}) < len(lines):
        raise DomainError("同じ商品の行が 2 つあります。", way_out="数量を足して 1 行にまとめてください。")


def _write_lines(order: PurchaseOrder, lines: Sequence[OrderLineInput]) -> None:
    catalog.refuse_sets(line.sku_id for line in lines)
    skus = catalog.sku_rows(line.sku_id for line in lines)
    items = terms.current_items([(order.supplier_id, pk) for pk in skus], on=clock.today())
    rows = []
    for no, line in enumerate(lines, 1):
        item, sku = items.get((order.supplier_id, line.sku_id)), skus[line.sku_id]
        cost = next(
            (c for c in (line.unit_cost, item.unit_cost if item else None, sku.cost) if c is not None), None
        )
        if cost is None:
            raise DomainError(
                f"{sku.code} の仕入単価が分かりません。",
                way_out="単価を入れるか、仕入先商品を登録してください。",
            )
        rows.append(PurchaseOrderLine(
            order=order, line_no=no, sku_id=line.sku_id, supplier_code=item.supplier_code if item else "",
            quantity=line.quantity, unit_cost=cost, tax_rate=sku.tax_rate, due_on=line.due_on, reason=line.reason,
        ))  # fmt: skip
    PurchaseOrderLine.objects.bulk_create(rows)
    order.net_yen = yen_of(sum((row.amount for row in rows), Decimal(0)))
    PurchaseOrder.objects.filter(pk=order.pk).update(net_yen=order.net_yen)


@transaction.atomic
def rewrite_order(
    order: PurchaseOrder,
    *,
    lines: Sequence[OrderLineInput],
    by: Staff | None,
    version: int | None = None,
    **fields: Any,
) -> PurchaseOrder:
    """下書きの書き直し. Refused once it has left the draft, and when somebody else wrote it since `version`."""
    _refuse_empty(lines)
    found = PurchaseOrder.objects.select_for_update().get(pk=order.pk)
    if found.state != OrderState.DRAFT:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので直せません。",
            way_out="承認の前後なら差し戻し、発注したあとなら残りを取り消して新しく発注してください。",
        )
    _refuse_other_version(found, version)
    for name, value in fields.items():
        setattr(found, name, value)
    found.version += 1
    found.save()
    found.lines.all().delete()
    _write_lines(found, lines)
    activity.record(found, "change", by=by, summary=f"{len(lines)} 明細 {found.net_yen:,} 円（税抜）")
    return found


def _refuse_other_version(order: PurchaseOrder, version: int | None) -> None:
    if version is not None and order.version != version:
        raise ChangedMeanwhile(
            f"{order.number} は、開いている間にほかの人が書き直しました。",
            way_out="画面を開き直して、今の内容を確かめてください。",
        )


@transaction.atomic
def submit(order: PurchaseOrder, *, by: Staff | None, version: int | None = None) -> PurchaseOrder:
    """申請: above the company's limit it waits for a second person, else it may be sent at once.

    The limit of this moment is kept on the order, and the database refuses a large one that nobody else approved.
    """
    found = PurchaseOrder.objects.select_for_update().get(pk=order.pk)
    _refuse_other_version(found, version)
    limit = party.company().po_approval_yen
    is_large = limit is not None and found.net_yen > limit
    note = f"{found.net_yen:,} 円は承認が要る {limit:,} 円を超えています" if is_large else ""
    fields = {"limit_yen": limit, "submitted_by": by}
    return transitions.apply(found, "submit" if is_large else "pass", by=by, note=note, set_fields=fields)


@transaction.atomic
def approve(order: PurchaseOrder, *, by: Staff) -> PurchaseOrder:
    """承認 by a second person. Raises DomainError for who made or submitted it; the table's CHECK stands behind."""
    fields = {"approved_by": by, "approved_at": clock.now()}
    try:
        with transaction.atomic():
            return transitions.apply(order, "approve", by=by, set_fields=fields)
    except IntegrityError:
        raise DomainError(
            f"{order.number} は、作った人・申請した人とは別の人が承認します。",
            way_out="承認の権限があるほかの担当者に頼んでください。",
            code="same_person",
        ) from None


def send_back(order: PurchaseOrder, *, reason: str, by: Staff | None) -> PurchaseOrder:
    """差し戻し to the draft, where it can be rewritten; an approval given is gone."""
    _refuse_no_reason(reason)
    fields = {"approved_by": None, "approved_at": None, "submitted_by": None, "limit_yen": None}
    return transitions.apply(order, "send_back", by=by, note=reason.strip(), set_fields=fields)


def _refuse_no_reason(reason: str) -> None:
    if not reason.strip():
        raise DomainError("理由がありません。", way_out="理由を書いてください。")


def confirm(
    order: PurchaseOrder, *, promised_on: date | None = None, supplier_order_no: str = "", by: Staff | None
) -> PurchaseOrder:
    """仕入先の返事: they take the order, with the day they promise."""
    fields = {
        "promised_on": promised_on or order.due_on, "supplier_order_no": supplier_order_no.strip()[:60],
        "confirmed_at": clock.now(), "reply_by": None,
    }  # fmt: skip
    note = f"回答納期 {promised_on:%Y/%m/%d}" if promised_on else ""
    return transitions.apply(order, "confirm", by=by, note=note, set_fields=fields)


@transaction.atomic
def cancel(order: PurchaseOrder, *, reason: str, by: Staff | None) -> PurchaseOrder:
    """取消 of the whole order. Refused once pieces have come: then the rest is cancelled (`close`)."""
    _refuse_no_reason(reason)
    done = transitions.apply(order, "cancel", by=by, note=reason.strip(), set_fields={"reply_by": None})
    if order.lines.filter(received__gt=0).exists():
        raise DomainError(
            f"{order.number} はもう入荷しているので、取り消せません。",
            way_out="「残りを取り消して完了」を使ってください。",
        )
    order.lines.update(cancelled=F("quantity"))
    return done


@transaction.atomic
def close(order: PurchaseOrder, *, reason: str, by: Staff | None) -> PurchaseOrder:
    """残りの取消: what has not come will not come; the order is complete with what was received."""
    _refuse_no_reason(reason)
    fields = {"closed_at": clock.now(), "reply_by": None}
    done = transitions.apply(order, "close", by=by, set_fields=fields)
    left = _left(order.pk)
    order.lines.filter(quantity__gt=F("received") + F("cancelled")).update(
        cancelled=F("quantity") - F("received")
    )
    activity.record(done, "cancel_rest", by=by, summary=f"残り {left:,} 点を取消: {reason.strip()}")
    refresh_progress([order.pk], by=by)
    return done


@transaction.atomic
def cancel_rest_of_line(
    line: PurchaseOrderLine, *, quantity: int, reason: str, by: Staff | None
) -> PurchaseOrder:
    """1 行の残りの取消. One conditional statement decides, so a receipt at the same moment is never cancelled."""
    _refuse_no_reason(reason)
    order = PurchaseOrder.objects.select_for_update(no_key=True).get(pk=line.order_id)
    if order.state not in (OrderState.SENT, OrderState.CONFIRMED):
        raise ImpossibleMove(
            f"{order.number} は「{order.get_state_display()}」なので、残りを取り消せません。"
        )
    free = PurchaseOrderLine.objects.filter(
        pk=line.pk, quantity__gte=F("received") + F("cancelled") + quantity
    )
    if quantity < 1 or not free.update(cancelled=F("cancelled") + quantity):
        raise DomainError(
            f"発注残は {quantity:,} 点ありません。", way_out="画面を開き直して、残りを確かめてください。"
        )
    told = f"{line.line_no} 行目 {quantity:,} 点を取消: {reason.strip()}"
    activity.record(order, "cancel_rest", by=by, summary=told)
    refresh_progress([order.pk], by=by)
    return order


def _left(order_id: int) -> int:
    rows = PurchaseOrderLine.objects.filter(order_id=order_id, quantity__gt=F("received") + F("cancelled"))
    return int(rows.aggregate(n=Sum(F("quantity") - F("received") - F("cancelled")))["n"] or 0)


@transaction.atomic
def refresh_progress(order_ids: Iterable[int], *, by: Staff | None) -> None:
    """入荷の進み具合, counted anew from the lines; an order of which nothing is open closes, one of which something is
    open again (a receipt was taken back) opens. The caller has written the lines."""
    for order in (
        PurchaseOrder.objects.select_for_update(no_key=True).filter(pk__in=set(order_ids)).order_by("pk")
    ):
        received = order.lines.aggregate(n=Sum("received"))["n"] or 0
        is_open = order.lines.filter(quantity__gt=F("received") + F("cancelled")).exists()
        progress = Progress.NONE if not received else Progress.PARTIAL if is_open else Progress.DONE
        PurchaseOrder.objects.filter(pk=order.pk).exclude(progress=progress).update(progress=progress)
        if not is_open and received and transitions.can(order, "close"):
            transitions.apply(order, "close", by=by, set_fields={"closed_at": clock.now(), "reply_by": None})
        elif is_open and transitions.can(order, "reopen"):
            transitions.apply(order, "reopen", by=by, set_fields={"closed_at": None})
