"""script/bench intake: how fast orders come in, beside hand-written SQL doing the same writes in the same run.

(a) one by one through orders.services.place with 4 processes; its limit is a hand-written transaction an order, with 4
processes. (b) one file through the intake, from its bytes to the commit, in one process; it is held against the same
limit, and against the same rows written by hand all at once, in one transaction by one process. Of (b) the writing alone
is told, too: what `apply` does once the file has been read and looked at.
"""

from __future__ import annotations

import argparse
import multiprocessing
import resource
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bench import by_hand, ground

PROCESSES = 4
AIM_A, AIM_B = 0.2, 0.5
type Work = Callable[[Any, Callable[[], None]], int]


def place(arguments: tuple[by_hand.Goods, int, int, str], begin: Callable[[], None]) -> int:
    """(a): one by one through the service."""
    goods, count, seed, prefix = arguments
    ground.start()
    from django.db import connections

    from akinai.channels import queries as channels
    from akinai.orders import services

    connections.close_all()
    channel = channels.by_code("generic")
    made = ground.drafts([code for _, code in goods], count, seed=seed, prefix=prefix)
    begin()
    for draft in made:
        services.place(draft, channel=channel, by=None)
    return count


def limit_one_by_one(arguments: tuple[by_hand.Goods, int, int, str], begin: Callable[[], None]) -> int:
    ground.start()
    return by_hand.one_by_one(*arguments, begin=begin)


def limit_at_once(arguments: tuple[by_hand.Goods, int, int, str], begin: Callable[[], None]) -> int:
    ground.start()
    return by_hand.at_once(*arguments, begin=begin)


def together(work: Work, arguments: list[Any]) -> tuple[int, float]:
    """Run in processes that begin together: (orders, seconds)."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(len(arguments) + 1, timeout=120)
    results = context.Queue()
    children = [
        context.Process(target=_child, args=(work, argument, gate, results)) for argument in arguments
    ]
    for child in children:
        child.start()
    gate.wait()
    begin = time.perf_counter()
    done = sum(results.get() for _ in children)
    seconds = time.perf_counter() - begin
    for child in children:
        child.join()
    return done, seconds


def _child(work: Work, argument: Any, gate: Any, results: Any) -> None:
    try:
        results.put(work(argument, lambda: gate.wait() and None))
    except BaseException:
        gate.abort()
        results.put(0)
        raise


def by_file(goods: by_hand.Goods, count: int, prefix: str) -> tuple[int, float, float]:
    """(b): one file of `count` orders through preview and apply: (orders, all seconds, those of apply)."""
    from akinai.adapters.channels.shopify.writer import write
    from akinai.core import intake

    data = write(ground.drafts([code for _, code in goods], count, seed=77, prefix=prefix))
    kind = intake.kind_of("orders")
    assert kind is not None
    begin = time.perf_counter()
    row, plan = intake.preview(kind, [intake.Upload("orders.csv", data)], by=None)
    if plan.refused:
        raise SystemExit(f"the file was refused: {plan.errors[:3]}")
    middle = time.perf_counter()
    plan = intake.apply(row, by=None, files=plan.files)
    end = time.perf_counter()
    return plan.created, end - begin, end - middle


def say(figure: str, orders: int, seconds: float, **more: Any) -> float:
    """One line; the orders a second."""
    speed = orders / seconds
    ground.say(
        bench="intake",
        figure=figure,
        orders=orders,
        seconds=round(seconds, 2),
        orders_per_s=round(speed, 1),
        **more,
    )
    return speed


def measure(goods: by_hand.Goods, orders: int, mark: str) -> None:
    each = orders // PROCESSES

    def shares(letter: str) -> list[Any]:
        return [(goods, each, n, f"{letter}{mark}{n}") for n in range(PROCESSES)]

    limit = say(
        "limit a: by hand, a transaction an order, 4 processes", *together(limit_one_by_one, shares("L"))
    )
    done, seconds = together(place, shares("P"))
    say("a: one by one, 4 processes", done, seconds, ratio=round(done / seconds / limit, 3), aim=AIM_A)
    bulk = say(
        "limit b: by hand, all at once, 1 process", *together(limit_at_once, [(goods, orders, 5, f"B{mark}")])
    )
    done, whole, writing = by_file(goods, orders, f"F{mark}")
    say(
        "b: by file, bytes to commit, 1 process", done, whole,
        ratio=round(done / whole / limit, 3), aim=AIM_B, ratio_to_limit_b=round(done / whole / bulk, 3),
        rss_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    )  # fmt: skip
    say(
        "b: the writing alone (apply), 1 process", done, writing,
        ratio=round(done / writing / limit, 3), ratio_to_limit_b=round(done / writing / bulk, 3), aim_of_limit_b=AIM_B,
    )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--skus", type=int, default=1000)
    parser.add_argument("--repeat", type=int, default=1)
    given = parser.parse_args()
    ground.start()
    goods = ground.goods(given.skus, pieces=1_000_000)
    from akinai.core import numbering

    numbering.take("order"), numbering.take("customer")
    for _ in range(given.repeat):
        measure(goods, given.orders, f"{datetime.now():%d%H%M%S}")


if __name__ == "__main__":
    main()
