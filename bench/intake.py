"""script/bench intake: how fast orders come in, beside hand-written SQL doing the same writes in the same run.

(a) one by one through orders.services.place with 4 processes; (b) one file through the intake pipeline.
The limit writes the same rows (customer, order, 3 lines, 3 reservations, level updates, history) in one transaction per
order, with 4 processes; the bulk limit writes them set-based, in one transaction, in one process.
"""

from __future__ import annotations

import argparse
import multiprocessing
import time
from datetime import datetime

from bench import ground

PROCESSES = 4


def _place(arguments: tuple[list[str], int, int, str]) -> int:
    codes, count, seed, prefix = arguments
    ground.start()
    from django.db import connections

    from akinai.channels import queries as channels
    from akinai.orders import services

    connections.close_all()
    channel = channels.by_code("generic")
    made = ground.drafts(codes, count, seed=seed, prefix=prefix)
    _wait()
    for draft in made:
        services.place(draft, channel=channel, by=None)
    return count


def _wait() -> None:
    """All processes begin together."""
    barrier.wait()


barrier = None  # set in each process by `_join`


def _join(given) -> None:  # type: ignore[no-untyped-def]
    global barrier
    barrier = given


CUSTOMER = """
INSERT INTO party_customer (number, identity, name, kana, company, payer_key, email, phone, postal_code, address, note,
  created_at, search_text)
VALUES (%(customer)s, %(identity)s, %(name)s, %(kana)s, '', %(name)s, %(email)s, '090-0000-0000', '1500001',
  '東京都渋谷区神宮前4-12-3', '', now(), %(search)s)
ON CONFLICT (identity) DO UPDATE SET identity = excluded.identity RETURNING id
"""
LOCK = """
SELECT id FROM stock_stocklevel WHERE sku_id = ANY(%(skus)s) AND location_id = %(place)s
ORDER BY sku_id, location_id FOR NO KEY UPDATE
"""
LEVEL = """
UPDATE stock_stocklevel l SET reserved = l.reserved + s.n
FROM (SELECT sku, count(*)::int AS n FROM unnest(%(skus)s::bigint[]) AS u(sku) GROUP BY 1) s
WHERE l.sku_id = s.sku AND l.location_id = %(place)s AND l.reserved + s.n <= l.on_hand
"""
RESERVATION = """
INSERT INTO stock_reservation (reference, sku_id, location_id, wanted, quantity, state, queued_at)
SELECT %(number)s || '/' || nth, sku, %(place)s, 1, 1, 'active', %(at)s
FROM unnest(%(skus)s::bigint[]) WITH ORDINALITY AS u(sku, nth)
"""
ACTIVITY = """
INSERT INTO core_activity (at, subject_type, subject_id, subject_number, verb, summary, from_state, to_state, data,
  actor_name)
VALUES (now(), 'orders.order', %(order)s, %(number)s, 'place', 'その他', '', 'ready', '{}', 'システム')
"""


def order_columns() -> tuple[str, list[str]]:
    """INSERT statement of one order with all its columns, from the model, written once."""
    from akinai.orders.models import Order

    names = [f.column for f in Order._meta.concrete_fields if f.column not in ("id", "search_grams")]
    values = ", ".join(f"%({name})s" for name in names)
    return f"INSERT INTO orders_order ({', '.join(names)}) VALUES ({values}) RETURNING id", names


