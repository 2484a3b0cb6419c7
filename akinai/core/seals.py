"""Seals on the ledgers (台帳の封印): what was written once can be proven unchanged.

Triggers refuse changes, but whoever owns the database can switch triggers off. So every while the new rows of each
ledger are put under a seal: a SHA-256 over their contents and the seal before. `check()` computes them again; a row
that was edited, slipped in or taken out since no longer fits. Copying the newest seal elsewhere (it is in each backup
and in `akinai verify`) makes rewriting the whole chain visible too.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import connection, transaction

from akinai.core import clock
from akinai.core.models import LedgerSeal, SealErasure
from akinai.core.proofs import Finding

ROWS_PER_SEAL = 20_000
BEFORE_ALL = -(2**63)  # the first seal covers everything below, too


def ledgers() -> list[str]:
    """The tables that only grow, by the trigger they wear; the seals themselves are chained anyway."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname = 'akinai_append_only' ORDER BY 1"
        )
        return [table for (table,) in cursor.fetchall() if table != LedgerSeal._meta.db_table]


def seal_all() -> int:
    """Seal every row that is not sealed yet; returns how many rows. One transaction a seal; safe to run at any time."""
    return sum(_seal_table(table) for table in ledgers())


def _seal_table(table: str) -> int:
    total = 0
    while count := _seal_next(table):
        total += count
    return total


@transaction.atomic
def _seal_next(table: str) -> int:
    with connection.cursor() as cursor:
        # Waits for writers in mid-act: nobody can still commit a row below the last number we seal.
        cursor.execute(f"LOCK TABLE {table} IN SHARE MODE")
        last = LedgerSeal.objects.filter(table=table).order_by("-to_id").first()
        begin = last.to_id if last else BEFORE_ALL
        cursor.execute(
            f"SELECT max(id) FROM (SELECT id FROM {table} WHERE id > %s ORDER BY id LIMIT %s) rows",
            [begin, ROWS_PER_SEAL],
        )
        end = cursor.fetchone()[0]
    if end is None:
        return 0
    columns = _columns(table)
    rows, content = _content(table, columns, begin, end)
    LedgerSeal.objects.create(
        table=table, columns=columns, from_id=begin, to_id=end, rows=rows, at=clock.now(),
        digest=_chained(last.digest if last else "", content),
    )  # fmt: skip
    return rows


def _columns(table: str) -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
            "AND attgenerated = '' ORDER BY attname",
            [table],
        )
        return [row[0] for row in cursor.fetchall()]


def _content(table: str, columns: Sequence[str], begin: int, end: int) -> tuple[int, str]:
    """(rows, SHA-256 of their contents) of begin < id ≤ end. The columns are named, so that new ones change nothing."""
    cells = ", ".join(f'"{name}"::text' for name in columns)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "SET LOCAL timezone TO 'UTC'; SET LOCAL datestyle TO 'ISO'; SET LOCAL extra_float_digits TO 1"
        )
        cursor.execute(
            f"SELECT count(*), encode(sha256(convert_to(coalesce(string_agg(jsonb_build_array({cells})::text, E'\\n' "
            f"ORDER BY id), ''), 'UTF8')), 'hex') FROM {table} WHERE id > %s AND id <= %s",
            [begin, end],
        )
        found: tuple[int, str] = cursor.fetchone()
    return found


def _chained(before: str, content: str) -> str:
    return hashlib.sha256(f"{before}{content}".encode()).hexdigest()


def _range(seal: LedgerSeal) -> str:
    return f"{'' if seal.from_id == BEFORE_ALL else seal.from_id + 1}〜{seal.to_id}"


def check() -> Finding:
    """Every seal computed again: `rows` sealed rows looked at, `broken` seals that no longer fit."""
    broken: list[dict[str, Any]] = []
    looked = 0
    before: dict[str, str] = {}
    existing: dict[str, set[str]] = {}
    erasures: dict[int, list[SealErasure]] = {}
    for one in SealErasure.objects.order_by("pk"):
        erasures.setdefault(one.seal_id, []).append(one)
    for seal in LedgerSeal.objects.order_by("table", "to_id"):
        looked += seal.rows
        known = existing.setdefault(seal.table, set(_columns(seal.table)))
        rows, content = (
            _content(seal.table, seal.columns, seal.from_id, seal.to_id)
            if known.issuperset(seal.columns)
            else (0, "")
        )
        sealed = _led_back(content, erasures.get(seal.pk, []))
        if _chained(before.get(seal.table, ""), sealed) != seal.digest:
            broken.append(
                {"table": seal.table, "rows": _range(seal), "sealed_rows": seal.rows,
                 "rows_now": rows, "sealed_at": seal.at}
            )  # fmt: skip
        before[seal.table] = seal.digest
    return Finding("ledgers_are_as_sealed", "台帳の行は封印したときのまま", looked, broken)


@contextmanager
def erasing(table: str, ids: Sequence[int]) -> Iterator[None]:
    """消去: rows of a sealed ledger lose what is personal within this block, and the seals over them can still be proven.

    Of each seal the fingerprint of its rows before and after is written into a ledger of its own, `SealErasure`. Whoever
    changed a row without it is found as before.
    """
    with transaction.atomic():
        with connection.cursor() as cursor:  # no new seal may be put on these rows meanwhile
            cursor.execute(f"LOCK TABLE {table} IN ROW EXCLUSIVE MODE")
        over = [
            seal
            for seal in LedgerSeal.objects.filter(table=table)
            if any(seal.from_id < pk <= seal.to_id for pk in ids)
        ]
        before = {seal.pk: _content_of(seal) for seal in over}
        yield
        for seal in over:
            after = _content_of(seal)
            if after != before[seal.pk]:
                SealErasure.objects.create(seal=seal, content_before=before[seal.pk], content_after=after)


def _content_of(seal: LedgerSeal) -> str:
    return _content(seal.table, seal.columns, seal.from_id, seal.to_id)[1]


def _led_back(content: str, erasures: Sequence[SealErasure]) -> str:
    """The contents at the time of the seal: what stands now, led back through the erasures since."""
    for one in reversed(erasures):
        if one.content_after != content:
            return content
        content = one.content_before
    return content
