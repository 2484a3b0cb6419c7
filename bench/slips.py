"""Delivery notes of northwind's history as a clerk types them: whole, in two parts, and with one planted error.

Suppliers print totals in their own ways: pieces, 税抜 and 税込, rounded down, to the nearest or up; on every twelfth paper
with freight within the amounts, which the clerk forgets to tell on one of ten.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from itertools import groupby

from akinai.core.tax import Rounding, divide
from akinai.purchasing.doubts import Arrived, Asked
from akinai.purchasing.totals import Row, Totals
from bench.northwind import Bought

PARTS, APART = 10, 20
RATE = 8
FREIGHT, FREIGHT_EVERY, FORGOTTEN_EVERY = 800, 12, 10

Goods = Mapping[int, tuple[str, str]]  # SKU → its code and its supplier


@dataclass(frozen=True)
class Paper:
    """One delivery note of one supplier: its lines, what is open of its order, the totals as typed from it."""

    order: str
    supplier: str
    on: date
    lines: tuple[Arrived, ...]
    asked: tuple[Asked, ...]
    totals: Totals
    way: Rounding


def sku_id(code: str) -> int:
    return int(code.rpartition("-")[2])


def papers(bought: Sequence[Bought], dice: random.Random) -> list[Paper]:
    """Delivery notes in the order they came: split, and with small differences of price, as in life."""
    made = []
    arrived = [one for one in bought if one.received_on]
    key = lambda one: (one.received_on, one.order, one.supplier)  # noqa: E731
    for (on, order, supplier), group in groupby(sorted(arrived, key=key), key=key):
        rows = list(group)
        open_now = {one.sku: one.quantity for one in rows}
        rest = []
        first = []
        for one in rows:
            pieces = one.quantity
            if dice.randrange(PARTS) == 0 and pieces > 3:
                pieces = dice.randint(1, pieces - 1)
                rest.append(replace(one, quantity=one.quantity - pieces))
            first.append((one, pieces))
        made.append(_paper(order, supplier, on, first, open_now, rows, dice))
        for one, pieces in first:
            open_now[one.sku] -= pieces
        if rest:
            made.append(
                _paper(order, supplier, on, [(one, one.quantity) for one in rest], open_now, rows, dice)
            )
    return made


def _paper(
    order: str, supplier: str, on: date, came: Sequence[tuple[Bought, int]], open_now: Mapping[str, int],
    rows: Sequence[Bought], dice: random.Random,
) -> Paper:  # fmt: skip
    lines = []
    for one, pieces in came:
        cost = Decimal(one.cost)
        if dice.randrange(APART) == 0:
            cost = (cost * Decimal(dice.randint(97, 103)) / 100).quantize(Decimal(1))
        lines.append(Arrived(sku_id(one.sku), one.sku, pieces, cost))
    asked = tuple(Asked(sku_id(one.sku), one.sku, open_now[one.sku], Decimal(one.cost)) for one in rows)
    way = dice.choice(list(Rounding))
    freight = FREIGHT if dice.randrange(FREIGHT_EVERY) == 0 else 0
    told = printed(lines, way, freight)
    if freight and dice.randrange(FORGOTTEN_EVERY) == 0:
        told = replace(told, other_yen=0)
    return Paper(order, supplier, on, tuple(lines), asked, told, way)


def printed(lines: Sequence[Arrived], way: Rounding, freight: int = 0) -> Totals:
    """What the supplier writes under these lines."""
    net = sum(int(line.quantity * (line.unit_cost or 0)) for line in lines)
    tax = divide(net * RATE, 100, way) + divide(freight * 10, 100, way)
    return Totals(sum(line.quantity for line in lines), net + freight, net + freight + tax, freight)


def rows(lines: Sequence[Arrived]) -> list[Row]:
    return [Row(line.code, line.quantity, line.unit_cost, RATE) for line in lines]


def swapped(number: int, dice: random.Random) -> int | None:
    """Two neighbouring digits changed places; None where that changes nothing."""
    text = str(number)
    places = [
        at for at in range(len(text) - 1) if text[at] != text[at + 1] and not (at == 0 and text[1] == "0")
    ]
    if not places:
        return None
    at = dice.choice(places)
    return int(text[:at] + text[at + 1] + text[at] + text[at + 2 :])


def _swap_quantity(line: Arrived, dice: random.Random) -> Arrived | None:
    number = swapped(line.quantity, dice)
    return None if number is None else replace(line, quantity=number)


def _swap_cost(line: Arrived, dice: random.Random) -> Arrived | None:
    number = swapped(int(line.unit_cost or 0), dice)
    return None if number is None else replace(line, unit_cost=Decimal(number))


def _tenth(line: Arrived, _dice: random.Random) -> Arrived | None:
    return replace(line, quantity=line.quantity // 10) if line.quantity % 10 == 0 else None


def _jump(line: Arrived, dice: random.Random) -> Arrived:
    share = dice.choice((dice.randint(35, 69), dice.randint(135, 400)))
    return replace(line, unit_cost=(Decimal(line.unit_cost or 0) * share / 100).quantize(Decimal(1)))


def _times(factor: str) -> Callable[[Arrived, random.Random], Arrived]:
    return lambda line, _dice: replace(line, unit_cost=Decimal(line.unit_cost or 0) * Decimal(factor))


IN_A_LINE: Mapping[str, Callable[[Arrived, random.Random], Arrived | None]] = {
    "digit_swap_quantity": _swap_quantity,
    "digit_swap_cost": _swap_cost,
    "ten_times_quantity": lambda line, _dice: replace(line, quantity=line.quantity * 10),
    "tenth_of_quantity": _tenth,
    "ten_times_cost": _times("10"),
    "tenth_of_cost": _times("0.1"),
    "price_jump": _jump,
    "unusual_quantity": lambda line, dice: replace(line, quantity=line.quantity * dice.randint(4, 9) + 1),
}


def wrong_goods(kind: str, line: Arrived, paper: Paper, goods: Goods, dice: random.Random) -> Arrived | None:
    """Another SKU with the pieces and the cost of the paper: any, or one of the same supplier at about the same price."""
    here = {one.sku_id for one in paper.asked}
    others = [pk for pk in goods if pk not in here]
    if kind != "wrong_sku":
        others = [pk for pk in others if goods[pk][1] == paper.supplier]
    if not others:
        return None
    wrong = dice.choice(others)
    return replace(line, sku_id=wrong, code=goods[wrong][0])


def wrong_totals(kind: str, told: Totals, dice: random.Random) -> Totals | None:
    """One total with two digits swapped."""
    field = {"total_pieces_swap": "pieces", "total_net_swap": "net_yen", "total_gross_swap": "gross_yen"}[
        kind
    ]
    value = getattr(told, field)
    number = swapped(value, dice) if value is not None else None
    return None if number is None else replace(told, **{field: number})
