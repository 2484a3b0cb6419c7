"""仕入伝票の判断: what looks like a slip of the finger. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

from akinai.core.money import cost_text

JUMP = Decimal("0.3")
MANY = 10


class Last(NamedTuple):
    """前回: how many pieces came last, and what one cost; None where nobody knows."""

    quantity: int | None = None
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """One line to look at."""

    sku_id: int
    code: str
    quantity: int
    unit_cost: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Doubt:
    """念のため: one thing to ask about. `text` names the numbers, so confirming it confirms exactly these."""

    at: int  # index of the line
    field: str  # quantity | cost
    text: str


def doubts(lines: Sequence[Arrived], last: Mapping[int, Last]) -> list[Doubt]:
    """What looks odd beside the last receipt: ten times as many pieces, or a cost more than 30 % away."""
    found: list[Doubt] = []
    for at, line in enumerate(lines):
        before = last.get(line.sku_id, Last())
        if before.quantity and line.quantity >= before.quantity * MANY:
            text = f"{line.code}: 数量 {line.quantity:,} は前回 {before.quantity:,} の{MANY}倍以上です。"
            found.append(Doubt(at, "quantity", text))
        if before.unit_cost and line.unit_cost is not None and jumps(line.unit_cost, before.unit_cost):
            costs = f"単価 {cost_text(line.unit_cost)} 円は前回 {cost_text(before.unit_cost)} 円"
            found.append(Doubt(at, "cost", f"{line.code}: {costs}から30%を超えて変わっています。"))
    return found


def jumps(cost: Decimal, before: Decimal) -> bool:
    """Is the cost more than 30 % away from the one before?"""
    return abs(cost - before) > before * JUMP


def after(last: Mapping[int, Last], lines: Sequence[Arrived]) -> dict[int, Last]:
    """What the next slip of the same file is compared with, once these lines are posted."""
    known = dict(last)
    for line in lines:
        before = known.get(line.sku_id, Last())
        cost = before.unit_cost if line.unit_cost is None else line.unit_cost
        known[line.sku_id] = Last(line.quantity, cost)
    return known
