"""売上の行の計算: one order's charges become rows that add up to what it asks, each with its share of the tax.

Amount and tax per rate are what billing says of the order (`Draft`), so the ledger and the invoice never differ by a yen.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from akinai.billing.services import Draft, Line

ZERO = Decimal(0)
KINDS = {
    "goods": "goods", "shipping": "shipping", "cod_fee": "fee", "payment_fee": "fee", "wrapping": "fee", "discount": "discount",
    "price_cut": "discount", "points": "points", "paid_points": "paid_points",
}  # fmt: skip
OTHER = "other"


@dataclass(frozen=True, slots=True)
class Sold:
    """受注明細 1 行: whose goods a 商品 row tells of, and what they had cost."""

    line_id: int
    sku_id: int | None
    category: str
    quantity: int


@dataclass(slots=True)
class Row:
    """売上台帳の 1 行 before it is written."""

    kind: str
    rate: int
    gross_yen: int
    tax_yen: int = 0
    quantity: int = 0
    sold: Sold | None = None
    cost_yen: Decimal = ZERO
    reverses: int | None = None  # the row that this one takes back

    @property
    def net_yen(self) -> int:
        return self.gross_yen - self.tax_yen


def split(total: int, amounts: Sequence[int]) -> list[int]:
    """`total` over signed amounts in proportion, adding up exactly; nothing to go by: all on the first."""
    whole = sum(amounts)
    if not total or not whole:
        return [total if not at else 0 for at in range(len(amounts))]
    sign = 1 if whole > 0 else -1
    pairs = [divmod(total * amount * sign, whole * sign) for amount in amounts]
    left = total - sum(part for part, _ in pairs)
    lucky = set(sorted(range(len(pairs)), key=lambda at: (-pairs[at][1], at))[:left])
    return [part + (at in lucky) for at, (part, _) in enumerate(pairs)]


def earned(draft: Draft, sold: Sequence[Sold], costs: Mapping[int, Decimal]) -> list[Row]:
    """Rows of an order that left. `sold` in the order of the draft's 商品 lines; `costs` by SKU, as stock had them."""
    goods = iter(sold)
    told = [(line, next(goods, None) if line.kind == "goods" else None) for line in draft.lines]
    taxes = {total.rate: total.tax_yen for total in draft.taxes}
    rows: list[Row] = []
    for rate in dict.fromkeys(line.tax_rate for line in draft.lines):
        rows += of_rate([one for one in told if one[0].tax_rate == rate], rate, taxes.get(rate, 0))
    lay_costs([row for row in rows if row.sold], costs)
    return rows


def of_rate(told: Sequence[tuple[Line, Sold | None]], rate: int, tax_yen: int) -> list[Row]:
    """Rows of one rate: 外税 goes to the goods that were priced without it, then the whole tax by 税込 share."""
    outer = sum(line.amount_yen for line, _ in told if line.kind == "tax")
    kept = [one for one in told if one[0].kind != "tax"]
    parts = split(outer, [0 if line.includes_tax else line.amount_yen for line, _ in kept])
    rows = [
        Row(KINDS.get(line.kind, OTHER), rate, line.amount_yen + part, 0, sold.quantity if sold else 0, sold)
        for (line, sold), part in zip(kept, parts, strict=True)
    ]
    for row, tax in zip(rows, split(tax_yen, [row.gross_yen for row in rows]), strict=True):
        row.tax_yen = tax
    return rows


def lay_costs(rows: Sequence[Row], costs: Mapping[int, Decimal]) -> None:
    """原価 onto the lines by SKU; what left under other SKUs (parts of a set) goes to the lines that had none."""
    named = {row.sold.sku_id for row in rows if row.sold and row.sold.sku_id}
    for sku_id in named & costs.keys():
        here = [row for row in rows if row.sold and row.sold.sku_id == sku_id]
        _spread(costs[sku_id], here)
    rest = sum((cost for sku_id, cost in costs.items() if sku_id not in named), ZERO)
    if rest and rows:
        _spread(rest, [row for row in rows if not row.cost_yen] or list(rows))


def _spread(cost: Decimal, rows: Sequence[Row]) -> None:
    """By pieces, to a ten-thousandth of a yen; the last takes what is left."""
    counts = [row.sold.quantity if row.sold else 0 for row in rows]
    pieces = sum(counts) or 1
    left = cost
    for row, count in zip(rows[:-1], counts[:-1], strict=True):
        part = (cost * count / pieces).quantize(Decimal("0.0001"))
        row.cost_yen += part
        left -= part
    rows[-1].cost_yen += left


def plain(lines: Sequence[Line], total_yen: int, standard_rate: int) -> list[Line]:
    """The lines of an order whose parts do not add up, with the difference as a line of its own (調整)."""
    gap = total_yen - sum(line.amount_yen for line in lines)
    if not gap:
        return list(lines)
    return [*lines, Line("difference", "差額", 1, gap, gap, standard_rate)]
