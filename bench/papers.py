"""script/bench papers: a day's papers. 300 orders are instructed, shipped and invoiced through the services.

Figures are seconds for all of them: packing slips and picking list as one PDF each, shipping, and invoices in the
pieces of the job (numbers, rows and one PDF per invoice, each written durably).
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

from bench import ground


def timed(figure: str, orders: int, act: Callable[[], Any]) -> Any:
    begin = time.perf_counter()
    answer = act()
    seconds = time.perf_counter() - begin
    ground.say(
        bench="papers", figure=figure, orders=orders, seconds=round(seconds, 2),
        each_ms=round(seconds * 1000 / orders, 1),
    )  # fmt: skip
    return answer


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=300)
    count = parser.parse_args().orders
    ground.start()
    from akinai.billing import jobs
    from akinai.channels import queries as channels
    from akinai.core import clock, long_jobs
    from akinai.orders import services as orders
    from akinai.party import services as party
    from akinai.shipping import papers, queries
    from akinai.shipping import services as shipping

    party.found_company(name="株式会社 測定", registration_number="T7123456789012", email="shop@example.jp")
    codes = [code for _, code in ground.goods(200, pieces=1_000_000)]
    made = ground.drafts(codes, count, seed=7, prefix=f"P{datetime.now():%H%M%S%f}")
    placed = orders.place_many(made, channel=channels.by_code("generic"), by=None)
    ids = placed.created
    batch = timed("instruct", count, lambda: shipping.instruct(ids, ship_on=clock.today(), by=None))
    open_ones = list(queries.open_in(batch).values_list("pk", flat=True))
    timed("picking list PDF", count, lambda: papers.picking_pdf(batch))
    timed("packing slips PDF", count, lambda: papers.slips_pdf(queries.with_papers(queries.open_in(batch))))
    timed("ship", count, lambda: shipping.ship(open_ones, by=None))
    options = {"issued_on": clock.today().isoformat()}
    job = long_jobs.start(jobs.ISSUE, ids, by=None, options=options)
    timed("issue with PDF", count, lambda: long_jobs.run(job.pk))
    job.refresh_from_db()
    # A figure for fewer would be a lie.
    assert job.counts["発行"] == count, job.counts


if __name__ == "__main__":
    main()
