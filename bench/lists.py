"""script/bench lists: the order list and the first screen at 10,000 and 100,000 orders.

Every tab, every filter, every sortable column in both directions, and searches as clerks type them, taken from what the
list declares. Figures are medians through the test client (the whole stack but the socket), with the number of queries.
`--slow MS` prints only what takes longer; the last line sums up.
"""

from __future__ import annotations

import argparse
import statistics
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any
from urllib.parse import quote

from bench import ground

AIM_MS, AIM_QUERIES = 100, 6
HOME_MS, HOME_QUERIES = 120, 12
TURNS = 7
# One value for each kind of filter; the list says which filters there are.
VALUES = {"date": "last_90", "yen": "3000~5000", "text": "BENCH-00001"}
SEARCHES = {
    "name": "佐藤 美咲", "family name": "佐藤", "kana": "サトウ ミサキ", "hiragana": "さとう", "half-width kana": "ｻﾄｳ ﾐｻｷ",
    "phone": "090-0001-2345", "part of a phone": "12345", "mall number": "S-000", "our number": "SO-2026-0000", "mail": "s77@",
    "one letter": "佐", "nobody": "存在しない人",
}  # fmt: skip
# Where the orders of a shop stand after two years: most are done, a few are at work.
SPREAD = """
UPDATE orders_order SET
  state = CASE WHEN id %% 100 < 85 THEN 'completed' WHEN id %% 100 < 89 THEN 'shipped' WHEN id %% 100 < 93 THEN 'ready'
    WHEN id %% 100 < 95 THEN 'on_hold' WHEN id %% 100 < 97 THEN 'awaiting_payment' WHEN id %% 100 < 98 THEN 'awaiting_stock'
    WHEN id %% 100 < 99 THEN 'picking' ELSE 'cancelled' END,
  payment = (ARRAY['card', 'wallet', 'cod', 'bank_transfer', 'convenience', 'deferred'])[1 + id %% 6],
  ordered_at = now() - (id %% 730) * interval '1 day' - (id %% 1440) * interval '1 minute',
  received_at = now() - (id %% 730) * interval '1 day',
  total_yen = 500 + (id * 7919) %% 60000, customer_note = CASE WHEN id %% 12 = 0 THEN '平日の夕方に' ELSE '' END,
  is_remote_island = id %% 40 = 0, delivery_on = CASE WHEN id %% 5 = 0 THEN current_date - (id %% 700)::int END,
  payment_due_on = CASE WHEN id %% 6 = 3 THEN current_date - (id %% 30)::int END
WHERE id > %s
"""
DONE = """
UPDATE orders_order SET shipped_at = ordered_at + interval '1 day', notified_at = ordered_at + interval '1 day',
  shipment_progress = 'done', payment_progress = 'done', payment_settled = true,
  invoice_progress = CASE WHEN state = 'completed' THEN 'sent' ELSE 'none' END
WHERE id > %s AND state IN ('shipped', 'completed')
"""
HELD = """
INSERT INTO orders_hold (order_id, rule, reason, placed_at, note)
SELECT id, 'note', '備考あり', now(), '' FROM orders_order WHERE id > %s AND state = 'on_hold' AND id %% 3 > 0
"""
ASKED = """
INSERT INTO orders_orderissue (order_id, code, line_no, message, "column", value, source_file, source_line, raised_at, resolution)
SELECT id, 'total_mismatch', 0, '合計が合いません', '', '', '', 0, now(), '' FROM orders_order
WHERE id > %s AND state = 'on_hold' AND id %% 3 = 0
"""


FAMILIES = (
    ("佐藤", "サトウ"), ("鈴木", "スズキ"), ("高橋", "タカハシ"), ("田中", "タナカ"), ("伊藤", "イトウ"), ("渡辺", "ワタナベ"),
    ("山本", "ヤマモト"), ("中村", "ナカムラ"), ("小林", "コバヤシ"), ("加藤", "カトウ"), ("吉田", "ヨシダ"), ("山田", "ヤマダ"),
    ("佐々木", "ササキ"), ("山口", "ヤマグチ"), ("松本", "マツモト"), ("井上", "イノウエ"), ("木村", "キムラ"), ("林", "ハヤシ"),
    ("斎藤", "サイトウ"), ("清水", "シミズ"), ("髙﨑", "タカサキ"), ("長谷川", "ハセガワ"), ("石井", "イシイ"),
)  # fmt: skip
GIVEN = (
    ("美咲", "ミサキ"), ("翔太", "ショウタ"), ("陽子", "ヨウコ"), ("健一", "ケンイチ"), ("さくら", "サクラ"), ("大輔", "ダイスケ"),
    ("由美", "ユミ"), ("拓也", "タクヤ"), ("奈々", "ナナ"), ("浩二", "コウジ"), ("愛", "アイ"), ("誠", "マコト"), ("恵", "メグミ"),
    ("隆", "タカシ"), ("千尋", "チヒロ"), ("直樹", "ナオキ"), ("真由", "マユ"), ("進", "ススム"), ("彩", "アヤ"),
)  # fmt: skip


