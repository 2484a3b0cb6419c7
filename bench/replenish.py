"""script/bench replenish: our stock policy beside a fixed reorder point, by simulation on real sales.

A shop is kept for half a year: a look at the stock every 7 days, random lead times, lost sales; eight weeks of sales are known when it
opens. The rivals, each at the fill rate that ours reached:

- fixed reorder point: point and quantity set once per SKU from the eight weeks, by the usual rule, mean
  of a day × (lead time + safety days), and a month's demand per order. Its safety days are swept and its cost read off at our fill rate.
- the same with the days per order that turn out cheapest of seven, and the same where its knobs turn out cheapest of all: known only
  afterwards.
- hindsight: days of cover re-estimated every two weeks, the cheapest of some 470 settings that serves at least as much, picked on the
  very days it is judged by. No shop could do this; it shows how far ours is from what could be had.

Worlds: (a) the UCI retail days, drawn to a longer horizon by a seeded block bootstrap: `same` past and future from all days; `split`
the past from the first half of the days and the future from the others, which the shop has never seen. (b) `company`: the demo
company's own orders, as they came where there are enough of them, else drawn longer order by order.

By default a sample of the SKUs (said in the figures) and two processes; `--skus 0` for all. Single figures are JSON lines, the tables come last.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import defaultdict
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from decimal import Decimal
from itertools import pairwise
from multiprocessing import get_context

import numpy as np

from akinai.purchasing.replenish import (
    Aim,
    AimKind,
    Goods,
    Histories,
    LeadTime,
    forecast,
    prepare,
    recommendations,
)
from bench.ground import say
from bench.shelves import company, retail
from bench.shelves.curves import Bill, Curve, best_at, bill, curves, usual_at
from bench.shelves.hindsight import cheapest, try_grid
from bench.shelves.life import live
from bench.shelves.policies import Ours
from bench.shelves.table import Line, table
from bench.shelves.world import RATES, START, World, from_retail, from_series

PAST, LIFE, REVIEW, EVERY = 56, 182, 7, 14
AIMS = (Aim(), Aim(AimKind.OVERALL, 0.95), Aim(AimKind.OVERALL, 0.98))
COMPANY_DRAWS = 2

type Found = dict[tuple[str, str], Bill]  # (aim, policy) → bill of one world


def compare(world: World) -> tuple[str, Found]:
    """Ours at each aim, and every rival at the fill rate ours reached."""
    swept = curves(world)
    grids = [try_grid(world, knows_lead=knows, every=EVERY) for knows in (False, True)]
    found: Found = {}
    for aim in AIMS:
        title = "cheapest" if aim.level is None else f"{aim.level:.0%} overall"
        ours = bill(live(world, Ours(world, aim), every=EVERY))
        found[title, "ours"] = ours
        found |= {(title, name): one for name, one in _fixed(swept, ours.fill).items()}
        best = [
            bill(*grid.pick(number)) for grid in grids if (number := cheapest(grid, ours.fill)) is not None
        ]
        if best:
            found[title, "hindsight: best of 470 settings, re-estimated"] = min(
                best, key=lambda one: one.total
            )
    for (aim_title, policy), one in found.items():
        _say(world, aim_title, policy, one)
    return world.name, found


def _fixed(swept: list[Curve], fill: float) -> dict[str, Bill]:
    """The fixed reorder point in three ways."""
    return {
        "fixed point, a month per order, same fill": usual_at(swept, fill),
        "fixed point, best days per order, same fill": best_at(swept, fill),
        "fixed point, cheapest of all its settings": min(
            (one.cheapest for one in swept), key=lambda one: one.total
        ),
    }


def _say(world: World, aim: str, policy: str, one: Bill) -> None:
    say(
        bench="replenish", world=world.name, seed=world.seed, skus=len(world.goods), aim=aim, policy=policy,
        fill_rate=round(one.fill, 4), carrying_yen=round(one.carrying), ordering_yen=round(one.ordering),
        lost_margin_yen=round(one.lost), total_yen=round(one.total),
    )  # fmt: skip


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
    if not sales.days:
        say(
            bench="replenish",
            world="company",
            note="no orders in this home and no empty one to open the demo company in: skipped",
        )
        return
    every = list(range(len(sales.days)))
    draws = [seed + 1000 * turn for turn in range(COMPANY_DRAWS) for seed in arguments.seeds]
    say(bench="replenish", world="company", figure="source", days=len(every), lines=sales.lines, note=f"{note}; drawn longer, order by order")  # fmt: skip
    for seed in draws:
        yield from_retail(
            sales, "company", seed=seed, known=every, lived=every, past=PAST, life=LIFE, review=REVIEW, yen=1
        )


def gathered(found: list[tuple[str, Found]]) -> dict[str, list[Line]]:
    """The lines of each kind of world. A rival that does not reach our fill rate in some draw at all is left out of the table."""
    kinds: dict[str, dict[tuple[str, str], Line]] = defaultdict(dict)
    for name, bills in found:
        for (aim, policy), one in bills.items():
            kinds[name].setdefault((aim, policy), Line(aim, policy)).bills.append(one)
    draws = {name: max(len(line.bills) for line in lines.values()) for name, lines in kinds.items()}
    return {
        name: [line for line in lines.values() if len(line.bills) == draws[name]]
        for name, lines in kinds.items()
    }


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
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
    made = list(worlds(given))
    with ProcessPoolExecutor(given.processes, mp_context=get_context("spawn")) as pool:
        kinds = gathered(list(pool.map(compare, made)))
    for name, lines in kinds.items():
        of = [world for world in made if world.name == name]
        skus = "/".join(str(n) for n in sorted({len(world.goods) for world in of}))
        print()
        for row in table(f"{name}: {len(of)} draws, {skus} SKUs, {of[0].days} days", lines):
            print(row)
    print()
    say(
        bench="replenish", figure="time", seconds=round(time.perf_counter() - begin, 1), processes=given.processes,
        load_of_the_machine=round(os.getloadavg()[0], 1),
    )  # fmt: skip


if __name__ == "__main__":
    main()
