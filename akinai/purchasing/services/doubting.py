"""念のため, with what the shop knows: past receipts, the order, the supplier's prices, papers of the last days."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from django.db import connection

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.purchasing import doubts, totals
from akinai.purchasing.doubts import Arrived, Asked, Doubt, Past, Slip, Told
from akinai.purchasing.models import GoodsReceipt, GoodsReceiptLine
from akinai.purchasing.queries import terms
from akinai.purchasing.services import lot_doubting, matching
from akinai.purchasing.services.drafting import LineInput, as_inputs
from akinai.purchasing.states import ReceiptState
from akinai.purchasing.totals import NONE_TOLD, Totals

PAST = """
SELECT sku_id, quantity, unit_cost FROM (
  SELECT l.sku_id, l.quantity, l.unit_cost, r.posted_at, r.id,
    row_number() OVER (PARTITION BY l.sku_id ORDER BY r.posted_at DESC, r.id DESC, l.line_no DESC) AS nth
  FROM purchasing_goodsreceiptline l JOIN purchasing_goodsreceipt r ON r.id = l.receipt_id
  WHERE r.state = 'posted' AND l.sku_id = ANY(%s) AND l.quantity > 0
) newest WHERE nth <= %s ORDER BY sku_id, nth
"""


def of_lines(
    lines: Sequence[LineInput], *, supplier_id: int | None = None, order_id: int | None = None,
    printed: Totals | None = None,
) -> list[Doubt]:  # fmt: skip
    """What looks odd about these lines; by the slip's totals, the order, else the price list and what came before."""
    arrived = arrived_lines(lines)
    known = told(arrived, supplier_id=supplier_id, order_id=order_id)
    wrong, known = beside_totals(lines, printed or NONE_TOLD, supplier_id, known)
    odd = doubts.find(arrived, past_of(line.sku_id for line in arrived), known)
    return wrong + odd + lot_doubting.of_lines(lines)


def beside_totals(
    lines: Sequence[LineInput], printed: Totals, supplier_id: int | None, known: Told
) -> tuple[list[Doubt], Told]:
    """伝票合計照合: what does not agree; where all does, what is known then counts the lines as proved."""
    if not printed.are_told:
        return [], known
    rows = total_rows(lines)
    if totals.find(rows, printed):
        wrong = totals.find(rows, printed, known.listed or _prices_by_code(supplier_id))
        return [Doubt(one.at, "total", one.text) for one in wrong], known
    return [], replace(known, proved=totals.agreement(rows, printed))


def total_rows(lines: Sequence[LineInput]) -> list[totals.Row]:
    """The lines as the slip sums them: with what the paper says where something else was counted."""
    goods = catalog.sku_rows(line.sku_id for line in lines)
    return [
        totals.Row(goods[line.sku_id].code, line.on_paper, line.unit_cost, goods[line.sku_id].tax_rate)
        for line in lines
    ]


def _prices_by_code(supplier_id: int | None) -> dict[str, Decimal]:
    """価格表 of a supplier by our code; for naming a line that was left out."""
    if supplier_id is None:
        return {}
    prices = terms.prices_today(supplier_id)
    return {row.code: prices[pk] for pk, row in catalog.sku_rows(prices).items()}


def of_receipt(receipt: GoodsReceipt, lines: Sequence[LineInput] | None = None) -> list[Doubt]:
    """The same for a paper, with its twins; `lines` are those of the paper unless others were counted."""
    lines = as_inputs(receipt) if lines is None else lines
    found = of_lines(
        lines, supplier_id=receipt.supplier_id, order_id=receipt.purchase_order_id, printed=receipt.totals
    )
    if receipt.supplier_id is None:
        return found
    pieces = [(line.sku_id, line.quantity) for line in lines if line.quantity]
    earlier = slips_of(receipt.supplier_id, near=receipt.received_on, besides=receipt.pk)
    return found + [
        Doubt(
            0,
            "slip",
            f"同じ商品・数量の伝票 {one.number}（{one.on:%Y/%m/%d}）が計上済みです。同じ荷物ではありませんか。",
        )
        for one in doubts.twins(pieces, receipt.received_on, earlier, order=receipt.purchase_order_id)
    ]


def arrived_lines(lines: Sequence[LineInput]) -> list[Arrived]:
    """The lines with the codes that people know them by."""
    rows = catalog.sku_rows(line.sku_id for line in lines)
    return [Arrived(line.sku_id, rows[line.sku_id].code, line.quantity, line.unit_cost) for line in lines]


def past_of(sku_ids: Iterable[int]) -> dict[int, Past]:
    """前回まで of each SKU by its posted receipts; the cost of the catalogue where none told one. Two queries."""
    ids = list(set(sku_ids))
    pieces: dict[int, list[int]] = {pk: [] for pk in ids}
    costs: dict[int, list[Decimal]] = {pk: [] for pk in ids}
    with connection.cursor() as cursor:
        cursor.execute(PAST, [ids, doubts.REMEMBERED])
        for sku, quantity, cost in cursor.fetchall():
            pieces[sku].append(quantity)
            costs[sku] += [] if cost is None else [cost]
    rows = catalog.sku_rows(ids)
    for pk, row in rows.items():
        if not costs[pk] and row.cost is not None:
            costs[pk] = [row.cost]
    return {pk: Past(tuple(pieces[pk]), tuple(costs[pk])) for pk in ids}


def told(lines: Sequence[Arrived], *, supplier_id: int | None, order_id: int | None) -> Told:
    """The order, else the supplier's prices of the day and who sells what it does not."""
    if order_id is not None:
        asked = matching.order_lines(order_id)
        codes = catalog.sku_rows(asked)
        return Told([Asked(sku, codes[sku].code, row.open, row.unit_cost) for sku, row in asked.items()])
    if supplier_id is None:
        return Told()
    sellers = terms.sellers_of([line.sku_id for line in lines])
    mine = {
        sku: next((s for s in rows if s.supplier_id == supplier_id), None) for sku, rows in sellers.items()
    }
    prices = {sku: item.unit_cost for sku, item in mine.items() if item is not None}
    others = {sku: str(sellers[sku][0].supplier) for sku, item in mine.items() if item is None}
    return Told(None, prices, others, _prices_by_code(supplier_id))


def slips_of(supplier_id: int, *, near: date | None = None, besides: int = 0) -> list[Slip]:
    """Posted papers of a supplier around a day. Two queries."""
    day = near or clock.today()
    span = timedelta(days=doubts.TWIN_DAYS)
    rows = GoodsReceipt.objects.filter(
        supplier_id=supplier_id, state=ReceiptState.POSTED, received_on__range=(day - span, day + span)
    ).exclude(pk=besides)  # fmt: skip
    lines: dict[int, list[tuple[int, int]]] = {row.pk: [] for row in rows}
    found = GoodsReceiptLine.objects.filter(receipt_id__in=lines, quantity__gt=0)
    for receipt, sku, quantity in found.values_list("receipt_id", "sku_id", "quantity"):
        lines[receipt].append((sku, quantity))
    return [
        Slip(row.number, row.received_on, tuple(sorted(lines[row.pk])), row.purchase_order_id) for row in rows
    ]
