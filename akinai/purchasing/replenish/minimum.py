"""仕入先ごとの発注: one draft per supplier, filled up to the supplier's least amount (最低発注額・送料無料) with what is needed next. Pure."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from akinai.purchasing.replenish.costs import whole
from akinai.purchasing.replenish.result import Recommendation

YEAR = 365


@dataclass(frozen=True, slots=True)
class Minimum:
    """仕入先の条件 in yen without tax: least order, order from which freight is free, freight below it. 0: none."""

    min_order_yen: int = 0
    free_shipping_yen: int = 0
    shipping_yen: int = 0


class Reach(StrEnum):
    """最低発注額に届くか."""

    NOTHING = "nothing"
    ENOUGH = "enough"
    FILLED_UP = "filled_up"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class DraftLine:
    """発注案の 1 行. `added` of the `quantity` pieces are there for the supplier's minimum only."""

    sku_id: int
    code: str
    quantity: int
    added: int
    unit_cost: Decimal

    @property
    def yen(self) -> int:
        return whole(self.quantity * self.unit_cost)


@dataclass(frozen=True, slots=True)
class Draft:
    """発注案 for one supplier. `early_yen`: holding of the added pieces until they would have been ordered anyway."""

    supplier_id: int | None
    lines: tuple[DraftLine, ...]
    reach: Reach
    goal_yen: int
    early_yen: int
    words: str

    @property
    def yen(self) -> int:
        return sum(line.yen for line in self.lines)


def drafts(
    recommendations: Iterable[Recommendation],
    minimums: Mapping[int, Minimum],
    *,
    longest_days: int = 180,
) -> list[Draft]:
    """One draft per supplier with something to order. `longest_days`: nothing is filled up beyond so many days of sales.

    SKUs without a supplier make a draft of their own (supplier None), so that they are not lost.
    """
    groups: dict[int | None, list[Recommendation]] = defaultdict(list)
    for one in recommendations:
        groups[one.supplier_id].append(one)
    made = (
        draft(
            supplier,
            rows,
            minimums.get(supplier, Minimum()) if supplier is not None else Minimum(),
            longest_days,
        )
        for supplier, rows in groups.items()
    )
    return [one for one in made if one.lines]


def draft(
    supplier_id: int | None, rows: Sequence[Recommendation], minimum: Minimum, longest_days: int = 180
) -> Draft:
    """The draft of one supplier. Nothing to order stays nothing: the minimum alone is no reason to buy."""
    wanted = {one.sku_id: one.level.order for one in rows if one.level.order}
    if not wanted:
        return Draft(supplier_id, (), Reach.NOTHING, 0, 0, "")
    goal = max(minimum.min_order_yen, 0)
    added, early = _fill(rows, wanted, goal, longest_days)
    freight_goal = minimum.free_shipping_yen
    if freight_goal > max(goal, _yen(rows, wanted, added)):
        more, more_early = _fill(rows, wanted, freight_goal, longest_days)
        reached = _yen(rows, wanted, more) >= freight_goal
        if reached and more_early - early < minimum.shipping_yen:
            added, early, goal = more, more_early, freight_goal
    lines = tuple(
        DraftLine(one.sku_id, one.code, quantity, added.get(one.sku_id, 0), one.yearly.unit_cost)
        for one in rows
        if (quantity := wanted.get(one.sku_id, 0) + added.get(one.sku_id, 0))
    )
    return _told(supplier_id, lines, goal, added, early)


def _yen(rows: Sequence[Recommendation], wanted: Mapping[int, int], added: Mapping[int, int]) -> int:
    return sum(
        whole((wanted.get(one.sku_id, 0) + added.get(one.sku_id, 0)) * one.yearly.unit_cost) for one in rows
    )


def _fill(
    rows: Sequence[Recommendation], wanted: Mapping[int, int], goal: int, longest_days: int
) -> tuple[dict[int, int], int]:
    """Add lots until the goal is reached: always of the SKU that would be ordered next. Pieces added, yen of being early."""
    added: dict[int, int] = {}
    early = Decimal(0)
    total = _yen(rows, wanted, added)
    by_id = {one.sku_id: one for one in rows}
    queue = [
        (_days_early(one, wanted.get(one.sku_id, 0)), one.sku_id) for one in rows if one.need.pace.pieces
    ]
    heapq.heapify(queue)
    while total < goal and queue:
        days, sku = heapq.heappop(queue)
        one = by_id[sku]
        have = wanted.get(sku, 0) + added.get(sku, 0)
        step = one.level.lot if have else _least(one)
        if not one.yearly.unit_cost or _cover(one, have + step) > longest_days:
            continue
        added[sku] = added.get(sku, 0) + step
        early += step * one.yearly.carrying.total * Decimal(repr(max(days, 0.0))) / YEAR
        total += whole((have + step) * one.yearly.unit_cost) - whole(have * one.yearly.unit_cost)
        heapq.heappush(queue, (_days_early(one, have + step), sku))
    return added, whole(early)


def _least(one: Recommendation) -> int:
    """The supplier's smallest order of a SKU, in whole lots."""
    return -(-max(one.level.moq, 1) // one.level.lot) * one.level.lot


def _days_early(one: Recommendation, ordered: int) -> float:
    """Days until the SKU would reach its reorder point if `ordered` pieces are ordered now."""
    return (one.level.position + ordered - one.level.reorder_point) / one.need.pace.per_day


def _cover(one: Recommendation, ordered: int) -> float:
    """Days of sales that position and order would last."""
    return (one.level.position + ordered) / one.need.pace.per_day


def _told(
    supplier_id: int | None, lines: tuple[DraftLine, ...], goal: int, added: Mapping[int, int], early: int
) -> Draft:
    total = sum(line.yen for line in lines)
    if total < goal:
        words = (
            f"発注額 {total:,} 円は最低発注額 {goal:,} 円に {goal - total:,} 円足りません。"
            "これ以上は売れ行きに対して多すぎるので足していません。次の見直しまで待つか、仕入先に相談してください。"
        )
        return Draft(supplier_id, lines, Reach.BELOW, goal, early, words)
    if added:
        words = (
            f"{goal:,} 円に届くように、次に発注する順に {len(added):,} 商品 {sum(added.values()):,} 個を足しました。"
            f"早く持つ費用は {early:,} 円です。"
        )
        return Draft(supplier_id, lines, Reach.FILLED_UP, goal, early, words)
    return Draft(supplier_id, lines, Reach.ENOUGH, goal, early, "")
