"""Worlds to keep shop in: demand day by day, lead times and costs of each SKU, all from one seed."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

import numpy as np

from akinai.purchasing.replenish import Columns, Goods, LeadTime, Rates
from akinai.purchasing.replenish.goods import columns
from bench.shelves.retail import Basket, SalesDays

YEN_PER_POUND = 190
COST_SHARE = Decimal("0.55")
SUPPLIERS = 12
START = date(2026, 1, 5)
RATES = Rates()


@dataclass(frozen=True)
class World:
    """`demand[day, sku]` pieces; the first `past` days are known when the shop opens. `leads[day, sku]` days an order given
    on that day takes. Orders are given every `review` days."""

    name: str
    seed: int
    goods: tuple[Goods, ...]
    demand: np.ndarray
    past: int
    leads: np.ndarray
    first_on: date
    review: int

    @cached_property
    def columns(self) -> Columns:
        """Yen and packs per SKU, as the product's own code computes them."""
        return columns(self.goods, RATES)

    @cached_property
    def cost(self) -> np.ndarray:
        return np.array([float(one.unit_cost) for one in self.goods])

    @property
    def days(self) -> int:
        """Days the shop is kept."""
        return self.demand.shape[0] - self.past


def from_retail(
    sales: SalesDays,
    name: str,
    *,
    seed: int,
    known: Sequence[int],
    lived: Sequence[int],
    past: int,
    life: int,
    review: int,
    most: int = 0,
    yen: float = YEN_PER_POUND,
) -> World:
    """Draw `past` days from the source days numbered `known` and `life` days from those numbered `lived`.

    Block bootstrap in two steps: a source day is drawn, then as many baskets as it had, from its own baskets. So the
    goods of one basket stay together, and no day repeats itself to the piece. SKUs are those sold in the past part; of
    more than `most` a sample is drawn. `yen`: what a unit of the prices is worth.
    """
    dice = np.random.default_rng(seed)
    codes = sorted({code for day in known for basket in sales.baskets[day] for code in basket})
    place = {code: n for n, code in enumerate(codes)}
    demand = np.zeros((past + life, len(codes)), dtype=np.int32)
    for day in range(past + life):
        source = sales.baskets[dice.choice(known if day < past else lived)]
        for n in dice.integers(len(source), size=len(source)):
            _add(demand[day], source[n], place)
    prices = {code: round(sales.prices[code] * yen) for code in codes}
    return _dress(name, seed, codes, demand, prices, START, past=past, review=review, dice=dice, most=most)


def from_series(
    series: Mapping[str, Mapping[date, int]],
    prices: Mapping[str, int],
    *,
    seed: int,
    share: float,
    review: int,
) -> World:
    """A company's own days as they were: the first `share` of them are the past, the rest is lived through."""
    first = min(day for days in series.values() for day in days)
    last = max(day for days in series.values() for day in days)
    codes = sorted(series)
    demand = np.zeros(((last - first).days + 1, len(codes)), dtype=np.int32)
    for n, code in enumerate(codes):
        for day, pieces in series[code].items():
            demand[(day - first).days, n] += pieces
    past = int(demand.shape[0] * share)
    dice = np.random.default_rng(seed)
    return _dress("company", seed, codes, demand, prices, first, past=past, review=review, dice=dice)


def _add(line: np.ndarray, basket: Basket, place: Mapping[str, int]) -> None:
    for code, pieces in basket.items():
        if code in place:
            line[place[code]] += pieces


def _dress(
    name: str, seed: int, codes: Sequence[str], demand: np.ndarray, prices: Mapping[str, int], first_on: date,
    *, past: int, review: int, dice: np.random.Generator, most: int = 0,
) -> World:  # fmt: skip
    """Suppliers, lead times, packs and costs for a demand: assumed, by code and price, the same for every policy."""
    kept = np.flatnonzero(demand[:past].any(axis=0))
    if most and kept.size > most:
        kept = np.sort(dice.choice(kept, most, replace=False))
    mean, spread = np.linspace(4, 21, SUPPLIERS), np.linspace(1, 5, SUPPLIERS)
    drawn = dice.gamma((mean / spread) ** 2, spread**2 / mean, size=(demand.shape[0], SUPPLIERS))
    leads = np.clip(np.rint(drawn), 1, 60).astype(np.int64)
    supplier = [zlib.crc32(codes[n].encode()) % SUPPLIERS for n in kept]
    goods = tuple(
        _goods(int(n), codes[n], prices[codes[n]], _lead(mean[at], spread[at]), at, review)
        for n, at in zip(kept, supplier, strict=True)
    )
    return World(name, seed, goods, demand[:, kept], past, leads[:, supplier], first_on, review)


def _lead(mean: float, spread: float) -> LeadTime:
    return LeadTime(Decimal(f"{mean:.1f}"), Decimal(f"{spread:.1f}"), 20)


def _goods(sku_id: int, code: str, price: int, lead: LeadTime, supplier: int, review: int) -> Goods:
    """Cheap goods come by the dozen, middling ones by six."""
    lot = 12 if price < 400 else 6 if price < 1000 else 1
    cost = (price * COST_SHARE).quantize(Decimal("0.01"))
    return Goods(
        sku_id, code, code, price, cost, lead, review_days=review, moq=lot, lot=lot, supplier_id=supplier
    )
