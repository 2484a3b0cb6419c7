"""サービス率から発注点へ: reorder points from a promise (欠品しない率, 充足率) or from yen. Pure: numpy only."""

from __future__ import annotations

import numpy as np

from akinai.purchasing.replenish.cycle import Cycle
from akinai.purchasing.replenish.history import Floats, Ints
from akinai.purchasing.replenish.quantity import Packs, economic
from akinai.purchasing.replenish.search import lowest

ROUNDS = 3
ONE_IN_A_BILLION = 1e-9


def for_fill_rate(cycle: Cycle, quantity: Ints, fill: Floats, *, start: Floats) -> Ints:
    """Smallest reorder point whose expected fill rate is at least `fill` (< 1). `start`: a guess, in pieces."""

    def lost(pieces: Floats, rows: Ints) -> Floats:
        return 1 - cycle.take(rows).fill_rate(pieces, quantity[rows])

    return lowest(lost, 1 - fill, start)


def for_yen(cycle: Cycle, quantity: Ints, holding_yen: Floats, lost_yen: Floats, *, start: Floats) -> Ints:
    """The reorder point from which one more piece costs more to hold than it saves in lost margin (yen per year).

    Even what costs nothing to hold is not held for a piece in a billion.
    """
    even = np.maximum(holding_yen / np.maximum(365 * lost_yen, 1e-9), cycle.per_day * ONE_IN_A_BILLION)

    def saved(pieces: Floats, rows: Ints) -> Floats:
        return cycle.take(rows).saved_by_one_more(pieces, quantity[rows])

    return lowest(saved, even, start)


def worth(
    cycle: Cycle,
    holding_yen: Floats,
    order_yen: Floats,
    lost_yen: Floats,
    packs: Packs,
    *,
    fewest: Floats,
    most: Floats,
) -> tuple[Ints, Ints]:
    """Reorder point and quantity with the lowest yearly cost of ordering, holding and lost margin together.

    The two are found in turns: what a cycle loses makes each order dearer, and a larger quantity meets the reorder point
    less often.
    """
    yearly = cycle.per_day * 365
    quantity = economic(yearly, order_yen, holding_yen, packs, fewest=fewest, most=most)
    point = for_yen(cycle, quantity, holding_yen, lost_yen, start=cycle.lead_and_review.mean * 1.3)
    for _ in range(ROUNDS - 1):
        lost = cycle.lost_per_day(point, quantity) / np.maximum(cycle.per_day, 1e-12) * quantity
        quantity = economic(yearly, order_yen + lost_yen * lost, holding_yen, packs, fewest=fewest, most=most)
        point = for_yen(cycle, quantity, holding_yen, lost_yen, start=point.astype(np.float64))
    return point, quantity
