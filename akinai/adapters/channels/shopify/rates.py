"""Tax rates of Shopify's lines: the export tells taxes per rate for the whole order, and no rate for any line.

One rate is everybody's. Of two, the one way to hand them out to the goods that gives just the taxes stated is taken;
the same goods have one rate. Where several ways do, nothing is guessed: the lines are doubtful.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product

from akinai.adapters.channels.shopify.parser import ShopifyRow
from akinai.adapters.channels.words import Code, Findings
from akinai.adapters.channels.words.amounts import Amounts
from akinai.adapters.channels.words.sums import check_taxes
from akinai.core.money import parse_yen
from akinai.orders.ports import ASSUMED, DOUBTFUL, TOLD, LineDraft, TaxDraft

MOST_GOODS = 12  # different goods in an order; 2**12 ways to hand out two rates
Rates = dict[int, int]  # line number → rate


def with_rates(
    f: Findings, rows: Sequence[ShopifyRow], lines: tuple[LineDraft, ...], amounts: Amounts
) -> tuple[tuple[LineDraft, ...], tuple[TaxDraft, ...]]:
    """The lines with their rates, and the taxes per rate where the charged amounts are certain."""
    head = rows[0]
    given = _given_taxes(f, head, amounts)
    if not given:
        return tuple(replace(line, tax_rate_is=ASSUMED) for line in lines), ()
    if len(given) == 1:
        return _one_rate(f, head, lines, given, amounts)
    chosen = _hand_out(rows, lines, given, amounts)
    if chosen is None:
        return tuple(replace(line, tax_rate_is=DOUBTFUL if line.tax_rate else TOLD) for line in lines), ()
    return tuple(replace(line, tax_rate=chosen.get(line.line_no, line.tax_rate)) for line in lines), ()


def _given_taxes(f: Findings, head: ShopifyRow, amounts: Amounts) -> Mapping[int, int]:
    """rate → yen of Tax 1 to 3: "CT 10%", "消費税 8%". A name without a rate of today is noted, unless it is the only
    tax and its amount fits one rate alone.
    """
    told = [(getattr(head, f"tax{number}_name"), f.yen(head, f"tax{number}"), number) for number in (1, 2, 3)]
    told = [tax for tax in told if tax[0] and tax[1]]
    found: dict[int, int] = {}
    for name, value, number in told:
        named = re.search(r"(\d+)(?:\.0+)?\s*[%％]", name)
        rate = int(named[1]) if named else _fitting(value, amounts) if len(told) == 1 else None
        if rate not in (8, 10):
            message = f"税「{name}」の税率が分かりません。商品の税率を確かめてください。"
            f.note(Code.TAX_MISMATCH, message, head, f"tax{number}_name")
            continue
        found[rate] = found.get(rate, 0) + value
    return found


def _fitting(tax: int, amounts: Amounts) -> int | None:
    base = amounts.total_yen - amounts.outer_tax_yen
    fits = [
        rate
        for rate in (10, 8)
        if abs(tax - base * rate // (100 if amounts.outer_tax_yen else 100 + rate)) <= 2
    ]
    return fits[0] if len(fits) == 1 else None


def _one_rate(
    f: Findings, head: ShopifyRow, lines: tuple[LineDraft, ...], given: Mapping[int, int], amounts: Amounts
) -> tuple[tuple[LineDraft, ...], tuple[TaxDraft, ...]]:
    ((rate, tax),) = given.items()
    with_rate = tuple(
        replace(line, tax_rate=rate) if line.tax_rate not in (0, rate) else line for line in lines
    )
    if not all(line.tax_rate for line in lines):
        return with_rate, ()
    taxes = (TaxDraft(rate, amounts.total_yen, tax),)
    check_taxes(f, head, "taxes", taxes, slack=len(lines) + 1)
    return with_rate, taxes


@dataclass(frozen=True, slots=True)
class _Pot:
    """What is taxed: (line number, yen) of the goods after discounts, 送料 at 10 %, and whether tax comes on top."""

    goods: tuple[tuple[int, int], ...]
    shipping: int
    is_outer: bool

    def share(self, amount: int, rate: int) -> tuple[int, int]:
        """The tax of an amount as numerator and denominator."""
        return amount * rate, 100 if self.is_outer else 100 + rate


# How carts round, Shopify's own way first: each line by itself, half up; then down; then once per rate.
def _each_half_up(pot: _Pot, amounts: Sequence[int], rate: int) -> int:
    return sum(
        (2 * top + bottom) // (2 * bottom) for top, bottom in (pot.share(one, rate) for one in amounts)
    )


def _each_down(pot: _Pot, amounts: Sequence[int], rate: int) -> int:
    return sum(top // bottom for top, bottom in (pot.share(one, rate) for one in amounts))


def _once_half_up(pot: _Pot, amounts: Sequence[int], rate: int) -> int:
    return _each_half_up(pot, [sum(amounts)], rate)


def _once_down(pot: _Pot, amounts: Sequence[int], rate: int) -> int:
    return _each_down(pot, [sum(amounts)], rate)


_ROUNDINGS: tuple[Callable[[_Pot, Sequence[int], int], int], ...] = (
    _each_half_up,
    _once_down,
    _once_half_up,
    _each_down,
)


def _hand_out(
    rows: Sequence[ShopifyRow], lines: Sequence[LineDraft], given: Mapping[int, int], amounts: Amounts
) -> Rates | None:
    """line number → rate, where one way alone gives the taxes stated: to the yen, else within a yen per line."""
    taxable = [line for line in lines if line.tax_rate and line.subtotal_yen]
    groups: dict[str, list[LineDraft]] = {}
    for line in taxable:
        groups.setdefault(line.sku_code or line.name, []).append(line)
    if len(groups) > MOST_GOODS or set(given) != {8, 10}:
        return None
    pot = _pot(rows, lines, taxable, amounts)
    for rounding in _ROUNDINGS:
        if found := list(_ways(pot, groups, given, rounding, slack=0)):
            return found[0] if len(found) == 1 else None
    found = list(_ways(pot, groups, given, _once_down, slack=len(lines) + 1))
    return found[0] if len(found) == 1 else None


def _pot(
    rows: Sequence[ShopifyRow], lines: Sequence[LineDraft], taxable: Sequence[LineDraft], amounts: Amounts
) -> _Pot:
    """Discounts of a line are its own where they are all of the discount; else they are spread by the amounts."""
    own = {line.line_no: _discount_of(row) for row, line in zip(rows, lines, strict=True)}
    discount, is_own = amounts.discount_yen, sum(own.values()) == amounts.discount_yen
    goods = amounts.goods_yen
    left = {
        line.line_no: line.subtotal_yen
        - (own[line.line_no] if is_own else discount * line.subtotal_yen // goods if goods else 0)
        for line in taxable
    }
    return _Pot(tuple(left.items()), amounts.shipping_yen, amounts.outer_tax_yen > 0)


def _discount_of(row: ShopifyRow) -> int:
    try:
        return abs(parse_yen(row.line_discount)) if row.line_discount else 0
    except ValueError:
        return 0


def _ways(
    pot: _Pot,
    groups: Mapping[str, Sequence[LineDraft]],
    given: Mapping[int, int],
    rounding: Callable[[_Pot, Sequence[int], int], int],
    slack: int,
) -> Iterator[Rates]:
    left = dict(pot.goods)
    for chosen in product((10, 8), repeat=len(groups)):
        rates = {
            line.line_no: rate for lines, rate in zip(groups.values(), chosen, strict=True) for line in lines
        }
        taxed = {rate: [left[number] for number, mine in rates.items() if mine == rate] for rate in (10, 8)}
        taxed[10].append(pot.shipping)
        if all(abs(rounding(pot, taxed[rate], rate) - tax) <= slack for rate, tax in given.items()):
            yield rates
