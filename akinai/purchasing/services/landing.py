"""付帯費用の操作: freight and duty become part of what the goods cost, in the ledger of values, and can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction

from akinai.catalog import queries as catalog
from akinai.core import activity, numbering, transitions
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.purchasing.landed import CannotSplit, Carried, Split, split
from akinai.purchasing.models import GoodsReceipt, GoodsReceiptLine, LandedCost, LandedCostLine
from akinai.purchasing.states import ReceiptState
from akinai.stock import services as stock_services

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@transaction.atomic
def land(
    receipt_ids: Sequence[int], *, yen: int, kind: str, by_what: str, on: date, paper_no: str = "", note: str = "",
    by: Staff | None,
) -> LandedCost:  # fmt: skip
    """付帯費用の計上: shared over the pieces of these deliveries, to the yen; goods that have left take their share to 売上原価.

    Raises DomainError when a delivery is not posted or lacks what the split goes by, ChangedMeanwhile when the same paper
    was posted before.
    """
    held = list(GoodsReceipt.objects.select_for_update(no_key=True).filter(pk__in=receipt_ids).order_by("pk"))
    if (
        yen <= 0
        or not held
        or len(held) < len(set(receipt_ids))
        or any(r.state != ReceiptState.POSTED for r in held)
    ):
        raise DomainError(
            "金額がないか、計上していない入荷が混ざっています。",
            way_out="計上済みの入荷と、1 円以上の金額を入れてください。",
        )
    lines = list(
        GoodsReceiptLine.objects.filter(receipt__in=held, quantity__gt=0).order_by("receipt_id", "line_no")
    )
    shares = _shares(yen, lines, by_what)
    number = numbering.take("landed_cost")[0]
    try:
        with transaction.atomic():
            made = LandedCost.objects.create(
                number=number,
                kind=kind,
                by_what=by_what,
                yen=yen,
                on=on,
                paper_no=paper_no.strip(),
                note=note,
                created_by=by,
            )
    except IntegrityError:
        raise ChangedMeanwhile(
            f"番号 {paper_no} の付帯費用はすでに計上されています。",
            way_out="二重ではないか確かめてください。",
        ) from None
    _write(made, lines, shares, by)
    activity.record(made, "post", by=by, summary=f"{yen:,} 円を {len(held)} 件の入荷に按分")
    return made


def _shares(yen: int, lines: Sequence[GoodsReceiptLine], by_what: str) -> list[int]:
    skus = catalog.sku_rows(line.sku_id for line in lines)
    carried = [
        Carried(skus[line.sku_id].code, line.quantity, line.unit_cost, skus[line.sku_id].weight_g)
        for line in lines
    ]
    try:
        return split(yen, carried, Split(by_what))
    except CannotSplit as problem:
        raise DomainError(str(problem), way_out="別の基準を選ぶか、商品に登録してください。") from None


def _write(
    made: LandedCost, lines: Sequence[GoodsReceiptLine], shares: Sequence[int], by: Staff | None
) -> None:
    mine = [(line, part) for line, part in zip(lines, shares, strict=True) if part]
    entries = stock_services.add_value(
        [
            stock_services.ValueChange(
                line.sku_id, Decimal(part), "landed", made.number, f"{made.number}/{line.pk}", line.quantity,
                made.get_kind_display(),
            )
            for line, part in mine
        ],
        by=by,
    )  # fmt: skip
    LandedCostLine.objects.bulk_create(
        LandedCostLine(cost=made, receipt_line=line, yen=part, value_entry=entry)
        for (line, part), entry in zip(mine, entries, strict=True)
    )


@transaction.atomic
def take_back(cost: LandedCost, *, reason: str, by: Staff | None) -> LandedCost:
    """付帯費用の取消: the opposite of every share."""
    if not reason.strip():
        raise DomainError("取り消す理由がありません。", way_out="理由を書いてください。")
    done = transitions.apply(cost, "reverse", by=by, note=f"取消: {reason}"[:200])
    entries = [pk for pk in done.lines.values_list("value_entry_id", flat=True) if pk]
    stock_services.reverse_value(entries, reason=reason, by=by)
    return done
