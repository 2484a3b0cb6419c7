"""The limits of `script/bench intake`: the rows that an order makes, written by hand with psycopg alone.

`one_by_one`: a transaction an order. `at_once`: all orders in one transaction, a set-based statement or COPY per table.
Both get their values ready before the clock starts; both read back what the database numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any

from bench import ground

Goods = Sequence[tuple[int, str]]
Rows = list[tuple[Any, dict[str, Any]]]  # (draft, values of its row but for what the database gives)

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
LINE = """
INSERT INTO orders_orderline (order_id, line_no, sku_id, sku_code, name, options, quantity, unit_price_yen,
  tax_rate, price_includes_tax, channel_line_no, raw)
SELECT %s, nth, sku, code, '商品 ' || code, '', 1, 1080, 8, true, '', '{}'
FROM unnest(%s::bigint[], %s::text[]) WITH ORDINALITY AS u(sku, code, nth)
"""
ACTIVITY = """
INSERT INTO core_activity (at, subject_type, subject_id, subject_number, verb, summary, from_state, to_state, data,
  actor_name)
VALUES (now(), 'orders.order', %(order)s, %(number)s, 'place', 'その他', '', 'ready', '{}', 'システム')
"""
CUSTOMERS = """
INSERT INTO party_customer (number, identity, name, kana, company, payer_key, email, phone, postal_code, address, note,
  created_at, search_text)
SELECT 'CU-2026-' || lpad(nextval('akinai_no_customer_2026')::text, 6, '0'), identity, name, kana, '', name, email,
  '090-0000-0000', '1500001', '東京都渋谷区神宮前4-12-3', '', now(), search
FROM unnest(%s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) AS u(identity, name, kana, email, search)
ON CONFLICT (identity) DO UPDATE SET identity = excluded.identity RETURNING identity, id
"""
RESERVATIONS = """
INSERT INTO stock_reservation (reference, sku_id, location_id, wanted, quantity, state, queued_at)
SELECT reference, sku, %s, 1, 1, 'active', at FROM unnest(%s::text[], %s::bigint[], %s::timestamptz[]) AS u(reference, sku, at)
"""
NUMBERS = """
SELECT 'SO-2026-' || lpad(nextval('akinai_no_order_2026')::text, 6, '0'),
  nextval(pg_get_serial_sequence('orders_order', 'id')) FROM generate_series(1, %s)
