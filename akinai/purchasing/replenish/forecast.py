"""需要予測: pieces per day, how far a day strays from it, and how sure the level itself is. Pure: numpy only.

The method is chosen per SKU by a rolling back-test; the plain mean stays unless another is clearly better. A short
history gives a wide level error instead of a false promise, and no history says so.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np

from akinai.purchasing.replenish import methods, season
from akinai.purchasing.replenish.history import Floats, Histories, Ints, completed
from akinai.purchasing.replenish.methods import Method

HORIZON = 14
WARM_DAYS = 14
BETTER_BY = 0.05
FEWEST_ORIGINS = 14
PRIOR_DAYS = 14
DEFAULT_RATIO = 2.0
SWING_WINDOWS = 6
SWING_MOST = 3.0


@dataclass(frozen=True, slots=True)
class Forecast:
    """1 SKU の予測.

    `per_day` expected pieces per day; `day_variance` of one day (pieces²); `level_variance` how unsure `per_day` itself is
    (pieces²); `days` of open history behind it; `weekday` seven factors from Monday, averaging 1; `largest` share of all
    pieces that one single day brought.
    """

    sku_id: int
    method: Method
    per_day: float
    day_variance: float
    level_variance: float
    days: int
    weekday: tuple[float, ...]
    largest: float = 0.0

    @property
    def is_new(self) -> bool:
        """True when there is no history at all to judge from."""
        return self.method is Method.NONE


@dataclass(frozen=True, slots=True)
class Forecasts:
    """予測 of many SKUs as columns; `next_on` is the first day that is forecast."""

    sku_ids: tuple[int, ...]
    next_on: date
    method: tuple[Method, ...]
    per_day: Floats
    day_variance: Floats
    level_variance: Floats
    days: Ints
    weekday: Floats
    largest: Floats

    def __len__(self) -> int:
        return len(self.sku_ids)

    def row(self, n: int) -> Forecast:
        """One SKU, to show or to store."""
        return Forecast(
            self.sku_ids[n],
            self.method[n],
            float(self.per_day[n]),
            float(self.day_variance[n]),
            float(self.level_variance[n]),
            int(self.days[n]),
            tuple(float(factor) for factor in self.weekday[n]),
            float(self.largest[n]),
        )


def gather(rows: list[Forecast], next_on: date) -> Forecasts:
    """Stored rows → columns again, so that a slider moves without reading the history."""
    return Forecasts(
        tuple(row.sku_id for row in rows),
        next_on,
        tuple(row.method for row in rows),
        np.array([row.per_day for row in rows], dtype=np.float64),
        np.array([row.day_variance for row in rows], dtype=np.float64),
        np.array([row.level_variance for row in rows], dtype=np.float64),
        np.array([row.days for row in rows], dtype=np.int64),
        np.array([row.weekday for row in rows], dtype=np.float64).reshape(len(rows), season.WEEK),
        np.array([row.largest for row in rows], dtype=np.float64),
    )


def forecast(history: Histories, *, horizon: int = HORIZON) -> Forecasts:
    """Forecast all SKUs of a history for the days after it. `horizon`: days ahead the back-test judges by."""
    pieces, known = completed(history), history.known
    wave = season.factors(pieces, known, history.first_on)
    flat = pieces / wave[:, season.weekdays(history.first_on, history.days)]
    horizon = max(1, min(horizon, history.days // 4))
    smoothers = methods.candidates(len(history.sku_ids))
    errors, spread, origins = methods.run(smoothers, flat, history.born, horizon, WARM_DAYS)
    best = choose(errors, origins)
    pick = (best, np.arange(best.size))
    level = np.stack([one.level for one in smoothers])[pick]
    memory = np.stack([one.memory() for one in smoothers])[pick]
    days = history.seen.sum(axis=1)
    trust = np.minimum(memory, np.maximum(days, 1))
    variance = _leaned(spread[pick], level, history, flat)
    swing = _swing(errors[pick], variance, memory, origins, horizon)
    names = [
        smoothers[n].method if seen else Method.NONE
        for n, seen in zip(best, history.known.any(axis=1), strict=True)
    ]
    return Forecasts(
        history.sku_ids,
        history.last_on + timedelta(days=1),
        tuple(names),
        level,
        variance * swing,
        variance * swing / trust,
        days,
        wave,
        history.pieces.max(axis=1, initial=0) / np.maximum(history.pieces.sum(axis=1), 1),
    )


def choose(errors: Floats, origins: Ints) -> Ints:
    """Number of the method with the smallest error per SKU; the first (plain mean) unless another is 5 % better."""
    best = errors.argmin(axis=0)
    better = errors.min(axis=0) < (1 - BETTER_BY) * errors[0]
    return np.where(better & (origins >= FEWEST_ORIGINS), best, 0).astype(np.int64)


def _leaned(spread: Floats, level: Floats, history: Histories, flat: Floats) -> Floats:
    """Variance of a day at today's level, leaned up towards the shop's usual ratio while days are few.

    Variance goes with the level: a SKU that doubles strays twice as much, and one that fades takes its spread along. It
    only leans up, since a short history has rarely seen the largest order, and is never below Poisson's.
    """
    known = history.known.sum(axis=1)
    sold = ((flat > 0) & history.known).sum(axis=1)
    usual_level = np.where(history.known, flat, 0).sum(axis=1) / np.maximum(known, 1)
    ratio = spread / np.maximum(usual_level, 1e-12)
    steps = np.maximum(known - 1, 0)
    typical = (sold >= 3) & (steps >= 3) & (usual_level > 0)
    shop = max(float(np.median(ratio[typical])) if typical.any() else DEFAULT_RATIO, 1.0)
    leaned = np.maximum((steps * ratio + PRIOR_DAYS * shop) / (steps + PRIOR_DAYS), ratio)
    return level * np.maximum(leaned, 1.0)


def _swing(errors: Floats, variance: Floats, memory: Floats, origins: Ints, horizon: int) -> Floats:
    """How much more a stretch of days strays than independent days would: 1 to 3.

    Trends and campaigns make neighbouring days alike; the back-test's own error tells. Judged only when it holds the
    worth of six stretches.
    """
    expected = variance * (1 / horizon + 1 / memory)
    ratio = errors / np.maximum(expected, 1e-12)
    enough = origins >= SWING_WINDOWS * horizon
    return np.where(enough, np.clip(ratio, 1.0, SWING_MOST), 1.0)
