"""Numbers for people (採番): SO-2026-000123. Primary keys never reach paper."""

from __future__ import annotations

from datetime import date

from django.db import connection, transaction

from akinai.core import clock

# series → prefix. A series without gaps takes a row lock until commit; the others use a sequence and may skip.
PREFIXES = {
    "order": "SO",
    "quote": "QT",
    "check_rule": "CK",
    "subscription": "SC",
    "purchase_order": "PO",
    "goods_receipt": "GR",
    "discrepancy": "DC",
    "supplier_bill": "SB",
    "supplier_return": "SR",
    "landed_cost": "LC",
    "payment_run": "FB",
    "payable_correction": "PC",
    "supplier": "SU",
    "customer": "CU",
    "product": "PR",
    "stocktake": "ST",
    "stock_feed": "SF",
    "transfer": "TR",
    "write_down": "WD",
    "keep_aside": "KP",
    "shipment": "SH",
    "batch": "WV",
    "merge": "MG",
    "return": "RT",
    "invoice": "INV",
    "credit_note": "CN",
    "slip": "DN",
    "statement": "BL",
    "received_document": "RD",
    "receipt": "RC",
    "payment": "PY",
    "match": "MT",
    "refund": "RF",
    "payment_request": "PQ",
    "settlement": "SE",
    "journal": "JE",
    "journal_export": "JX",
    "ticket": "TK",
    "complaint": "CL",
    "compensation": "CM",
    "prevention": "PV",
    "article": "QA",
    "shop_order": "WEB",
    "inquiry": "IQ",
    "release": "RL",
    "erasure": "ER",
}


def _format(series: str, year: int, value: int) -> str:
    return f"{PREFIXES[series]}-{year}-{value:06d}"


def take(series: str, count: int = 1, *, on: date | None = None) -> list[str]:
    """`count` new numbers in rising order. Concurrent callers never wait for each other; gaps may stay."""
    year = (on or clock.today()).year
    name = f"akinai_no_{series}_{year}"
    values = _draw(name, count)
    return [_format(series, year, value) for value in values]


_known_sequences: set[str] = set()


def _draw(sequence: str, count: int) -> list[int]:
    with connection.cursor() as cursor:
        if sequence not in _known_sequences:
            cursor.execute("SELECT to_regclass(%s)", [sequence])
            if cursor.fetchone()[0] is None:
                # Two first callers of a year may meet here; the lock lets one create, the other find it.
                cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [sequence])
                cursor.execute(f'CREATE SEQUENCE IF NOT EXISTS "{sequence}"')
            else:
                # It may have been made in this very transaction, which can still be rolled back.
                transaction.on_commit(lambda: _remember(sequence))
        cursor.execute("SELECT nextval(%s::regclass) FROM generate_series(1, %s)", [sequence, count])
        return [row[0] for row in cursor.fetchall()]


def _remember(sequence: str) -> None:
    """Nothing is known for good while a transaction is open: tests run what waits for a commit before they undo all."""
    if not connection.in_atomic_block:
        _known_sequences.add(sequence)


@transaction.atomic
def take_gapless(series: str, *, on: date | None = None) -> str:
    """The next number of a series without gaps (請求書): waits for a running transaction of the same series."""
    year = (on or clock.today()).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_numberseries (series, year, last) VALUES (%s, %s, 1) "
            "ON CONFLICT (series, year) DO UPDATE SET last = core_numberseries.last + 1 RETURNING last",
            [series, year],
        )
        return _format(series, year, cursor.fetchone()[0])


@transaction.atomic
def take_gapless_many(series: str, count: int, *, on: date | None = None) -> list[str]:
    """`count` consecutive numbers of a series without gaps."""
    if count <= 0:
        return []
    year = (on or clock.today()).year
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO core_numberseries (series, year, last) VALUES (%s, %s, %s) "
            "ON CONFLICT (series, year) DO UPDATE SET last = core_numberseries.last + %s RETURNING last",
            [series, year, count, count],
        )
        last = cursor.fetchone()[0]
    return [_format(series, year, value) for value in range(last - count + 1, last + 1)]
