"""script/bench replenish: our stock policy beside a fixed reorder point, by simulation on real sales.

A shop is kept for half a year: orders every 7 days, random lead times, lost sales. The usual way (the same days of cover
for every SKU) gets the best of a grid of settings, chosen in hindsight on the very days it is judged by; ours is chosen by
nothing but its own past sales. Figures: total cost in yen at the same fill rate, and fill rate at the same cost.

(a) the UCI retail days, drawn to a longer horizon by a seeded block bootstrap: `same` past and future from all days;
`split` the past from the first half of the days and the future from the others, which the shop has never seen.
(b) the company's own orders: as they came where there are enough of them, else drawn longer in the same way.

By default a sample of the SKUs (said in the figures), three seeds, three aims and two processes; `--skus 0 --aims 6` for all.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import pairwise
from multiprocessing import get_context
from statistics import mean
from typing import Any

import numpy as np

from akinai.purchasing.replenish import (
    Aim,
    AimKind,
    Goods,
    Histories,
    LeadTime,
    abc,
    forecast,
    prepare,
    recommendations,
)
from bench.ground import say
from bench.shelves import company, retail
from bench.shelves.life import Lives, live
from bench.shelves.policies import Cover, Ours, Setting
from bench.shelves.world import RATES, START, World, from_retail, from_series

PAST, LIFE, REVIEW, EVERY = 56, 182, 7, 14
COVERS = tuple(round(float(days), 1) for days in np.geomspace(5, 120, 24))
BATCHES = (7, 14, 21, 28, 35, 45, 60, 90, 120)
WINDOWS = (0, 28)
BEYOND = (100.0, 1_000.0, 10_000.0)
AIMS = (Aim(), *(Aim(AimKind.OVERALL, level) for level in (0.95, 0.98, 0.99, 0.995, 0.999)))


@dataclass(frozen=True)
class Tried:
    """All settings of a usual way, lived through."""

    name: str
    settings: list[Setting]
    lives: list[Lives]

    @property
    def fill(self) -> np.ndarray:
        return np.concatenate([one.fill for one in self.lives])

    @property
    def total(self) -> np.ndarray:
        return np.concatenate([one.total for one in self.lives])

    @property
    def upkeep(self) -> np.ndarray:
        """Holding and ordering in yen, without lost margin."""
        return np.concatenate([one.upkeep for one in self.lives])

    def pick(self, number: int) -> tuple[Lives, int]:
        """The life and row of a setting."""
        for one in self.lives:
            if number < one.lost.shape[0]:
                return one, number
            number -= one.lost.shape[0]
        raise IndexError(number)


def try_grid(world: World, name: str, *, knows_lead: bool) -> Tried:
    """A coarse grid, then a fine one around the cheapest setting of each fill rate."""
    covers = [cover if not knows_lead else cover - 4 for cover in COVERS]
    coarse = [Setting(cover, batch, window) for window in WINDOWS for cover in covers for batch in BATCHES]
    tried = _try(world, name, coarse, knows_lead)
    fine = {setting for number in _best(tried) for setting in _around(tried.settings[number])}
    more = _try(
        world, name, sorted(fine - set(coarse), key=lambda s: (s.window, s.cover, s.batch)), knows_lead
    )
    return Tried(name, tried.settings + more.settings, tried.lives + more.lives)


def _best(tried: Tried) -> set[int]:
    """The cheapest settings that reach 90, 92, … 99.5 %."""
    goals = (0.0, 0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.98, 0.985, 0.99, 0.995)
    return {n for goal in goals if (n := cheapest(tried, goal)) is not None}


def _around(setting: Setting) -> Iterator[Setting]:
    for cover in (0.88, 0.92, 0.96, 1.04, 1.08, 1.12):
        for batch in (0.85, 1, 1.15):
            yield replace(
                setting, cover=round(setting.cover * cover, 1), batch=round(setting.batch * batch, 1)
            )


def _try(world: World, name: str, settings: Sequence[Setting], knows_lead: bool) -> Tried:
    lives, ordered = [], []
    for window in WINDOWS:
        group = [one for one in settings if one.window == window]
        for start in range(0, len(group), 60):
            part = group[start : start + 60]
            lives.append(live(world, Cover(world, part, knows_lead=knows_lead), every=EVERY))
            ordered += part
    return Tried(name, ordered, lives)


def cheapest(tried: Tried, fill: float) -> int | None:
    """Number of the cheapest setting that serves at least `fill`."""
    enough = np.flatnonzero(tried.fill >= fill)
    return int(enough[tried.total[enough].argmin()]) if enough.size else None


def fullest(tried: Tried, yen: float) -> int | None:
    """Number of the setting with the best fill rate that costs at most `yen`."""
    enough = np.flatnonzero(tried.total <= yen)
    return int(enough[tried.fill[enough].argmax()]) if enough.size else None


def leanest(tried: Tried, fill: float) -> int | None:
    """Number of the setting that serves at least `fill` with the least holding and ordering."""
    enough = np.flatnonzero(tried.fill >= fill)
    return int(enough[tried.upkeep[enough].argmin()]) if enough.size else None


def by_class(world: World, tried: Tried, fill: float) -> float | None:
    """Yen of the best mix of settings, one per ABC class, that serves at least `fill`: a shop that works by class.

    Chosen in hindsight, by weighing lost pieces heavier until the fill rate is reached.
    """
    sales = world.demand[: world.past].sum(axis=0) * [one.price_yen for one in world.goods]
    letters = np.array(abc([int(yen) for yen in sales]))
    cost, lost = [], []
    for letter in "ABC":
        group = letters == letter
        cost.append(np.concatenate([_sum(one, group) for one in tried.lives]))
        lost.append(np.concatenate([one.lost[:, group].sum(axis=1) for one in tried.lives]))
    wanted, best = tried.lives[0].wanted.sum(), None
    for weight in np.concatenate([[0.0], np.geomspace(1, 1e5, 200)]):
        chosen = [int((c + weight * gone).argmin()) for c, gone in zip(cost, lost, strict=True)]
        served = 1 - sum(gone[n] for gone, n in zip(lost, chosen, strict=True)) / wanted
        yen = sum(c[n] for c, n in zip(cost, chosen, strict=True))
        if served >= fill and (best is None or yen < best):
            best = float(yen)
    return best


def _sum(one: Lives, group: np.ndarray) -> np.ndarray:
    return (one.holding[:, group] + one.ordering[:, group] + one.missed[:, group]).sum(axis=1)


def figure(lives: Lives, row: int, **more: Any) -> None:
    """One JSON line for one policy."""
    say(
        bench="replenish", world=lives.world.name, seed=lives.world.seed, **more,
        fill_rate=round(float(lives.fill[row]), 4), holding_yen=round(float(lives.holding[row].sum())),
        ordering_yen=round(float(lives.ordering[row].sum())), lost_margin_yen=round(float(lives.missed[row].sum())),
        total_yen=round(float(lives.total[row])),
        tied_up_yen=round(float((lives.held[row] * lives.world.cost).sum() / lives.world.days)),
        seconds=round(lives.seconds, 1),
    )  # fmt: skip


def compare(world: World, aims: Sequence[Aim], sums: dict[str, list[float]]) -> None:
    """Ours at each aim beside the usual ways at the same fill rate and at the same cost."""
    say(
        bench="replenish", world=world.name, seed=world.seed, figure="world", skus=len(world.goods),
        known_days=world.past, days=world.days, wanted_pieces=int(world.demand[world.past :].sum()), review_days=world.review,
    )  # fmt: skip
    tried = [
        try_grid(world, "fixed days of cover", knows_lead=False),
        try_grid(world, "lead time + fixed days", knows_lead=True),
    ]
    ours = []
    for aim in aims:
        title = aim.kind.value if aim.level is None else f"{aim.kind.value} {aim.level:g}"
        ours.append(live(world, Ours(world, aim), every=EVERY))
        figure(ours[-1], 0, policy="ours", aim=title)
        for usual in tried:
            _beside(world, ours[-1], usual, title, sums)
    for usual in tried:
        _at_their_best(world, ours, usual, sums)


def _beside(world: World, ours: Lives, usual: Tried, title: str, sums: dict[str, list[float]]) -> None:
    """Ours at one aim: the cheapest setting that serves as much, the leanest one, and the fullest one for the same yen."""
    fill, yen = float(ours.fill[0]), float(ours.total[0])
    key = f"{world.name} | {title} | {usual.name}"
    if (number := cheapest(usual, fill)) is not None:
        ratio = yen / float(usual.total[number])
        sums[f"{key} | total cost, theirs serving at least as much: ours ÷ theirs"].append(ratio)
        _figure(usual, number, title, "at least the same fill rate, cheapest", our_cost_ratio=round(ratio, 3))
    if (number := leanest(usual, fill)) is not None:
        ratio = float(ours.upkeep[0] / usual.upkeep[number])
        sums[f"{key} | holding + ordering at the same fill rate: ours ÷ theirs"].append(ratio)
        # The setting a shop would tune until it serves as much: with what it still loses.
        sums[f"{key} | total cost at the same fill rate: ours ÷ theirs"].append(
            yen / float(usual.total[number])
        )
        sums[f"{key} | fill rate of ours"].append(fill)
        sums[f"{key} | fill rate of theirs"].append(float(usual.fill[number]))
        _figure(usual, number, title, "same fill rate, least stock", our_upkeep_ratio=round(ratio, 3))
    if (number := fullest(usual, yen)) is not None:
        sums[f"{key} | fill rate at the same total cost: ours − theirs"].append(
            fill - float(usual.fill[number])
        )
        _figure(usual, number, title, "same cost, fullest")
    else:
        say(
            bench="replenish", world=world.name, seed=world.seed, policy=usual.name, beside=title, at="same cost",
            note="none of the settings is that cheap", settings=len(usual.settings),
            cheapest_total_yen=round(float(usual.total.min())),
        )  # fmt: skip


def _at_their_best(world: World, ours: Sequence[Lives], usual: Tried, sums: dict[str, list[float]]) -> None:
    """The usual way where it costs least of all, beside our cheapest aim that serves at least as many pieces."""
    number = int(usual.total.argmin())
    fill, yen = float(usual.fill[number]), float(usual.total[number])
    enough = [one for one in ours if float(one.fill[0]) >= fill]
    for weight in BEYOND if not enough else ():
        further = live(world, Ours(world, Aim(), weight=weight), every=EVERY)
        figure(further, 0, policy="ours", aim=f"a lost sale counts {weight:g} times its margin")
        if float(further.fill[0]) >= fill:
            enough = [further]
            break
    if not enough:
        say(
            bench="replenish", world=world.name, seed=world.seed, policy=usual.name, at="their cheapest",
            note="none of ours serves as much", fill_rate=round(fill, 4), total_yen=round(yen),
        )  # fmt: skip
        return
    best = min(enough, key=lambda one: float(one.total[0]))
    ratio = float(best.total[0]) / yen
    key = f"{world.name} | their cheapest setting | {usual.name}"
    sums[f"{key} | total cost, ours serving at least as much: ours ÷ theirs"].append(ratio)
    if (mixed := by_class(world, usual, fill)) is not None:
        mix = f"{world.name} | their cheapest setting per ABC class | {usual.name}"
        sums[f"{mix} | total cost, both serving at least as much: ours ÷ theirs"].append(
            float(best.total[0]) / mixed
        )
    _figure(
        usual, number, "", "their cheapest", our_fill_rate=round(float(best.fill[0]), 4),
        our_total_yen=round(float(best.total[0])), our_cost_ratio=round(ratio, 3),
    )  # fmt: skip


def _figure(usual: Tried, number: int, title: str, at: str, **more: Any) -> None:
    lives, row = usual.pick(number)
    figure(lives, row, policy=usual.name, beside=title, at=at, **_said(usual.settings[number]), **more)


def _said(setting: Setting) -> dict[str, float]:
    return {"cover_days": setting.cover, "batch_days": setting.batch, "mean_of_days": setting.window}


def speed(skus: int = 10_000, days: int = 180) -> None:
    """How long the product's own code takes for a large shop: forecast, plan, every recommendation with its numbers."""
    dice = np.random.default_rng(1)
    mean = dice.lognormal(-1, 1.5, skus)
    pieces = dice.negative_binomial(0.5, (0.5 / (0.5 + mean))[:, None], (skus, days))
    left = dice.random((skus, days)) > 0.02
    history = Histories(tuple(range(skus)), START, pieces * left, left, np.zeros(skus, dtype=np.int64))
    lead = LeadTime(Decimal("7.4"), Decimal("2.1"), 9)
    goods = [
        Goods(n, f"S-{n}", "", 900 + n % 4000, Decimal(500 + n % 2000), lead, review_days=7, moq=6, lot=6)
        for n in range(skus)
    ]
    marks = [(time.perf_counter(), time.process_time())]
    for work in (
        lambda: forecast(history),
        lambda: prepare(forecast(history), goods, RATES),
        lambda: recommendations(prepare(forecast(history), goods, RATES), Aim()),
    ):
        work()
        marks.append((time.perf_counter(), time.process_time()))
    wall, cpu = ([after[n] - before[n] for before, after in pairwise(marks)] for n in (0, 1))
    say(
        bench="replenish", figure="speed", skus=skus, days=days, forecast_s=round(wall[0], 2), with_plan_s=round(wall[1], 2),
        with_all_recommendations_s=round(wall[2], 2), processor_s=round(cpu[2], 2), aim_s=10,
    )  # fmt: skip


