"""script/bench lists: the order list at 10,000 and 100,000 orders: first page, a filter, a name search.

Figures are medians of 15 requests through the test client (the whole stack but the socket), with the number of queries.
"""

from __future__ import annotations

import argparse
import statistics
import time
from datetime import datetime

from bench import ground

PAGES = (
    ("first page", "/office/orders/"),
    ("filter", "/office/orders/?f.state=ready"),
    ("name search", "/office/orders/?q=見本 S"),
    ("kana search", "/office/orders/?q=ﾐﾎﾝ 77"),
)


def fill(count: int) -> int:
    """Orders up to `count`, placed through the service in batches."""
    from akinai.channels import queries as channels
    from akinai.orders import services
    from akinai.orders.models import Order

    have = Order.objects.count()
    codes = [code for _, code in ground.goods(200, pieces=1_000_000)]
    channel = channels.by_code("generic")
    while have < count:
        size = min(2_000, count - have)
        made = ground.drafts(codes, size, seed=have, prefix=f"S{datetime.now():%H%M%S%f}")
        services.place_many(made, channel=channel, by=None)
        have += size
    return have


def measure(orders: int) -> None:
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext

    from akinai.staff.models import Staff

    person, _ = Staff.objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_active": True}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[1])
    for title, url in PAGES:
        client.get(url)
        with CaptureQueriesContext(connection) as captured:
            answer = client.get(url)
        queries = len(captured)  # the next request forgets them
        times = []
        for _ in range(15):
            begin = time.perf_counter()
            client.get(url)
            times.append((time.perf_counter() - begin) * 1000)
        ground.say(
            bench="lists", figure=title, orders=orders, median_ms=round(statistics.median(times), 1),
            queries=queries, status=answer.status_code, aim_ms=100, aim_queries=6,
        )  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    given = parser.parse_args()
    ground.start()
    from django.db import connection

    for size in given.sizes:
        have = fill(size)
        with connection.cursor() as cursor:
            cursor.execute("ANALYZE")
        measure(have)


if __name__ == "__main__":
    main()
