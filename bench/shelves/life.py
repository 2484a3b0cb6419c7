"""A shop's life: sales day by day, what arrives, what is ordered at each review. Lost sales, no back-orders.

Many policies of one kind live side by side on the same days and the same lead times: arrays are [policy, SKU]. A policy
is told in the evening what was sold and what was left; of the future, and of what was wanted in vain, it hears nothing.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bench.shelves.world import RATES, World

LONGEST = 61


class Policy(Protocol):
    """A way to order, for `count` settings at once."""

    count: int

    def learn(self, sold: np.ndarray, left: np.ndarray) -> None:
        """Take one day's evening: pieces sold, and whether something was left (both [policy, SKU])."""
        ...

    def think(self) -> np.ndarray:
        """Settle levels from what was learnt; the stock [policy, SKU] a shop of this policy would start with."""
        ...

    def order(self, position: np.ndarray) -> np.ndarray:
        """Pieces to order at a review, given what is on hand and on order."""
        ...


@dataclass(frozen=True)
class Lives:
    """What came of each policy: pieces lost, piece-days held and order lines, [policy, SKU]; seconds it took."""

    world: World
    lost: np.ndarray
    held: np.ndarray
    lines: np.ndarray
    seconds: float

    @property
    def wanted(self) -> np.ndarray:
        return self.world.demand[self.world.past :].sum(axis=0)

    @property
    def holding(self) -> np.ndarray:
        """Yen per policy and SKU for the days lived."""
        return self.held * self.world.columns.holding_yen / 365

    @property
    def ordering(self) -> np.ndarray:
        return self.lines * float(RATES.order_yen)

    @property
    def missed(self) -> np.ndarray:
        """Lost margin in yen."""
        return self.lost * self.world.columns.lost_yen

    @property
    def upkeep(self) -> np.ndarray:
        """Holding and ordering in yen per policy, all SKUs."""
        return (self.holding + self.ordering).sum(axis=1)

    @property
    def total(self) -> np.ndarray:
        """Yen per policy, all SKUs."""
        return (self.holding + self.ordering + self.missed).sum(axis=1)

    @property
    def fill(self) -> np.ndarray:
        """Share of the wanted pieces that was sold, per policy."""
        return 1 - self.lost.sum(axis=1) / self.wanted.sum()


def live(world: World, policy: Policy, *, every: int) -> Lives:
    """Live through all days after the past; the policy thinks at the start and every `every` days."""
    begin = time.perf_counter()
    shape = (policy.count, len(world.goods))
    for day in range(world.past):
        policy.learn(np.broadcast_to(world.demand[day], shape), np.ones(shape, dtype=bool))
    on_hand = policy.think().astype(np.int32)
    on_order = np.zeros(shape, dtype=np.int32)
    coming: dict[int, np.ndarray] = {}
    lost, held, lines = (np.zeros(shape, dtype=np.int64) for _ in range(3))
    for day in range(world.past, world.demand.shape[0]):
        if day in coming:
            arrived = coming.pop(day)
            on_hand += arrived
            on_order -= arrived
        sold = np.minimum(on_hand, world.demand[day])
        on_hand -= sold
        lost += world.demand[day] - sold
        held += on_hand
        policy.learn(sold, on_hand > 0)
        since = day - world.past + 1
        if since % every == 0:
            policy.think()
        if since % world.review == 0:
            ordered = policy.order(on_hand + on_order).astype(np.int32)
            lines += ordered > 0
            on_order += ordered
            _send(coming, world.leads[day], day, ordered)
    return Lives(world, lost, held, lines, time.perf_counter() - begin)


def _send(coming: dict[int, np.ndarray], leads: np.ndarray, day: int, ordered: np.ndarray) -> None:
    for lead in np.unique(leads):
        group = leads == lead
        there = coming.setdefault(day + int(lead), np.zeros_like(ordered))
        there[:, group] += ordered[:, group]
