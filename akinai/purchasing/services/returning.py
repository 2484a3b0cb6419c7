"""仕入返品の操作: goods leave the shelf for their supplier, and the next bill deducts what they cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING

from django.db import transaction

from akinai.catalog import queries as catalog
from akinai.core import activity, clock, numbering, transitions
from akinai.core.errors import DomainError
from akinai.purchasing.models import SupplierBillLine, SupplierReturn, SupplierReturnLine
from akinai.purchasing.queries import terms
from akinai.purchasing.services.drafting import LineInput
from akinai.stock import queries as stock
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff
    from akinai.stock.models import Lot


@transaction.atomic
def give_back(
    *, supplier_id: int, lines: Sequence[LineInput], returned_on: date, reason: str, location_id: int | None = None,
    by: Staff | None,
) -> SupplierReturn:  # fmt: skip
    """仕入返品の計上. Without a cost, what the newest receipt of the goods told. Of goods with lots the line tells which lot goes
    back, unless only one lies there. Raises NotEnoughStock when pieces are promised to customers, DomainError without a reason,
    a price or a lot."""
    if not reason.strip() or not lines or any(line.quantity < 1 for line in lines):
        raise DomainError("返品の理由か明細がありません。", way_out="理由と、1 以上の数量を入れてください。")
    made = SupplierReturn.objects.create(
        number=numbering.take("supplier_return")[0], supplier_id=supplier_id, returned_on=returned_on, reason=reason.strip(),
        location_id=location_id or stock.default_location_id(), created_by=by,
    )  # fmt: skip
    rows = SupplierReturnLine.objects.bulk_create(_lines(made, lines))
    stock_services.post(
        [
            stock_services.Movement(
                row.sku_id, made.location_id, "return_out", -row.quantity, made.number, f"{made.number}/{row.line_no}",
                row.unit_cost, made.reason, lot_id=row.lot_id,
            )
            for row in rows
        ],
        by=by,
    )  # fmt: skip
    activity.record(made, "post", by=by, summary=made.reason)
    return made


def _lines(made: SupplierReturn, lines: Sequence[LineInput]) -> list[SupplierReturnLine]:
    skus = catalog.sku_rows(line.sku_id for line in lines)
    last = stock.last_costs(list(skus))
    lots = _lots(made.location_id, lines, skus)
    items = terms.current_items([(made.supplier_id, pk) for pk in skus], on=clock.today())
    rows = []
    for no, line in enumerate(lines, 1):
        item, sku = items.get((made.supplier_id, line.sku_id)), skus[line.sku_id]
        known = (
            line.unit_cost,
            last.get(line.sku_id, (0, None))[1],
            item.unit_cost if item else None,
            sku.cost,
        )
        cost = next((one for one in known if one is not None), None)
        if cost is None:
            raise DomainError(f"{sku.code} の単価が分かりません。", way_out="単価を入れてください。")
        rows.append(SupplierReturnLine(
            supplier_return=made, line_no=no, sku_id=line.sku_id, lot_id=lots[no - 1], quantity=line.quantity, unit_cost=cost,
            tax_rate=sku.tax_rate,
        ))  # fmt: skip
    return rows


def _lots(
    location_id: int, lines: Sequence[LineInput], skus: Mapping[int, catalog.SkuRow]
) -> list[int | None]:
    """ロット of each line; None of goods without."""
    tracked = catalog.lot_tracked(skus)
    lying = stock.lots_at(location_id, tracked)
    return [
        _lot(skus[line.sku_id].code, lying.get(line.sku_id, []), line) if line.sku_id in tracked else None
        for line in lines
    ]


def _lot(code: str, lying: Sequence[Lot], line: LineInput) -> int:
    """The lot told, else the only one that lies there."""
    found = [lot for lot in lying if line.lot in ("", lot.code)]
    if len(found) == 1:
        return found[0].pk
    names = "、".join(lot.code for lot in lying[:8]) + ("…" if lying[8:] else "")
    raise DomainError(
        f"{code} のロット {line.lot} は出庫元にありません。"
        if line.lot
        else f"{code} のどのロットを返すかがわかりません。",
        way_out=f"出庫元にあるロットは {names} です。明細の4つ目に書いてください。"
        if names
        else "出庫元と在庫を確かめてください。",
    )


@transaction.atomic
def take_back(given: SupplierReturn, *, reason: str, by: Staff | None) -> SupplierReturn:
    """返品の取消: the goods are on the shelf again. Refused once a bill has deducted them."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    done = transitions.apply(given, "reverse", by=by, note=f"取消: {reason}"[:200])
    billed = (
        SupplierBillLine.objects.filter(supplier_return=done, is_live=True).select_related("bill").first()
    )
    if billed:
        raise DomainError(
            f"{done.number} は請求書 {billed.bill.number} で引かれています。",
            way_out="先に請求書の計上を取り消してください。",
        )
    entries = stock.entries_of(done.number).filter(reverses=None, reversed_by=None)
    stock_services.reverse([entry.pk for entry in entries], by=by, note=reason[:200])
    return done
