"""Shopify's sums: Subtotal is after discounts, taxes are inside or on top, a discount may be the shipping's.

Rounding: Shopify rounds the tax of each line, so a total may be off by a yen per line; that much is let pass.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from akinai.adapters.channels.shopify.parser import ShopifyRow
from akinai.adapters.channels.shopify.rates import with_rates
from akinai.adapters.channels.words import Code, Findings
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.sums import check_total
from akinai.core.money import yen
from akinai.orders.ports import LineDraft


def amounts_of(
    f: Findings, rows: Sequence[ShopifyRow], lines: tuple[LineDraft, ...]
) -> tuple[tuple[LineDraft, ...], Amounts]:
    """Read and prove the amounts of an order; its lines get the rates that the taxes prove. `rows[0]` has the totals."""
    head = rows[0]
    total, subtotal, shipping = f.yen(head, "total"), f.yen(head, "subtotal"), f.yen(head, "shipping")
    tax, duties = f.yen(head, "taxes"), f.yen(head, "duties")
    goods = sum(line.subtotal_yen for line in lines)
    stated = _stated_discounts(f, rows)
    base = subtotal + shipping + duties
    outer = _outer_tax(total, base, tax, stated)
    discount = goods - subtotal
    freight = _shipping_discount(total, base + outer, stated, discount)
    is_stated = discount in stated or discount + freight in stated
    if not is_stated and not _is_free_shipping(discount, shipping, stated):
        _say_goods(f, head, goods, subtotal, stated)
    found = Amounts(
        total_yen=total,
        goods_yen=goods,
        shipping_yen=shipping,
        discount_yen=max(discount, 0) + freight,
        outer_tax_yen=outer,
        adjustment_yen=duties + max(-discount, 0),  # 関税, and what Subtotal has above the lines
    )
    check_total(f, head, "total", found)
    if outer:
        lines = tuple(replace(line, price_includes_tax=False) for line in lines)
    if f.has(Code.TOTAL_MISMATCH):
        return lines, found
    lines, taxes = with_rates(f, rows, lines, found)
    return lines, replace(found, taxes=taxes) if taxes else found


def _stated_discounts(f: Findings, rows: Sequence[ShopifyRow]) -> frozenset[int]:
    """What the goods may have been reduced by. Malls of this kind state it per order, per line, or in both places."""
    order = f.magnitude(rows[0], "discount")
    line = sum(f.magnitude(row, "line_discount") for row in rows)
    return frozenset((order, line, order + line)) if order and line else frozenset((order or line,))


def _outer_tax(total: int, base: int, tax: int, stated: frozenset[int]) -> int:
    """外税 when only with the tax the sum holds; 内税 when it holds without."""
    if total == base or any(total == base - cut for cut in stated if cut):
        return 0
    return tax if total == base + tax or any(total == base + tax - cut for cut in stated if cut) else 0


def _shipping_discount(total: int, base: int, stated: frozenset[int], discount: int) -> int:
    """A discount code on 送料: part of Discount Amount, not of Subtotal."""
    gap = base - total
    return gap if gap > 0 and discount + gap in stated else 0


def _is_free_shipping(discount: int, shipping: int, stated: frozenset[int]) -> bool:
    """送料無料クーポン: Shipping is shown as 0 already, and Discount Amount still tells what it was."""
    return shipping == 0 and 0 <= discount < max(stated)


def _say_goods(f: Findings, head: ShopifyRow, goods: int, subtotal: int, stated: frozenset[int]) -> None:
    message = (
        f"Subtotal {yen(subtotal)} が、明細の合計 {yen(goods)} から割引 {yen(max(stated))} を引いた額と合いません。"
        f"Shopifyの画面で商品・数量・自動割引を確かめてください。"
    )
    f.note(Code.TOTAL_MISMATCH, message, head, "subtotal")
