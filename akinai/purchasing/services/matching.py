"""入荷と発注の突き合わせ, in the transaction that posts: order lines count what came, mismatches are written down."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import F, Value
from django.db.models.functions import Greatest

from akinai.catalog import queries as catalog
from akinai.core import activity, numbering
from akinai.core.errors import DomainError
from akinai.purchasing.checks import Mismatch, Seen, compare
from akinai.purchasing.models import (
    Discrepancy,
    GoodsReceipt,
    GoodsReceiptLine,
    PurchaseOrder,
    PurchaseOrderLine,
)
from akinai.purchasing.queries import terms
from akinai.purchasing.services.ordering import refresh_progress
from akinai.purchasing.states import OrderState

if TYPE_CHECKING:
    from akinai.purchasing.services.drafting import LineInput
    from akinai.staff.models import Staff

WAITS = (OrderState.SENT, OrderState.CONFIRMED, OrderState.CLOSED)


def order_lines(order_id: int | None, *, locked: bool = False) -> dict[int, PurchaseOrderLine]:
    """Lines of an order by SKU; none without an order."""
    if order_id is None:
        return {}
    rows = PurchaseOrderLine.objects.filter(order_id=order_id).order_by("pk")
    return {row.sku_id: row for row in (rows.select_for_update() if locked else rows)}


def seen(
    lines: Sequence[GoodsReceiptLine] | Sequence[LineInput], asked: dict[int, PurchaseOrderLine]
) -> list[Seen]:
    """The lines of a slip beside what is open on the order; several lines of one SKU use it up in turn."""
    skus = catalog.sku_rows(line.sku_id for line in lines)
    left = {sku: row.open for sku, row in asked.items()}
    meant = _meant(asked, [line.sku_id for line in lines if line.sku_id not in asked])
    made = []
    for line in lines:
        row = asked.get(line.sku_id)
        made.append(
            Seen(
                line.sku_id, skus[line.sku_id].code, line.quantity, line.damaged, line.slip_quantity, line.unit_cost,
                left[line.sku_id] if row else None, row.unit_cost if row else None, meant.get(line.sku_id, ""),
            )
        )  # fmt: skip
        if row:
            left[line.sku_id] = max(0, left[line.sku_id] - line.quantity)
    return made


def _meant(asked: dict[int, PurchaseOrderLine], strangers: Sequence[int]) -> dict[int, str]:
    """品違いの元: for goods that were not ordered, the ordered ones whose supplier code means these goods by now."""
    rows = {row.supplier_code: row for row in asked.values() if row.supplier_code and row.open}
    if not rows or not strangers:
        return {}
    supplier = PurchaseOrder.objects.values_list("supplier_id", flat=True).get(
        pk=next(iter(rows.values())).order_id
    )
    today = terms.skus_by_supplier_code(supplier, rows)
    ordered = catalog.sku_rows(row.sku_id for row in rows.values())
    return {sku: ordered[rows[code].sku_id].code for code, sku in today.items() if sku in strangers}


def mismatches(receipt: GoodsReceipt, lines: Sequence[LineInput]) -> list[Mismatch]:
    """What posting these lines would write down; for the page of the draft."""
    return compare(
        seen(lines, order_lines(receipt.purchase_order_id)), has_order=receipt.purchase_order_id is not None
    )


def note_arrival(
    receipt: GoodsReceipt, lines: Sequence[GoodsReceiptLine], *, by: Staff | None
) -> dict[int, int]:
    """入荷の突き合わせ. Out: pieces to hold back, by line number. The caller holds the receipt's row."""
    order_id = receipt.purchase_order_id
    _refuse_unplaced(order_id)
    asked = order_lines(order_id, locked=True)
    found = compare(seen(lines, asked), has_order=order_id is not None)
    held: dict[int, int] = {}
    for one in found:
        no = lines[one.at].line_no
        held[no] = held.get(no, 0) + one.held
    _write(receipt, lines, found, by)
    for line in lines:
        if line.order_line_id:
            _count(line.order_line_id, line.quantity)
    if order_id is not None:
        refresh_progress([order_id], by=by)
    return held


def _refuse_unplaced(order_id: int | None) -> None:
    if order_id is None:
        return
    order = PurchaseOrder.objects.select_for_update(no_key=True).get(pk=order_id)
    if order.state not in WAITS:
        raise DomainError(
            f"発注 {order.number} は「{order.get_state_display()}」なので、入荷できません。",
            way_out="発注書を先に発注済みにするか、この伝票の発注を選び直してください。",
        )


def _count(order_line_id: int, pieces: int) -> None:
    """入荷済 of an order line; what is more than asked for is kept as 超過."""
    came = F("received") + pieces
    PurchaseOrderLine.objects.filter(pk=order_line_id).update(
        received=came, over=Greatest(Value(0), came + F("cancelled") - F("quantity"))
    )


def _write(
    receipt: GoodsReceipt, lines: Sequence[GoodsReceiptLine], found: Sequence[Mismatch], by: Staff | None
) -> None:
    numbers = numbering.take("discrepancy", len(found)) if found else []
    rows = Discrepancy.objects.bulk_create(
        Discrepancy(
            number=number, supplier_id=receipt.supplier_id, receipt=receipt, receipt_line=lines[one.at],
            sku_id=lines[one.at].sku_id, kind=one.kind.value, text=one.text[:300], quantity=one.quantity, held=one.held,
            expected=one.expected, found=one.found, expected_cost=one.expected_cost, found_cost=one.found_cost, yen=one.yen,
        )
        for number, one in zip(numbers, found, strict=True)
    )  # fmt: skip
    activity.record_many([activity.Fact(row, "create", summary=row.text) for row in rows], by=by)


def take_back(receipt: GoodsReceipt, *, by: Staff | None) -> None:
    """入荷の取消: the order waits for these pieces again."""
    for line in receipt.lines.exclude(order_line=None):
        _count(line.order_line_id or 0, -line.quantity)
    if receipt.purchase_order_id:
        refresh_progress([receipt.purchase_order_id], by=by)


def wait_again(order_line_id: int, pieces: int, *, by: Staff | None) -> None:
    """代わりを待つ: pieces that went back are open on the order again."""
    _count(order_line_id, -pieces)
    order_id = PurchaseOrderLine.objects.values_list("order_id", flat=True).get(pk=order_line_id)
    refresh_progress([order_id], by=by)