def _by_people(drafts: list[Any], first: int) -> list[Any]:
    """The orders as ordered by people with names, kana, phones and mails of their own."""
    made = []
    for n, draft in enumerate(drafts, first):
        family, given = FAMILIES[n % len(FAMILIES)], GIVEN[n % len(GIVEN)]
        who = replace(
            draft.buyer, name=f"{family[0]} {given[0]}", kana=f"{family[1]} {given[1]}", email=f"s{n}@example.com",
            phone=f"090-{n // 10_000:04d}-{n % 10_000:04d}",
        )  # fmt: skip
        made.append(replace(draft, buyer=who, ship_to=who))
    return made


def fill(count: int) -> int:
    """Orders up to `count`, placed through the service in batches, then spread over two years and all states."""
    from django.db import connection

    from akinai.channels import queries as channels
    from akinai.orders import services
    from akinai.orders.models import Order

    have = Order.objects.count()
    before = Order.objects.order_by("-pk").values_list("pk", flat=True).first() or 0
    codes = [code for _, code in ground.goods(200, pieces=1_000_000)]
    names = ("generic", "rakuten", "yahoo", "shopify")
    while have < count:
        size = min(2_000, count - have)
        made = _by_people(ground.drafts(codes, size, seed=have, prefix=f"S{datetime.now():%H%M%S%f}"), have)
        channel = channels.by_code(names[have // 2_000 % len(names)])
        services.place_many(made, channel=channel, by=None)
        have += size
    with connection.cursor() as cursor:
        for statement in (SPREAD, DONE, HELD, ASKED):
            cursor.execute(statement, [before])
        cursor.execute("VACUUM ANALYZE")
    return have


def pages() -> Iterator[tuple[str, str]]:
    """(figure, address) of everything the order list offers."""
    from akinai.orders.lists import OrderList

    yield "first page", ""
    for name, text in SEARCHES.items():
        yield f"search: {name}", f"q={quote(text)}"
    for tab in OrderList.tabs:
        yield f"tab: {tab.title}", f"tab={tab.key}"
    for one in OrderList.filters:
        yield from ((f"filter: {one.title} {value}", f"{one.name}={quote(value)}") for value in _values(one))
    for column in OrderList.columns:
        if column.sort is not None:
            yield f"sort: {column.title}", f"sort={column.key}"
            yield f"sort: {column.title} 逆", f"sort=-{column.key}"
    yield "tab and sort by amount", "tab=shipped&sort=-total_yen"
    yield "channel and day and search", f"f.channel=rakuten&f.ordered=last_90&q={quote('佐藤')}"


def _looked() -> Iterator[tuple[str, str, int, int]]:
    for figure, query in pages():
        yield figure, f"/office/orders/?{query}", AIM_MS, AIM_QUERIES
    yield "first screen", "/office/", HOME_MS, HOME_QUERIES


def _values(one: Any) -> list[str]:
    """What a clerk would choose of this filter."""
    from django.http import QueryDict

    if one.widget in VALUES:
        return [VALUES[one.widget]]
    if one.widget == "hidden":
        return ["1"]
    bound = one.bound(QueryDict(), None)
    return [value for value, _, _ in bound.marked][:12]


@contextmanager
def counted() -> Iterator[list[float]]:
    """The statements that the requests inside send: how long the database took for each, in ms."""
    from django.db import connection

    sent: list[float] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        begin = time.perf_counter()
        try:
            return execute(sql, params, many, context)
        finally:
            sent.append((time.perf_counter() - begin) * 1000)

    with connection.execute_wrapper(note):
        yield sent


def measure(bench: str, pages: Iterable[tuple[str, str, int, int]], *, slow: float = 0, **size: int) -> None:
    """Each page (figure, address, aim in ms, aim in queries) as a person with every permission asks for it."""
    client = _client()
    looked, over = 0, []
    for figure, address, aim_ms, aim_queries in pages:
        answer = client.get(address)
        turns = [_timed(client, address) for _ in range(TURNS)]
        median, in_database, here = (round(statistics.median(times), 1) for times in zip(*turns, strict=True))
        with counted() as sent:
            client.get(address)
        looked += 1
        if median > aim_ms or len(sent) > aim_queries or answer.status_code != 200:
            over.append(figure)
        if median >= slow:
            ground.say(
                bench=bench, figure=figure, **size, median_ms=median, database_ms=in_database, cpu_ms=here,
                queries=len(sent), status=answer.status_code, aim_ms=aim_ms, aim_queries=aim_queries,
            )  # fmt: skip
    ground.say(bench=bench, figure="all", **size, pages=looked, over_the_aim=over)


def _timed(client: Any, address: str) -> tuple[float, float, float]:
    """(all, in the database, our own processor time) of one request, in ms."""
    begin, cpu = time.perf_counter(), time.process_time()
    with counted() as sent:
        client.get(address)
    return (time.perf_counter() - begin) * 1000, sum(sent), (time.process_time() - cpu) * 1000


def _client() -> Any:
    from django.conf import settings
    from django.test import Client

    from akinai.staff.models import Staff

    person, _ = Staff.objects.get_or_create(
        username="bench", defaults={"is_superuser": True, "is_active": True}
    )
    client = Client(headers={"host": "localhost"})
    client.force_login(person, backend=settings.AUTHENTICATION_BACKENDS[1])
    return client


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sizes", type=int, nargs="+", default=[10_000, 100_000])
    parser.add_argument("--slow", type=float, default=0, help="print only figures from this many ms on")
    given = parser.parse_args()
    ground.start()
    for size in given.sizes:
        have = fill(size)
        measure("lists", _looked(), slow=given.slow, orders=have)


if __name__ == "__main__":
    main()
