"""計算の用意: forecasts and goods → the cycle of each SKU, its cheapest quantity, and reorder points for an aim.

`prepare` does the heavy part once; a slider then only asks `points` again. Pure: numpy only.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from akinai.purchasing.replenish import levels, season
from akinai.purchasing.replenish.aims import Aim, AimKind
from akinai.purchasing.replenish.costs import Rates
from akinai.purchasing.replenish.cycle import Cycle, cycle
from akinai.purchasing.replenish.forecast import Forecasts
from akinai.purchasing.replenish.goods import Columns, Goods, columns
from akinai.purchasing.replenish.history import Floats, Ints
from akinai.purchasing.replenish.pace import Pace, pace
from akinai.purchasing.replenish.quantity import NEVER_MORE_DAYS

LIFE_IN_LOT = 0.7
LIFE_IN_SAFETY = 0.3
YEAR = 365
WEIGHTS = tuple(float(weight) for weight in np.geomspace(0.003, 300, 19))


@dataclass(frozen=True, slots=True)
class Prepared:
    """All SKUs ready to be asked. `quantity` and `point` are the cheapest; `most`, `highest` the limits of shelf life."""

    goods: tuple[Goods, ...]
    forecasts: Forecasts
    rates: Rates
    columns: Columns
    paces: tuple[Pace, ...]
    cycle: Cycle
    most: Floats
    highest: Floats
    quantity: Ints
    point: Ints


def prepare(forecasts: Forecasts, goods: Sequence[Goods], rates: Rates | None = None) -> Prepared:
    """Bring forecasts and goods together, row by row. ValueError when they are not about the same SKUs in the same order."""
    if tuple(one.sku_id for one in goods) != forecasts.sku_ids:
        raise ValueError("forecasts and goods list different SKUs, or in another order")
    rates = rates or Rates()
    given = columns(goods, rates)
    wave = season.coming(forecasts.weekday, forecasts.next_on, given.lead_days + given.review)
    paces = tuple(pace(float(one)) for one in forecasts.per_day * wave)
    per_day = np.array([one.per_day for one in paces], dtype=np.float64)
    turning = cycle(
        per_day,
        forecasts.day_variance * wave,
        forecasts.level_variance * wave**2,
        lead_days=given.lead_days,
        lead_spread=given.lead_spread,
        review=given.review,
    )
    most = per_day * np.minimum(NEVER_MORE_DAYS, given.life * LIFE_IN_LOT)
    highest = per_day * (given.lead_days + np.minimum(given.life * LIFE_IN_SAFETY, 1e9))
    point, quantity = levels.worth(
        turning,
        given.holding_yen,
        np.full(len(goods), float(rates.order_yen)),
        given.lost_yen,
        given.packs,
        fewest=per_day * given.review,
        most=most,
    )
    point = np.minimum(point, np.floor(highest).astype(np.int64))
    return Prepared(tuple(goods), forecasts, rates, given, paces, turning, most, highest, quantity, point)


def points(ready: Prepared, aim: Aim) -> Ints:
    """Reorder points in pieces for an aim; the shelf life keeps its limit, and what does not sell gets 0."""
    if aim.level is None:
        return ready.point
    level = np.full(len(ready.goods), aim.level)
    start = ready.point.astype(np.float64)
    if aim.kind is AimKind.CYCLE:
        found = ready.cycle.sunk.quantile(level)
    elif aim.kind is AimKind.FILL:
        found = levels.for_fill_rate(ready.cycle, ready.quantity, level, start=start)
    else:
        return weighted(ready, weight_for(ready, aim.level))
    return _within(ready, found)


def weighted(ready: Prepared, weight: float) -> Ints:
    """Cheapest reorder points when a lost sale counts `weight` times its margin."""
    found = levels.for_yen(
        ready.cycle,
        ready.quantity,
        ready.columns.holding_yen,
        ready.columns.lost_yen * weight,
        start=ready.point.astype(np.float64),
    )
    return _within(ready, found)


def weight_for(ready: Prepared, fill: float) -> float:
    """The weight of lost sales at which all SKUs together serve the share `fill` of pieces, by halving its logarithm.

    The same weight for all: no yen of stock could be moved from one SKU to another and serve more margin.
    """
    low, high = np.log(WEIGHTS[0]), np.log(WEIGHTS[-1])
    for _ in range(12):
        middle = (low + high) / 2
        enough = overall_fill(ready, weighted(ready, float(np.exp(middle)))) >= fill
        low, high = (low, middle) if enough else (middle, high)
    return float(np.exp(high))


def overall_fill(ready: Prepared, point: Ints) -> float:
    """全体の充足率: pieces served ÷ pieces wanted over all SKUs; 1 when nothing is wanted."""
    wanted = ready.cycle.per_day
    served = wanted * ready.cycle.fill_rate(point, ready.quantity)
    return float(served.sum() / wanted.sum()) if wanted.sum() > 0 else 1.0


def _within(ready: Prepared, point: Ints) -> Ints:
    limit = np.floor(np.minimum(ready.highest, 1e15)).astype(np.int64)
    return np.where(ready.cycle.per_day > 0, np.minimum(point, limit), 0)
