"""EC-CUBE's sums: 税抜 prices become 税込 by the rounding that the 小計 proves; the other 明細区分 are the rest."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

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


@dataclass(frozen=True, slots=True)
class Money:
    """The amounts of one order. `lines` carry 税込 prices."""

    lines: tuple[LineDraft, ...]
    total: int
    goods: int
    shipping: int
    fee: int
    discount: int
    points: int
    tax: int


def kind_of(row: EccubeRow) -> str:
    """明細区分 as its number; an unknown or empty one is a product only when it has a product's code or name."""
    text = narrow(row.kind_id) or KINDS.get(row.kind_name, row.kind_name)
    return text or GOODS


def money_of(f: Findings, rows: Sequence[EccubeRow], lines: tuple[LineDraft, ...]) -> Money:
    """Read and prove the amounts. Rows of 送料, 手数料 … count before the order's own columns."""
    head = rows[0]
    name = "payment_total" if head.payment_total else "total"
    agree(f, rows, name, Code.TOTAL_MISMATCH)
    total = f.yen(head, name)
    lines = _taxed(f, head, lines)
    goods = f.yen(head, "subtotal") if head.subtotal else sum(line.subtotal_yen for line in lines)
    sums = _sums(f, [row for row in rows if kind_of(row) != GOODS])
    shipping = sums.get(SHIPPING, f.yen(head, "shipping"))
    reduced = -sums.get(DISCOUNT, 0) - sums.get(POINTS, 0)
    discount = -sums[DISCOUNT] if DISCOUNT in sums else max(f.magnitude(head, "discount") - reduced, 0)
    found = Money(
        lines, total, goods, shipping, sums.get(FEE, 0), discount, -sums.get(POINTS, 0), sums.get(TAX, 0)
    )
    parts = {
        "小計": goods,
        "送料": found.shipping,
        "手数料": found.fee,
        "税": found.tax,
        "割引": -found.discount,
        "ポイント": -found.points,
    }
    check_total(f, head, name, total=total, parts=parts)
    return found


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
        kind = kind_of(row)
        if kind not in (SHIPPING, FEE, DISCOUNT, TAX, POINTS):
            message = f"明細区分「{row.kind_name or row.kind_id}」の意味が分かりません。金額に入れていません。{CHECK}"
            f.note(Code.OTHER, message, row, "kind_id" if row.kind_id else "kind_name")
            continue
        amount = f.yen(row, "price", negative=True) * _pieces(f, row)
        found[kind] = found.get(kind, 0) + (-abs(amount) if kind in (DISCOUNT, POINTS) else amount)
    return found


def _pieces(f: Findings, row: EccubeRow) -> int:
    return f.quantity(row) if row.quantity else 1