"""
LINE_COLUMNS = "order_id, line_no, sku_id, sku_code, name, options, quantity, unit_price_yen, tax_rate, price_includes_tax, channel_line_no, raw"
ACTIVITY_COLUMNS = (
    "at, subject_type, subject_id, subject_number, verb, summary, from_state, to_state, data, actor_name"
)


def order_columns() -> list[str]:
    """All columns of an order that are written, from the model."""
    from akinai.orders.models import Order

    return [
        f.column for f in Order._meta.concrete_fields if f.column and not f.primary_key and not f.generated
    ]


def _ready(goods: Goods, count: int, seed: int, prefix: str) -> tuple[Rows, int]:
    """The orders, and the place of the stock."""
    from psycopg.types.json import Jsonb

    from akinai.channels import queries as channels
    from akinai.orders import content
    from akinai.stock import queries as stock

    made = ground.drafts([code for _, code in goods], count, seed=seed, prefix=prefix)
    names, channel, place = order_columns(), channels.by_code("generic").pk, stock.default_location_id()
    rows = []
    for draft in made:
        row: dict[str, Any] = dict.fromkeys(names)
        row |= {key: Jsonb(v) if key == "taxes" else v for key, v in content.columns(draft).items()}
        row |= {
            "channel_id": channel, "channel_order_no": draft.channel_order_no, "state": "ready", "location_id": place,
            "received_at": datetime.now().astimezone(), "paid_yen": 0, "shipped_outside": False,
            "shipment_progress": "none", "invoice_progress": "none", "payment_progress": "done",
            "payment_settled": True, "content_digest": content.digest(draft), "source_line": 0, "raw": Jsonb({}),
        }  # fmt: skip
        rows.append((draft, row))
    return rows, place


def one_by_one(goods: Goods, count: int, seed: int, prefix: str, *, begin: Callable[[], None]) -> int:
    """A transaction an order. `begin` is called when the values are ready."""
    import psycopg

    from config.home import database_url

    rows, place = _ready(goods, count, seed, prefix)
    ids = {code: pk for pk, code in goods}
    names = order_columns()
    values = ", ".join(f"%({name})s" for name in names)
    statement = f"INSERT INTO orders_order ({', '.join(names)}) VALUES ({values}) RETURNING id"
    with psycopg.connect(database_url(), autocommit=True) as connection:
        begin()
        for draft, row in rows:
            codes = [line.sku_code for line in draft.lines]
            given = {
                "skus": [ids[code] for code in codes], "place": place, "at": draft.ordered_at, "name": draft.buyer.name,
                "kana": draft.buyer.kana, "email": draft.buyer.email, "identity": f"mail:{draft.buyer.email}",
                "search": row["search_text"],
            }  # fmt: skip
            with connection.transaction(), connection.cursor() as cursor:
                cursor.execute("SELECT nextval('akinai_no_order_2026'), nextval('akinai_no_customer_2026')")
                order_no, customer_no = cursor.fetchone() or (0, 0)
                given |= {"number": f"SO-2026-{order_no:06d}", "customer": f"CU-2026-{customer_no:06d}"}
                cursor.execute(CUSTOMER, given)
                row |= {"customer_id": (cursor.fetchone() or (0,))[0], "number": given["number"]}
                cursor.execute(LOCK, given)
                cursor.execute(LEVEL, given)
                cursor.execute(RESERVATION, given)
                cursor.execute(statement, row)
                given["order"] = (cursor.fetchone() or (0,))[0]
                cursor.execute(LINE, [given["order"], given["skus"], codes])
                cursor.execute(ACTIVITY, given)
    return count


def at_once(goods: Goods, count: int, seed: int, prefix: str, *, begin: Callable[[], None]) -> int:
    """All orders in one transaction. `begin` is called when the values are ready."""
    import psycopg

    from config.home import database_url

    rows, place = _ready(goods, count, seed, prefix)
    ids = {code: pk for pk, code in goods}
    lines = [
        (n, at, ids[line.sku_code], line)
        for n, (draft, _) in enumerate(rows)
        for at, line in enumerate(draft.lines, 1)
    ]
    with psycopg.connect(database_url(), autocommit=True) as connection:
        begin()
        with connection.transaction(), connection.cursor() as cursor:
            cursor.execute(NUMBERS, [count])
            given = cursor.fetchall()
            _promise_all(cursor, rows, lines, given, place)
            _write_all(cursor, rows, lines, given)
    return count


def _promise_all(cursor: Any, rows: Rows, lines: Sequence[Any], given: Sequence[Any], place: int) -> None:
    skus = [sku for _, _, sku, _ in lines]
    cursor.execute(LOCK, {"skus": skus, "place": place})
    cursor.execute(LEVEL, {"skus": skus, "place": place})
    wants = [(f"{given[n][0]}/{at}", sku, rows[n][0].ordered_at) for n, at, sku, _ in lines]
    cursor.execute(RESERVATIONS, [place, *[list(column) for column in zip(*wants, strict=True)]])


def _write_all(cursor: Any, rows: Rows, lines: Sequence[Any], given: Sequence[Any]) -> None:
    people = [
        (
            f"mail:{draft.buyer.email}",
            draft.buyer.name,
            draft.buyer.kana,
            draft.buyer.email,
            row["search_text"],
        )
        for draft, row in rows
    ]
    cursor.execute(CUSTOMERS, [list(column) for column in zip(*people, strict=True)])
    customers, names, now = dict(cursor.fetchall()), order_columns(), datetime.now().astimezone()
    orders = (
        [pk, *((row | {"number": number, "customer_id": customers[who]})[name] for name in names)]
        for (number, pk), (who, *_), (_, row) in zip(given, people, rows, strict=True)
    )
    _copy(cursor, f"orders_order (id, {', '.join(names)})", orders)
    told = (
        (given[n][1], at, sku, line.sku_code, line.name, "", 1, 1080, 8, True, "", "{}")
        for n, at, sku, line in lines
    )
    _copy(cursor, f"orders_orderline ({LINE_COLUMNS})", told)
    facts = (
        (now, "orders.order", pk, number, "place", "その他", "", "ready", "{}", "システム")
        for number, pk in given
    )
    _copy(cursor, f"core_activity ({ACTIVITY_COLUMNS})", facts)


def _copy(cursor: Any, table: str, rows: Iterable[Sequence[Any]]) -> None:
    with cursor.copy(f"COPY {table} FROM STDIN") as copy:
        for row in rows:
            copy.write_row(row)
