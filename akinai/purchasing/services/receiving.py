"""仕入伝票の操作: a draft is written freely; posting moves stock once; a posted slip is undone only by reversal."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError, ImpossibleMove
from akinai.core.kana import search_key
from akinai.purchasing import rules
from akinai.purchasing.errors import Doubtful, DuplicateSlip
from akinai.purchasing.models import GoodsReceipt, GoodsReceiptLine
from akinai.purchasing.rules import Arrived, Doubt, Last
from akinai.purchasing.states import ReceiptState
from akinai.stock import queries as stock
from akinai.stock import services as stock_services
from akinai.stock.errors import NotEnoughStock

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@dataclass(frozen=True, slots=True)
class LineInput:
    """入荷明細 as entered."""

    sku_id: int
    quantity: int
    unit_cost: Decimal | None = None


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
    number, slip = numbering.take("goods_receipt", on=received_on)[0], supplier_slip_no.strip()
    receipt = GoodsReceipt.objects.create(
        number=number,
        supplier_id=supplier_id,
        supplier_slip_no=slip,
        received_on=received_on,
        location_id=location_id or stock.default_location_id(),
        note=note,
        created_by=by,
        search_text=search_key(f"{number}|{slip}"),
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
    receipt: GoodsReceipt,
    *,
    lines: Sequence[LineInput],
    by: Staff | None,
    version: int | None = None,
    **fields: Any,
) -> GoodsReceipt:
    """下書きの書き直し: header fields and all lines. Refused once the slip is posted or discarded, and with `version`
    (the one the form was opened with) when somebody else wrote it since."""
    _refuse_empty(lines)
    found = GoodsReceipt.objects.select_for_update().get(pk=receipt.pk)
    if found.state != ReceiptState.DRAFT:
        raise ImpossibleMove(
            f"{found.number} は「{found.get_state_display()}」なので直せません。",
            way_out="取り消してから、正しい伝票を新しく登録してください。",
        )
    _refuse_other_version(found, version)
    for name, value in fields.items():
        setattr(found, name, value)
    found.supplier_slip_no = found.supplier_slip_no.strip()
    found.version += 1
    found.search_text = search_key(f"{found.number}|{found.supplier_slip_no}")
    found.save()
    found.lines.all().delete()
    _write_lines(found, lines)
    activity.record(found, "change", by=by, summary=f"{len(lines)} 明細")
    return found


def _refuse_other_version(receipt: GoodsReceipt, version: int | None) -> None:
    if version is not None and receipt.version != version:
        raise ChangedMeanwhile(
            f"{receipt.number} は、開いている間にほかの人が書き直しました。",
            way_out="画面を開き直して、今の内容を確かめてください。",
        )


def doubts(lines: Sequence[LineInput]) -> list[Doubt]:
    """念のため: what looks like a slip of the finger beside the last receipt (or the cost in the catalogue)."""
    arrived = arrived_lines(lines)
    return rules.doubts(arrived, last_receipts(line.sku_id for line in arrived))


def arrived_lines(lines: Sequence[LineInput]) -> list[Arrived]:
    """The lines with the codes that people know them by."""
    rows = catalog.sku_rows(line.sku_id for line in lines)
    return [Arrived(line.sku_id, rows[line.sku_id].code, line.quantity, line.unit_cost) for line in lines]


def last_receipts(sku_ids: Any) -> dict[int, Last]:
    """前回 of each SKU: pieces and cost of its newest receipt; the cost of the catalogue where none told one."""
    ids = list(set(sku_ids))
    received, rows = stock.last_costs(ids), catalog.sku_rows(ids)
    found = {}
    for pk, row in rows.items():
        quantity, cost = received.get(pk, (None, None))
        found[pk] = Last(quantity, row.cost if cost is None else cost)
    return found


@transaction.atomic
def post(
    receipt: GoodsReceipt, *, by: Staff | None, confirmed: Collection[str] = (), version: int | None = None
) -> None:
    """計上: state and stock in one transaction; what arrives goes to the waiting orders at once.

    `confirmed` are the texts of the doubts a person has answered. Raises Doubtful while any other doubt is open,
    DuplicateSlip when the supplier's slip was posted before, ImpossibleMove when this slip is posted already,
    ChangedMeanwhile when it is no longer the `version` that was looked at.
    """
    _move_to_posted(receipt, by)
    _refuse_other_version(GoodsReceipt.objects.get(pk=receipt.pk), version)
    lines = list(receipt.lines.all())
    _settle_doubts(receipt, lines, confirmed, by)
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


def _move_to_posted(receipt: GoodsReceipt, by: Staff | None) -> None:
    """The row is locked from here on, so the lines stay what they are."""
    try:
        with transaction.atomic():
            transitions.apply(receipt, "post", by=by, set_fields={"posted_at": clock.now()})
    except IntegrityError:
        raise DuplicateSlip(
            f"仕入先の伝票 {receipt.supplier_slip_no} はすでに計上されています。",
            way_out="同じ荷物ではないか確かめ、別の荷物なら伝票番号を直してください。",
        ) from None


def _settle_doubts(
    receipt: GoodsReceipt, lines: Sequence[GoodsReceiptLine], confirmed: Collection[str], by: Staff | None
) -> None:
    found = doubts([LineInput(line.sku_id, line.quantity, line.unit_cost) for line in lines])
    if still := [doubt for doubt in found if doubt.text not in confirmed]:
        raise Doubtful(receipt.number, still)
    if found:
        told = "".join(doubt.text for doubt in found)[:1500]
        activity.record(receipt, "confirm", by=by, summary=f"確かめて計上: {told}")


@transaction.atomic
def reverse(receipt: GoodsReceipt, *, reason: str, by: Staff | None) -> None:
    """取消: reversing rows in the ledger, and the cost the goods had before. Refused when the goods are promised or gone."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    transitions.apply(receipt, "reverse", by=by, note=f"取消: {reason}")
    entries = stock.entries_of(receipt.number).filter(reverses=None)
    try:
        stock_services.reverse([entry.pk for entry in entries], by=by, note=reason[:200])
    except NotEnoughStock as refusal:
        raise NotEnoughStock(
            f"{receipt.number} は取り消せません。{refusal.message}", way_out=refusal.way_out
        ) from refusal
    _take_costs_back(receipt, by)


def _take_costs_back(receipt: GoodsReceipt, by: Staff | None) -> None:
    """最終仕入原価 without this slip: of the newest receipt that stands, else what stood before this one.

    Goods whose cost somebody has changed since keep it.
    """
    given = {line.sku_id: line.unit_cost for line in receipt.lines.all() if line.unit_cost is not None}
    rows = catalog.sku_rows(given)
    ids = [pk for pk, cost in given.items() if rows[pk].cost == cost]
    standing = {pk: cost for pk, (_, cost) in stock.last_costs(ids).items() if cost is not None}
    rest = [pk for pk in ids if pk not in standing]
    before = catalog.costs_before(rest, receipt.posted_at) if receipt.posted_at else {}
    catalog_services.note_costs(before | standing, by=by, note=f"{receipt.number} の取消")


def discard(receipt: GoodsReceipt, *, by: Staff | None) -> None:
    """下書きの破棄."""
    transitions.apply(receipt, "discard", by=by, note="破棄")
