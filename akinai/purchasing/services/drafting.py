"""仕入伝票の下書き: written and rewritten freely, with the order it answers; stock does not move yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.catalog import queries as catalog
from akinai.core import activity, numbering
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.kana import search_key
from akinai.purchasing.models import GoodsReceipt, GoodsReceiptLine, PurchaseOrderLine, yen_of
from akinai.purchasing.states import ReceiptState
from akinai.purchasing.totals import NONE_TOLD, Totals
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class LineInput:
    """入荷明細 as entered. `slip_quantity` is what the paper says where something else was counted."""

    sku_id: int
    quantity: int
    unit_cost: Decimal | None = None
    slip_quantity: int | None = None
    damaged: int = 0
    lot: str = ""
    expires_on: date | None = None

    @property
    def on_paper(self) -> int:
        """納品書の数."""
        return self.quantity if self.slip_quantity is None else self.slip_quantity


def printed_totals(lines: Sequence[LineInput]) -> Totals:
    """伝票合計 as a supplier prints them under these lines: pieces, and the amount where every cost is told."""
    costs = [None if line.unit_cost is None else line.on_paper * line.unit_cost for line in lines]
    known = [cost for cost in costs if cost is not None]
    net = yen_of(sum(known, Decimal(0))) if len(known) == len(costs) else None
    return Totals(sum(line.on_paper for line in lines), net)


@transaction.atomic
def create_draft(
    *,
    lines: Sequence[LineInput],
    received_on: date,
    supplier_id: int | None = None,
    supplier_slip_no: str = "",
    location_id: int | None = None,
    purchase_order_id: int | None = None,
    totals: Totals | None = None,
    note: str = "",
    by: Staff | None,
) -> GoodsReceipt:
    """仕入伝票の下書き. Stock does not move yet. Without `location_id`, the place orders are served from."""
    _refuse_empty(lines)
    catalog.refuse_sets(line.sku_id for line in lines)
    number, slip = numbering.take("goods_receipt", on=received_on)[0], supplier_slip_no.strip()
    receipt = GoodsReceipt(
        number=number,
        supplier_id=supplier_id,
        supplier_slip_no=slip,
        received_on=received_on,
        location_id=location_id or stock.default_location_id(),
        purchase_order_id=purchase_order_id,
        note=note,
        created_by=by,
        search_text=search_key(f"{number}|{slip}"),
    )
    receipt.totals = totals or NONE_TOLD
    receipt.save(force_insert=True)
    write_lines(receipt, lines)
    activity.record(receipt, "create", by=by, summary=f"{len(lines)} 明細")
    return receipt


def _refuse_empty(lines: Sequence[LineInput]) -> None:
    if not lines or any(line.quantity <= 0 and not line.slip_quantity for line in lines):
        raise DomainError(
            "明細がないか、数量が 1 未満です。", way_out="商品と 1 以上の数量を入力してください。"
        )


def write_lines(receipt: GoodsReceipt, lines: Sequence[LineInput]) -> None:
    """The lines of a draft; those of its order point at the order's line, and take its price when they tell none."""
    asked = PurchaseOrderLine.objects.filter(order_id=receipt.purchase_order_id or 0)
    by_sku = {row.sku_id: row for row in asked}
    made = []
    for no, line in enumerate(lines, 1):
        row = by_sku.get(line.sku_id)
        cost = row.unit_cost if line.unit_cost is None and row else line.unit_cost
        made.append(
            GoodsReceiptLine(
                receipt=receipt, line_no=no, sku_id=line.sku_id, quantity=line.quantity, unit_cost=cost,
                order_line=row, slip_quantity=line.slip_quantity, damaged=line.damaged,
                lot=line.lot, expires_on=line.expires_on,
            )
        )  # fmt: skip
    GoodsReceiptLine.objects.bulk_create(made)


def as_inputs(receipt: GoodsReceipt) -> list[LineInput]:
    """The lines as they are written."""
    return [
        LineInput(
            row.sku_id, row.quantity, row.unit_cost, row.slip_quantity, row.damaged, row.lot, row.expires_on
        )
        for row in receipt.lines.all()
    ]


@transaction.atomic
def replace_draft(
    receipt: GoodsReceipt,
    *,
    lines: Sequence[LineInput],
    by: Staff | None,
    version: int | None = None,
    **fields: Any,
) -> GoodsReceipt:
    """下書きの書き直し: header fields (`totals` among them) and all lines. Refused once the slip is posted or discarded, and with `version`
    (the one the form was opened with) when somebody else wrote it since."""
    _refuse_empty(lines)
    catalog.refuse_sets(line.sku_id for line in lines)
    found = GoodsReceipt.objects.select_for_update().get(pk=receipt.pk)
    if found.state != ReceiptState.DRAFT:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので直せません。",
            way_out="取り消してから、正しい伝票を新しく登録してください。",
        )
    refuse_other_version(found, version)
    for name, value in fields.items():
        setattr(found, name, value)
    found.supplier_slip_no = found.supplier_slip_no.strip()
    found.version += 1
    found.search_text = search_key(f"{found.number}|{found.supplier_slip_no}")
    found.save()
    found.lines.all().delete()
    write_lines(found, lines)
    activity.record(found, "change", by=by, summary=f"{len(lines)} 明細")
    return found


def refuse_other_version(receipt: GoodsReceipt, version: int | None) -> None:
    if version is not None and receipt.version != version:
        raise ChangedMeanwhile(
            f"{receipt.number} は、開いている間にほかの人が書き直しました。",
            way_out="画面を開き直して、今の内容を確かめてください。",
        )
