"""Shopify's sums: Subtotal is after discounts, taxes are inside or on top, a discount may be the shipping's.

Rounding: Shopify rounds the tax of each line, so a total may be off by a yen per line; that much is let pass.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import product

from akinai.adapters.channels.shopify.parser import ShopifyRow
from akinai.adapters.channels.words import Code, Findings
from akinai.adapters.channels.words.sums import check_taxes, check_total
from akinai.core.money import yen
from akinai.orders.ports import LineDraft, TaxDraft

MOST_TRIED = 10  # lines; 2**10 ways to hand out two rates


@dataclass(frozen=True, slots=True)
class Money:
    """The amounts of one order. `lines` carry the rates that the order's taxes prove."""

    lines: tuple[LineDraft, ...]
    total: int = 0
    goods: int = 0
    shipping: int = 0
    discount: int = 0
    outer_tax: int = 0
    adjustment: int = 0  # 関税, and what Subtotal has above the lines
    taxes: tuple[TaxDraft, ...] = ()
    known: bool = True


def money_of(f: Findings, rows: Sequence[ShopifyRow], lines: tuple[LineDraft, ...]) -> Money:
    """Read and prove the amounts of an order. `rows[0]` has the totals."""
    head = rows[0]
    total, subtotal, shipping = f.yen(head, "total"), f.yen(head, "subtotal"), f.yen(head, "shipping")
    tax, duties = f.yen(head, "taxes"), f.yen(head, "duties")
    goods = sum(line.subtotal_yen for line in lines)
    stated = _stated_discounts(f, rows)
    outer = _outer_tax(total, subtotal + shipping + duties, tax, stated)
    discount = goods - subtotal
    freight = _shipping_discount(total, subtotal + shipping + duties + outer, stated, discount)
    is_stated = discount in stated or discount + freight in stated
    if not is_stated and not _is_free_shipping(discount, shipping, stated):
        _say_goods(f, head, goods, subtotal, stated)
    more = max(-discount, 0)
    discount = max(discount, 0)
    parts = {
        "商品": goods,
        "差額": more,
        "送料": shipping,
        "税": outer,
        "関税": duties,
        "割引": -discount,
        "送料の割引": -freight,
    }
    check_total(f, head, "total", total=total, parts=parts)
    lines = tuple(replace(line, price_includes_tax=not outer) for line in lines)
    given = _given_taxes(f, head)
    lines, taxes = _with_rates(f, head, lines, given, total, shipping, bool(outer))
    return Money(lines, total, goods, shipping, discount + freight, outer, duties + more, taxes)


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


def _given_taxes(f: Findings, head: ShopifyRow) -> list[tuple[int, int]]:
    """(rate, yen) of Tax 1 to 3: "CT 10%", "消費税 8%". A name without a rate of today is noted."""
    found: dict[int, int] = {}
    for number in (1, 2, 3):
        name, value = getattr(head, f"tax{number}_name"), f.yen(head, f"tax{number}")
        if not name or not value:
            continue
        rate = re.search(r"(\d+)(?:\.0+)?\s*[%％]", name)
        if rate is None or int(rate[1]) not in (8, 10):
            f.note(
                Code.TAX_MISMATCH,
                f"税「{name}」の税率が分かりません。商品の税率を確かめてください。",
                head,
                f"tax{number}_name",
            )
            continue
        found[int(rate[1])] = found.get(int(rate[1]), 0) + value
    return list(found.items())


def _with_rates(
    f: Findings,
    head: ShopifyRow,
    lines: tuple[LineDraft, ...],
    given: list[tuple[int, int]],
    total: int,
    shipping: int,
    is_outer: bool,
) -> tuple[tuple[LineDraft, ...], tuple[TaxDraft, ...]]:
    """Rates for the lines. One rate is everybody's; of two, the lines that prove it by their sums."""
    if not given or f.has(Code.TOTAL_MISMATCH):
        return lines, ()
    taxable = [line for line in lines if line.tax_rate]
    slack = len(lines) + 1
    if len(given) == 1:
        rate, tax = given[0]
        lines = tuple(replace(line, tax_rate=rate if line.tax_rate else 0) for line in lines)
        if len(taxable) < len(lines):
            return lines, ()
        taxes = (TaxDraft(rate, total, tax),)
        check_taxes(f, head, "taxes", taxes, slack=slack)
        return lines, taxes
    chosen = _hand_out(taxable, dict(given), shipping, total, is_outer)
    if chosen is None:
        message = "10%と8%の商品が混ざっていますが、どの商品がどちらの税率か、金額からは決められません。商品の税率を確かめてください。"
        f.note(Code.TAX_MISMATCH, message, head, "tax1_name")
        return lines, ()
    return tuple(replace(line, tax_rate=chosen.get(line.line_no, 0)) for line in lines), ()


def _hand_out(
    lines: Sequence[LineDraft], given: dict[int, int], shipping: int, total: int, is_outer: bool
) -> dict[int, int] | None:
    """line_no → rate, when exactly one way to hand out 10 and 8 % gives the taxes stated (送料 is 10 %)."""
    if len(lines) > MOST_TRIED or set(given) != {8, 10}:
        return None
    goods = sum(line.subtotal_yen for line in lines)
    reduced = (
        goods + shipping - (total - (sum(given.values()) if is_outer else 0))
    )  # order discounts, spread evenly
    found = []
    for rates in product((10, 8), repeat=len(lines)):
        sums = {10: shipping, 8: 0}
        for line, rate in zip(lines, rates, strict=True):
            sums[rate] += line.subtotal_yen - (reduced * line.subtotal_yen // goods if goods else 0)
        if all(abs(_tax(sums[rate], rate, is_outer) - tax) <= len(lines) + 1 for rate, tax in given.items()):
            found.append({line.line_no: rate for line, rate in zip(lines, rates, strict=True)})
    return found[0] if len(found) == 1 else None


def _tax(amount: int, rate: int, is_outer: bool) -> int:
    return amount * rate // (100 if is_outer else 100 + rate)