def _sql(arguments: tuple[list[tuple[int, str]], int, int, str]) -> int:
    """The limit: the same rows by hand-written statements, one transaction per order."""
    goods, count, seed, prefix = arguments
    ground.start()
    import psycopg
    from psycopg.types.json import Jsonb

    from akinai.channels import queries as channels
    from akinai.orders import content
    from akinai.stock import queries as stock
    from config.home import database_url

    ids = {code: pk for pk, code in goods}
    made = ground.drafts([code for _, code in goods], count, seed=seed, prefix=prefix)
    statement, names = order_columns()
    channel, place = channels.by_code("generic").pk, stock.default_location_id()
    rows = []
    for draft in made:
        row = dict.fromkeys(names)
        row |= {key: Jsonb(v) if key == "taxes" else v for key, v in content.columns(draft).items()}
        row |= {
            "channel_id": channel, "channel_order_no": draft.channel_order_no, "state": "ready", "location_id": place,
            "received_at": datetime.now().astimezone(), "paid_yen": 0, "shipped_outside": False,
            "shipment_progress": "none", "invoice_progress": "none", "payment_progress": "done",
            "payment_settled": True, "content_digest": content.digest(draft), "source_line": 0, "raw": Jsonb({}),
        }  # fmt: skip
        rows.append((draft, row))
    line_sql = (
        "INSERT INTO orders_orderline (order_id, line_no, sku_id, sku_code, name, options, quantity, unit_price_yen, "
        "tax_rate, price_includes_tax, channel_line_no, raw) SELECT %s, nth, sku, code, '商品 ' || code, '', 1, 1080, 8, "
        "true, '', '{}' FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS u(sku, code, nth)"
    )
    with psycopg.connect(database_url(), autocommit=True) as connection:
        _wait()
        for draft, row in rows:
            codes = [line.sku_code for line in draft.lines]
            given = {
                "skus": [ids[code] for code in codes], "place": place, "at": draft.ordered_at, "name": draft.buyer.name,
                "kana": draft.buyer.kana, "email": draft.buyer.email, "identity": f"mail:{draft.buyer.email}",
                "search": row["search_text"],
            }  # fmt: skip
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute("SELECT nextval('akinai_no_order_2026'), nextval('akinai_no_customer_2026')")
                order_no, customer_no = cursor.fetchone()
                given |= {"number": f"SO-2026-{order_no:06d}", "customer": f"CU-2026-{customer_no:06d}"}
                cursor.execute(CUSTOMER, given)
                row |= {"customer_id": cursor.fetchone()[0], "number": given["number"]}
                cursor.execute(LOCK, given)
                cursor.execute(LEVEL, given)
                cursor.execute(RESERVATION, given)
                cursor.execute(statement, row)
                given["order"] = cursor.fetchone()[0]
                cursor.execute(line_sql, [given["order"], given["skus"], codes])
                cursor.execute(ACTIVITY, given)
    return count


def together(work, arguments) -> tuple[int, float]:  # type: ignore[no-untyped-def]
    """Run in 4 processes that begin together: (orders, seconds)."""
    context = multiprocessing.get_context("spawn")
    gate = context.Barrier(PROCESSES + 1, timeout=60)
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


def _child(work, argument, gate, results) -> None:  # type: ignore[no-untyped-def]
    _join(gate)
    try:
        results.put(work(argument))
    except BaseException:
        gate.abort()
        results.put(0)
        raise


def by_file(codes: list[str], count: int, prefix: str) -> tuple[int, float]:
    """(b): one file of `count` orders through preview and apply; the seconds are those of apply."""
    from akinai.adapters.channels.shopify.writer import write
    from akinai.core import intake

    made = ground.drafts(codes, count, seed=77, prefix=prefix)
    data = write(made)
    kind = intake.kind_of("orders")
    row, plan = intake.preview(kind, [intake.Upload("orders.csv", data)], by=None)
    if plan.refused:
        raise SystemExit(f"the file was refused: {plan.errors[:3]}")
    begin = time.perf_counter()
    intake.apply(row, by=None)
    return plan.created, time.perf_counter() - begin


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--orders", type=int, default=2000)
    parser.add_argument("--skus", type=int, default=1000)
    given = parser.parse_args()
    ground.start()
    goods = ground.goods(given.skus, pieces=1_000_000)
    codes = [code for _, code in goods]
    from akinai.core import numbering

    numbering.take("order"), numbering.take("customer")
    mark = f"{datetime.now():%d%H%M%S}"
    each = given.orders // PROCESSES
    done, seconds = together(_sql, [(goods, each, n, f"L{mark}{n}") for n in range(PROCESSES)])
    limit = done / seconds
    ground.say(
        bench="intake",
        figure="limit: hand-written SQL, 4 processes",
        orders=done,
        seconds=round(seconds, 2),
        orders_per_s=round(limit, 1),
    )
    done, seconds = together(_place, [(codes, each, n, f"P{mark}{n}") for n in range(PROCESSES)])
    ground.say(
        bench="intake",
        figure="a: one by one, 4 processes",
        orders=done,
        seconds=round(seconds, 2),
        orders_per_s=round(done / seconds, 1),
        ratio=round(done / seconds / limit, 3),
        aim=0.2,
    )
    done, seconds = by_file(codes, given.orders, f"F{mark}")
    ground.say(
        bench="intake",
        figure="b: by file, 1 process",
        orders=done,
        seconds=round(seconds, 2),
        orders_per_s=round(done / seconds, 1),
        ratio=round(done / seconds / limit, 3),
        aim=0.5,
    )


if __name__ == "__main__":
    main()
