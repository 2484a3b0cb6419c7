"""楽天's sums: 請求金額 and its parts. RMS is not consistent about the rare ones."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

from akinai.adapters.channels.rakuten.parser import RakutenRow
from akinai.adapters.channels.words import Code, Findings
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.rows import narrow
from akinai.adapters.channels.words.sums import agree, check_goods, check_taxes, check_total
from akinai.orders.ports import LineDraft, TaxDraft


def amounts_of(f: Findings, rows: Sequence[RakutenRow], lines: tuple[LineDraft, ...]) -> Amounts:
    """請求金額 = 商品合計＋外税＋送料＋代引料＋決済手数料＋ラッピング料＋注文者負担金−ポイント−クーポン.

    Of the rare parts (wrapping, its tax, 消費税合計, 注文者負担金) those that make the sum hold are taken; when none do,
    all of them, with an issue.
    """
    head = rows[0]
    agree(f, rows, "total", Code.TOTAL_MISMATCH)
    goods = _goods(f, head, lines)
    coupons = f.magnitude(head, "coupons") or f.magnitude(head, "shop_coupon") + f.magnitude(
        head, "mall_coupon"
    )
    usual = Amounts(
        total_yen=f.yen(head, "total"),
        goods_yen=goods,
        outer_tax_yen=f.yen(head, "outer_tax"),
        shipping_yen=f.yen(head, "shipping"),
        cod_fee_yen=f.yen(head, "cod_fee"),
        payment_fee_yen=f.yen(head, "payment_fee"),
        discount_yen=coupons,
        points_yen=f.magnitude(head, "points"),
        taxes=_taxes(f, head),
    )
    found = _with_rare(usual, _that_balance(usual.total_yen - usual.sum, _rare(f, head)))
    check_total(f, head, "total", found)
    if head.goods:
        check_goods(f, head, "goods", goods=goods, lines=lines)
    if not f.has(Code.TOTAL_MISMATCH):
        charged = (found.total_yen, found.total_yen + found.points_yen)
        check_taxes(f, head, "total", found.taxes, charged=charged)
    return found


def _goods(f: Findings, head: RakutenRow, lines: Sequence[LineDraft]) -> int:
    """商品合計金額 without the tax that is told beside it (外税), as the lines are."""
    of_lines = sum(line.subtotal_yen for line in lines)
    if not head.goods:
        return of_lines
    goods = f.yen(head, "goods")
    tax = f.yen(head, "outer_tax") or f.yen(head, "tax")
    has_bare = any(not line.price_includes_tax for line in lines)
    return of_lines if has_bare and tax and goods == of_lines + tax else goods


def _rare(f: Findings, head: RakutenRow) -> dict[str, int]:
    found = {
        "wrapping": f.yen(head, "wrap1_fee") + f.yen(head, "wrap2_fee"),
        "wrapping_tax": _wrapping_tax(f, head),
        "tax": 0 if f.yen(head, "outer_tax") else f.yen(head, "tax"),
        "buyer_charge": f.yen(head, "buyer_charge"),
    }
    return {name: yen for name, yen in found.items() if yen}


def _wrapping_tax(f: Findings, row: RakutenRow) -> int:
    first = f.yen(row, "wrap1_tax") if narrow(row.wrap1_has_tax) == "0" else 0
    return first + (f.yen(row, "wrap2_tax") if narrow(row.wrap2_has_tax) == "0" else 0)


def _that_balance(gap: int, rare: dict[str, int]) -> dict[str, int]:
    """The fewest of the rare parts that fill the gap exactly; all of them when no choice does."""
    for size in range(len(rare) + 1):
        for names in combinations(rare, size):
            if sum(rare[name] for name in names) == gap:
                return {name: rare[name] for name in names}
    return rare


def _with_rare(usual: Amounts, rare: dict[str, int]) -> Amounts:
    return replace(
        usual,
        wrapping_yen=rare.get("wrapping", 0) + rare.get("wrapping_tax", 0),
        outer_tax_yen=usual.outer_tax_yen + rare.get("tax", 0),
        adjustment_yen=rare.get("buyer_charge", 0),
    )


def _taxes(f: Findings, row: RakutenRow) -> tuple[TaxDraft, ...]:
    return tuple(
        TaxDraft(rate, f.yen(row, f"charged{rate}"), f.yen(row, f"tax{rate}"))
        for rate in (10, 8, 0)
        if getattr(row, f"charged{rate}")
    )
