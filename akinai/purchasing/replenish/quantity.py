"""発注数: what may be ordered (最小・ロット・ケース), and how much is cheapest. Pure: numpy only. Pieces are whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from akinai.purchasing.replenish.history import Floats, Ints

CASE_STRETCH = 0.15
NEVER_MORE_DAYS = 365


@dataclass(frozen=True, slots=True)
class Packs:
    """発注の決まり per SKU: at least `moq`, in multiples of `lot`; `case` pieces make a carton (0: none). All ≥ 1."""

    moq: Ints
    lot: Ints
    case: Ints

    @property
    def least(self) -> Ints:
        """Fewest pieces an order can have: the MOQ in whole lots."""
        return self.up(np.ones_like(self.lot, dtype=np.float64))

    def up(self, wanted: Floats | Ints) -> Ints:
        """Fewest pieces that may be ordered and are at least `wanted`."""
        floor = np.maximum(np.ceil(np.asarray(wanted, dtype=np.float64) - 1e-9), np.maximum(self.moq, 1))
        return (np.ceil(floor / self.lot) * self.lot).astype(np.int64)

    def down(self, wanted: Floats | Ints) -> Ints:
        """Most pieces that may be ordered and are at most `wanted`; the least order where even that is more."""
        below = np.floor(np.asarray(wanted, dtype=np.float64) / self.lot) * self.lot
        return np.maximum(below.astype(np.int64), self.least)

    def to_case(self, quantity: Ints, most: Floats) -> Ints:
        """Whole cartons where they take at most 15 % more than `quantity` and stay within `most`."""
        case = np.maximum(self.case, 1)
        full = np.ceil(quantity / case).astype(np.int64) * case
        allowed = (self.case > 1) & (full % self.lot == 0) & (full >= self.least)
        near = (full <= quantity * (1 + CASE_STRETCH)) & (full <= most)
        return np.where(allowed & near, full, quantity)


def yearly_cost(quantity: Floats | Ints, yearly: Floats, order_yen: Floats, holding_yen: Floats) -> Floats:
    """Ordering and cycle stock in yen per year when `quantity` pieces are ordered at a time."""
    return order_yen * yearly / quantity + holding_yen * quantity / 2


def economic(
    yearly: Floats, order_yen: Floats, holding_yen: Floats, packs: Packs, *, fewest: Floats, most: Floats
) -> Ints:
    """経済的発注量: the admissible quantity with the lowest yearly cost, from `fewest` to `most` pieces.

    Wilson's formula finds the neighbourhood; of the two admissible quantities beside it the cheaper one is taken.
    `most` (賞味期限, a year's demand) wins over `fewest` (one review's demand); the supplier's minimum wins over both.
    """
    wilson = np.sqrt(2 * yearly * order_yen / np.maximum(holding_yen, 1e-9))
    above, below = packs.up(wilson), packs.down(wilson)
    cheaper = yearly_cost(below, yearly, order_yen, holding_yen) <= yearly_cost(
        above, yearly, order_yen, holding_yen
    )
    best = np.maximum(np.where(cheaper, below, above), packs.up(np.minimum(fewest, 1e12)))
    return np.where(best > most, packs.down(np.maximum(most, 0.0)), best)


def order(position: Ints, reorder_point: Ints, quantity: Ints, packs: Packs, *, most: Floats) -> Ints:
    """今回の発注数: 0 above the reorder point, else the economic quantity or what it takes to get above it, in whole lots.

    `position` = on hand + on order − promised. Whole cartons where they are near; `most` caps the cartons only, since
    filling up to the reorder point comes first.
    """
    missing = np.maximum(reorder_point + 1 - position, 0)
    wanted = packs.up(np.maximum(quantity, missing))
    return np.where(position <= reorder_point, packs.to_case(wanted, most), 0)
