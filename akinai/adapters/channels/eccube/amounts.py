"""EC-CUBE's sums: 税抜 prices become 税込 by the rounding that the 小計 proves; the other 明細区分 are the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from akinai.adapters.channels.eccube.parser import (
    DISCOUNT,
    FEE,
    GOODS,
    KINDS,
    POINTS,
    SHIPPING,
    TAX,
    EccubeRow,
)
from akinai.adapters.channels.words import Code, Findings
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.findings import CHECK
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.sums import agree, check_goods, check_total
from akinai.orders.ports import LineDraft

# 四捨五入 is EC-CUBE's own default, so it is tried first; prices may also be stored with tax.
_WITH_TAX: tuple[Callable[[int, int], int], ...] = (
    lambda price, rate: price + (price * rate + 50) // 100,
    lambda price, rate: price + price * rate // 100,
    lambda price, rate: price - (-price * rate // 100),
    lambda price, rate: price,
)


def line_kind(row: EccubeRow) -> str:
    """明細区分 as its number; an unknown or empty one is a product only when it has a product's code or name."""
    text = narrow(row.kind_id) or KINDS.get(row.kind_name, row.kind_name)
    return text or GOODS


def amounts_of(
    f: Findings, rows: Sequence[EccubeRow], lines: tuple[LineDraft, ...], *, is_cod: bool
) -> tuple[tuple[LineDraft, ...], Amounts]:
    """Lines with 税込 prices, and the amounts. Rows of 送料, 手数料 … count before the order's own columns."""
    head = rows[0]
    name = "payment_total" if head.payment_total else "total"
    agree(f, rows, name, Code.TOTAL_MISMATCH)
    total = f.yen(head, name)
    lines = _taxed(f, head, lines)
    goods = f.yen(head, "subtotal") if head.subtotal else sum(line.subtotal_yen for line in lines)
    sums = _sums(f, [row for row in rows if line_kind(row) != GOODS])
    reduced = -sums.get(DISCOUNT, 0) - sums.get(POINTS, 0)
    fee = sums.get(FEE, 0)
    found = Amounts(
        total_yen=total,
        goods_yen=goods,
        outer_tax_yen=sums.get(TAX, 0),
        shipping_yen=sums.get(SHIPPING, f.yen(head, "shipping")),
        cod_fee_yen=fee if is_cod else 0,
        payment_fee_yen=0 if is_cod else fee,
        discount_yen=-sums[DISCOUNT] if DISCOUNT in sums else max(f.magnitude(head, "discount") - reduced, 0),
        points_yen=-sums.get(POINTS, 0),
    )
    tax = f.yen(head, "tax")
    if tax and not found.outer_tax_yen and total == found.sum + tax:  # a shop whose 小計 is without tax
        found = replace(found, outer_tax_yen=tax)
        lines = tuple(replace(line, price_includes_tax=False) for line in lines)
    check_total(f, head, name, found)
    return lines, found


def _taxed(f: Findings, head: EccubeRow, lines: tuple[LineDraft, ...]) -> tuple[LineDraft, ...]:
    """Lines with 税込 prices: by the one rounding whose sum is the 小計."""
    candidates = [
        tuple(replace(line, unit_price_yen=add(line.unit_price_yen, line.tax_rate)) for line in lines)
        for add in _WITH_TAX
    ]
    if not head.subtotal:
        return candidates[0]
    goods = f.yen(head, "subtotal")
    for found in candidates:
        if sum(line.subtotal_yen for line in found) == goods:
            return found
    check_goods(f, head, "subtotal", goods=goods, lines=candidates[0])
    return candidates[0]


def _sums(f: Findings, rows: Sequence[EccubeRow]) -> dict[str, int]:
    """明細区分 → 税込 yen. 送料 and 手数料 are stored with tax; 割引 and ポイント are negative."""
    found: dict[str, int] = {}
    for row in rows:
        kind = line_kind(row)
        if kind not in (SHIPPING, FEE, DISCOUNT, TAX, POINTS):
            message = f"明細区分「{row.kind_name or row.kind_id}」の意味が分かりません。金額に入れていません。{CHECK}"
            f.note(Code.OTHER, message, row, "kind_id" if row.kind_id else "kind_name")
            continue
        amount = f.yen(row, "price", negative=True) * _pieces(f, row)
        found[kind] = found.get(kind, 0) + (-abs(amount) if kind in (DISCOUNT, POINTS) else amount)
    return found


def _pieces(f: Findings, row: EccubeRow) -> int:
    return f.quantity(row) if row.quantity else 1
