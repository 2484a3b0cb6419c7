"""Three ways to order: ours, the fixed reorder point that shops use without a program, and days of cover re-estimated all the time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from akinai.purchasing.replenish import Aim, Histories, forecast, prepare
from akinai.purchasing.replenish.plan import Prepared, points, weighted
from akinai.purchasing.replenish.recommend import orders
from bench.shelves.world import RATES, World


class Ours:
    """適正在庫: forecast, reorder points and quantities of the product's own code, from nothing but its own sales."""

    count = 1

    def __init__(self, world: World, aim: Aim, *, weight: float | None = None) -> None:
        """`weight`: instead of the aim, how many times its margin a lost sale counts (beyond the slider's end)."""
        self.world, self.aim, self.weight = world, aim, weight
        self.sold: list[np.ndarray] = []
        self.left: list[np.ndarray] = []
        self.ready: Prepared | None = None
        self.point = np.zeros(len(world.goods), dtype=np.int64)

    def learn(self, sold: np.ndarray, left: np.ndarray) -> None:
        self.sold.append(sold[0].copy())
        self.left.append(left[0].copy())

    def think(self) -> np.ndarray:
        history = Histories(
            tuple(one.sku_id for one in self.world.goods),
            self.world.first_on,
            np.array(self.sold, dtype=np.int64).T,
            np.array(self.left).T,
            np.zeros(len(self.world.goods), dtype=np.int64),
        )
        self.ready = prepare(forecast(history), self.world.goods, RATES)
        self.point = (
            points(self.ready, self.aim) if self.weight is None else weighted(self.ready, self.weight)
        )
        return (self.point + self.ready.quantity // 2)[None]

    def order(self, position: np.ndarray) -> np.ndarray:
        assert self.ready is not None
        return orders(self.ready, self.point, position[0].astype(np.int64))[None]


class Fixed:
    """固定の発注点: set once per SKU when the shop opens, by the usual rule, and never again.

    Point = mean of a day in the past × (lead time + safety days); quantity = `days_per_order` days of that mean, in whole lots
    and at least the MOQ. One policy per number of safety days; below zero they eat into the lead time.
    """

    def __init__(self, world: World, safety_days: Sequence[float], days_per_order: int) -> None:
        self.world, self.count = world, len(safety_days)
        mean = world.demand[: world.past].mean(axis=0)
        cover = world.columns.lead_days + np.array(safety_days, dtype=np.float64)[:, None]
        self.point = np.ceil(mean * np.maximum(cover, 0.0)).astype(np.int64)
        self.quantity = world.columns.packs.up(mean * days_per_order)[None]

    def learn(self, sold: np.ndarray, left: np.ndarray) -> None:
        """What sells changes nothing."""

    def think(self) -> np.ndarray:
        return self.point + self.quantity // 2

    def order(self, position: np.ndarray) -> np.ndarray:
        wanted = self.world.columns.packs.up(np.maximum(self.quantity, self.point - position))
        return np.where(position <= self.point, wanted, 0)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of the rival that re-estimates: order at `cover` days of sales (plus the lead time, if that is counted), `batch` days'
    worth at a time, from the mean of the last `window` days (0: of all)."""

    cover: float
    batch: float
    window: int = 0


class Cover:
    """日数で持つ: the same days of cover for every SKU, of its plain daily mean over the days it was not sold out."""

    def __init__(self, world: World, settings: Sequence[Setting], *, knows_lead: bool = False) -> None:
        self.world, self.count, self.knows_lead = world, len(settings), knows_lead
        self.cover = np.array([one.cover for one in settings])[:, None]
        self.batch = np.array([one.batch for one in settings])[:, None]
        self.window = settings[0].window
        if any(one.window != self.window for one in settings):
            raise ValueError("one window at a time")
        shape = (self.count, len(world.goods))
        self.pieces, self.days = np.zeros(shape), np.zeros(shape, dtype=np.int32)
        self.recent: list[tuple[np.ndarray, np.ndarray]] = []
        self.point = self.quantity = np.zeros(shape, dtype=np.int64)

    def learn(self, sold: np.ndarray, left: np.ndarray) -> None:
        counted = sold * left
        self.pieces += counted
        self.days += left
        if self.window:
            self.recent.append((np.array(counted, dtype=np.int32), np.array(left)))
            if len(self.recent) > self.window:
                old, was_left = self.recent.pop(0)
                self.pieces -= old
                self.days -= was_left

    def think(self) -> np.ndarray:
        mean = self.pieces / np.maximum(self.days, 1)
        cover = self.cover + (self.world.columns.lead_days if self.knows_lead else 0)
        self.point = np.ceil(mean * cover).astype(np.int64)
        self.quantity = self.world.columns.packs.up(mean * self.batch)
        return self.point + self.quantity // 2

    def order(self, position: np.ndarray) -> np.ndarray:
        wanted = self.world.columns.packs.up(np.maximum(self.quantity, self.point - position))
        return np.where(position <= self.point, wanted, 0)