def worlds(arguments: argparse.Namespace) -> Iterator[World]:
    """All worlds that can be had here; what is missing is said and passed over."""
    where = retail.folder()
    if where is None:
        say(bench="replenish", world="retail", note="no retail days beside the repository: skipped")
    else:
        sales = retail.read(where)
        say(
            bench="replenish", world="retail", figure="source", days=len(sales.days), lines=sales.lines,
            left_out_lines=sales.junk, netted_pieces=sales.netted, baskets=sum(len(day) for day in sales.baskets),
            skus=len(sales.prices), sample_of_skus=arguments.skus or "all",
        )  # fmt: skip
        every, half = list(range(len(sales.days))), len(sales.days) // 2
        for name, known, lived in (("same", every, every), ("split", every[:half], every[half:])):
            for seed in arguments.seeds:
                yield from_retail(
                    sales, name, seed=seed, known=known, lived=lived, past=PAST, life=LIFE, review=REVIEW, most=arguments.skus
                )  # fmt: skip
    yield from _company(arguments)


def _company(arguments: argparse.Namespace) -> Iterator[World]:
    """The company's own days as they came, or drawn to a longer horizon while they are few."""
    series, prices, lines = company.read()
    note = company.too_little(series, lines)
    if not note:
        for seed in arguments.seeds:
            yield from_series(series, prices, seed=seed, share=0.5, review=REVIEW)
        return
    sales = company.baskets(prices)
    every = list(range(len(sales.days)))
    say(bench="replenish", world="company", figure="source", days=len(every), lines=sales.lines, note=f"{note}; drawn longer, order by order")  # fmt: skip
    for seed in arguments.seeds:
        yield from_retail(
            sales, "company", seed=seed, known=every, lived=every, past=PAST, life=LIFE, review=REVIEW, yen=1
        )


