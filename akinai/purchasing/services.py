"""仕入伝票の操作: a draft is written freely; posting moves stock once; a posted slip is undone only by reversal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import DomainError, ImpossibleMove
from akinai.purchasing.models import GoodsReceipt, GoodsReceiptLine
from akinai.purchasing.states import ReceiptState
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


JUMP = Decimal("0.3")


@dataclass(frozen=True, slots=True)
class LineInput:
    """入荷明細 as entered."""

    sku_id: int
    quantity: int
    unit_cost: Decimal | None = None


class DuplicateSlip(DomainError):
    """伝票の二重計上."""

    code = "duplicate_slip"


@transaction.atomic
def create_draft(
    *,
    lines: Sequence[LineInput],
    received_on: date,
    supplier_id: int | None = None,
    supplier_slip_no: str = "",
    location_id: int | None = None,
    note: str = "",
    by: Staff | None,
) -> GoodsReceipt:
    """仕入伝票の下書き. Stock does not move yet. Without `location_id`, the place orders are served from."""
    _refuse_empty(lines)
    receipt = GoodsReceipt.objects.create(
        number=numbering.take("goods_receipt", on=received_on)[0],
        supplier_id=supplier_id,
        supplier_slip_no=supplier_slip_no.strip(),
        received_on=received_on,
        location_id=location_id or stock.default_location_id(),
        note=note,
        created_by=by,
    )
    _write_lines(receipt, lines)
    activity.record(receipt, "create", by=by, summary=f"{len(lines)} 明細")
    return receipt


def _refuse_empty(lines: Sequence[LineInput]) -> None:
    if not lines or any(line.quantity <= 0 for line in lines):
        raise DomainError(
            "明細がないか、数量が 1 未満です。", way_out="商品と 1 以上の数量を入力してください。"
        )


def _write_lines(receipt: GoodsReceipt, lines: Sequence[LineInput]) -> None:
    GoodsReceiptLine.objects.bulk_create(
        GoodsReceiptLine(
            receipt=receipt, line_no=no, sku_id=line.sku_id, quantity=line.quantity, unit_cost=line.unit_cost
        )
        for no, line in enumerate(lines, 1)
    )


@transaction.atomic
def replace_draft(
    receipt: GoodsReceipt, *, lines: Sequence[LineInput], by: Staff | None, **fields: Any
) -> GoodsReceipt:
    """下書きの書き直し: header fields and all lines. Refused once the slip is posted or discarded."""
    _refuse_empty(lines)
    found = GoodsReceipt.objects.select_for_update().get(pk=receipt.pk)
    if found.state != ReceiptState.DRAFT:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので直せません。",
            way_out="取り消してから、正しい伝票を新しく登録してください。",
        )
    for name, value in fields.items():
        setattr(found, name, value)
    found.save()
    found.lines.all().delete()
    _write_lines(found, lines)
    activity.record(found, "change", by=by, summary=f"{len(lines)} 明細")
    return found


def doubts(lines: Sequence[LineInput]) -> list[str]:
    """念のため: what looks like a slip of the finger beside the last receipt (10 times as many, cost ±30 %)."""
    ids = [line.sku_id for line in lines]
    last, rows = stock.last_costs(ids), catalog.sku_rows(ids)
    found: list[str] = []
    for line in lines:
        before, cost = last.get(line.sku_id, (0, None))
        code = rows[line.sku_id].code
        if before and line.quantity >= before * 10:
            found.append(f"{code}: 数量 {line.quantity:,} は前回 {before:,} の10倍以上です。")
        if cost and line.unit_cost is not None and abs(line.unit_cost - cost) > cost * JUMP:
            found.append(
                f"{code}: 単価 {line.unit_cost.normalize():,f} 円は前回 {cost.normalize():,f} 円から30%を超えて変わっています。"
            )
    return found


@transaction.atomic
def post(receipt: GoodsReceipt, *, by: Staff | None) -> None:
    """計上: state and stock in one transaction; what arrives goes to the waiting orders at once.

    Refused when the supplier's slip was posted before, and when this slip is posted already.
    """
    try:
        with transaction.atomic():
            transitions.apply(receipt, "post", by=by, set_fields={"posted_at": clock.now()})
    except IntegrityError:
        raise DuplicateSlip(
            f"仕入先の伝票 {receipt.supplier_slip_no} はすでに計上されています。",
            way_out="同じ荷物ではないか確かめ、別の荷物なら伝票番号を直してください。",
        ) from None
    lines = list(receipt.lines.all())
    stock_services.post(
        [
            stock_services.Movement(
                line.sku_id, receipt.location_id, "receipt", line.quantity, receipt.number,
                f"{receipt.number}/{line.line_no}", line.unit_cost,
            )
            for line in lines
        ],
        by=by,
    )  # fmt: skip
    # 最終仕入原価: the goods keep what they cost last.
    costs = {line.sku_id: line.unit_cost for line in lines if line.unit_cost is not None}
    catalog_services.note_costs(costs, by=by, note=receipt.number)


@transaction.atomic
def reverse(receipt: GoodsReceipt, *, reason: str, by: Staff | None) -> None:
    """取消: reversing rows in the ledger. Refused when the goods are promised or gone."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    transitions.apply(receipt, "reverse", by=by, note=f"取消: {reason}")
    entries = stock.entries_of(receipt.number).filter(reverses=None)
    stock_services.reverse([entry.pk for entry in entries], by=by, note=reason[:200])


def discard(receipt: GoodsReceipt, *, by: Staff | None) -> None:
    """下書きの破棄."""
    transitions.apply(receipt, "discard", by=by, note="破棄")
