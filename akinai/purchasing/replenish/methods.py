"""予測のやり方: smoothers that take one day at a time, for all SKUs at once. Pure: numpy only.

Every method starts as a plain mean (its weight is never below 1 ÷ days seen), so eight days of history already give
a sensible level; `level` is the expected pieces per day, `memory` how many days of information that level rests on.
"""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

import numpy as np

from akinai.purchasing.replenish.history import Flags, Floats, Ints


class Method(StrEnum):
    """予測のやり方."""

    NONE = "none"
    AVERAGE = "average"
    SMOOTHING = "smoothing"
    CROSTON = "croston"
    SBA = "sba"
    TSB = "tsb"

    @property
    def label(self) -> str:
        return LABELS[self]


LABELS = {
    Method.NONE: "履歴なし",
    Method.AVERAGE: "全期間の平均",
    Method.SMOOTHING: "指数平滑（最近を重く）",
    Method.CROSTON: "クロストン（売れた日の間隔と量）",
    Method.SBA: "クロストン SBA（間隔と量、偏りを補正）",
    Method.TSB: "TSB（売れる確率と量、売れなくなると下がる）",
}


class Smoother(Protocol):
    """One method for many SKUs."""

    method: Method
    alpha: float

    @property
    def level(self) -> Floats:
        """Expected pieces per day, one per SKU."""
        ...

    def take(self, pieces: Floats, live: Flags) -> None:
        """Learn one day; SKUs that are not `live` (not yet on sale) are left alone."""
        ...

    def memory(self) -> Floats:
        """Days of information the level rests on (≥ 1)."""
        ...


class Average:
    """全期間の平均."""

    method, alpha = Method.AVERAGE, 0.0

    def __init__(self, count: int) -> None:
        self.level = np.zeros(count)
        self.days = np.zeros(count)

    def take(self, pieces: Floats, live: Flags) -> None:
        self.days += live
        self.level += live * (pieces - self.level) / np.maximum(self.days, 1)

    def memory(self) -> Floats:
        return np.maximum(self.days, 1)


class Smoothing(Average):
    """単純指数平滑 (simple exponential smoothing)."""

    method = Method.SMOOTHING

    def __init__(self, count: int, alpha: float) -> None:
        super().__init__(count)
        self.alpha = alpha

    def take(self, pieces: Floats, live: Flags) -> None:
        self.days += live
        self.level += live * np.maximum(self.alpha, 1 / np.maximum(self.days, 1)) * (pieces - self.level)

    def memory(self) -> Floats:
        return np.clip(self.days, 1, (2 - self.alpha) / self.alpha)


class Croston:
    """クロストン (1972), and with `corrected` Syntetos and Boylan's approximation (SBA, 2005)."""

    def __init__(self, count: int, alpha: float, *, corrected: bool) -> None:
        self.method = Method.SBA if corrected else Method.CROSTON
        self.alpha = alpha
        self.factor = 1 - alpha / 2 if corrected else 1.0
        self.size, self.gap = np.zeros(count), np.ones(count)
        self.waited, self.times, self.days = np.zeros(count), np.zeros(count), np.zeros(count)

    @property
    def level(self) -> Floats:
        # Early on the weights are those of a plain mean, which has no bias to correct.
        factor = np.where(self.times * self.alpha < 1, 1.0, self.factor)
        return np.where(self.times > 0, factor * self.size / self.gap, 0.0)

    def take(self, pieces: Floats, live: Flags) -> None:
        self.days += live
        self.waited += live
        sold = live & (pieces > 0)
        self.times += sold
        weight = sold * np.maximum(self.alpha, 1 / np.maximum(self.times, 1))
        self.size += weight * (pieces - self.size)
        self.gap += weight * (self.waited - self.gap)
        self.waited[sold] = 0

    def memory(self) -> Floats:
        sales = np.clip(self.times, 1, (2 - self.alpha) / self.alpha)
        return np.clip(sales * self.gap, 1, np.maximum(self.days, 1))


class Tsb:
    """TSB: Teunter, Syntetos, Babai (2011). The chance of a sale fades while nothing sells."""

    method = Method.TSB

    def __init__(self, count: int, alpha: float, beta: float) -> None:
        self.alpha, self.beta = alpha, beta
        self.chance, self.size = np.zeros(count), np.zeros(count)
        self.times, self.days = np.zeros(count), np.zeros(count)

    @property
    def level(self) -> Floats:
        return self.chance * self.size

    def take(self, pieces: Floats, live: Flags) -> None:
        self.days += live
        sold = live & (pieces > 0)
        self.times += sold
        self.chance += live * np.maximum(self.alpha, 1 / np.maximum(self.days, 1)) * (sold - self.chance)
        self.size += sold * np.maximum(self.beta, 1 / np.maximum(self.times, 1)) * (pieces - self.size)

    def memory(self) -> Floats:
        return np.clip(self.days, 1, (2 - self.alpha) / self.alpha)


def candidates(count: int) -> list[Smoother]:
    """All methods the back-test chooses from, the plain mean first."""
    return [
        Average(count),
        Smoothing(count, 0.03),
        Smoothing(count, 0.1),
        Smoothing(count, 0.25),
        Croston(count, 0.1, corrected=False),
        Croston(count, 0.1, corrected=True),
        Tsb(count, 0.05, 0.1),
    ]


def run(
    smoothers: list[Smoother], pieces: Floats, born: Ints, horizon: int, warm: int
) -> tuple[Floats, Floats, Ints]:
    """Rolling back-test of all methods in one pass over the days.

    After each day from the `warm`-th of a SKU on, the level is held against the mean of the next `horizon` days. Returns
    [method, SKU] mean squared error of those means, [method, SKU] variance of one day around the level (freed
    from the level's own error), and per SKU the number of origins.
    """
    count, days = pieces.shape
    by_day = np.ascontiguousarray(pieces.T)
    sums = np.concatenate([np.zeros((1, count)), np.cumsum(by_day, axis=0)])
    errors, spread = np.zeros((len(smoothers), count)), np.zeros((len(smoothers), count))
    origins, steps = np.zeros(count, dtype=np.int64), np.zeros(count, dtype=np.int64)
    for day, today in enumerate(by_day):
        live, before = born <= day, born < day
        judged = (day - born >= warm - 1) & (day + horizon < days)
        ahead = (sums[min(day + 1 + horizon, days)] - sums[day + 1]) / horizon
        for n, smoother in enumerate(smoothers):
            spread[n] += before * (today - smoother.level) ** 2 / (1 + 1 / smoother.memory())
            smoother.take(today, live)
            if judged.any():
                errors[n] += judged * (smoother.level - ahead) ** 2
        origins += judged
        steps += before
    return errors / np.maximum(origins, 1), spread / np.maximum(steps, 1), origins