def _compared(world: World, aims: Sequence[Aim]) -> dict[str, list[float]]:
    """One world in a process of its own."""
    sums: dict[str, list[float]] = defaultdict(list)
    compare(world, aims, sums)
    return dict(sums)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--aims", type=int, default=3, help=f"how many of the {len(AIMS)} aims are tried")
    parser.add_argument("--skus", type=int, default=400, help="sample of SKUs of each retail world; 0: all")
    parser.add_argument("--processes", type=int, default=2)
    given = parser.parse_args()
    begin = time.perf_counter()
    speed()
    say(
        bench="replenish",
        figure="assumptions",
        **{name: str(getattr(RATES, name)) for name in RATES.__slots__},
    )
    made, sums = list(worlds(given)), defaultdict(list)
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        for found in pool.map(_compared, made, [AIMS[: given.aims]] * len(made)):
            for key, values in found.items():
                sums[key] += values
    for key, values in sums.items():
        name, aim, policy, what = key.split(" | ")
        say(
            bench="replenish", figure="summary", world=name, aim=aim, beside=policy, what=what, worlds=len(values),
            mean=round(mean(values), 3), least=round(min(values), 3), most=round(max(values), 3),
        )  # fmt: skip
    say(
        bench="replenish", figure="time", seconds=round(time.perf_counter() - begin, 1), processes=given.processes,
        load_of_the_machine=round(os.getloadavg()[0], 1),
    )  # fmt: skip


if __name__ == "__main__":
    main()
