"""Proofs (整合性検証): each room says in SQL what must never be found; `akinai verify` looks.

A proof has two statements: `broken` returns the rows that contradict the rule (each with a readable first column),
`rows` returns one number, how many rows were looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db import connection


@dataclass(frozen=True, slots=True)
class Proof:
    name: str
    title: str
    rows: str
    broken: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What one proof found. `broken` holds up to 50 rows as dictionaries."""

    name: str
    title: str
    rows: int
    broken: list[dict[str, Any]]


_proofs: dict[str, Proof] = {}
_checks: dict[str, Callable[[], Finding]] = {}


def register(name: str, *, title: str, rows: str, broken: str) -> None:
    """Add a proof (called from a room's AppConfig.ready)."""
    _proofs[name] = Proof(name, title, rows, broken)


def register_check(name: str, run: Callable[[], Finding]) -> None:
    """Add a proof that SQL alone cannot make (files, fingerprints)."""
    _checks[name] = run


def run(proof: Proof, *, limit: int = 50) -> Finding:
    with connection.cursor() as cursor:
        cursor.execute(proof.rows)
        rows = cursor.fetchone()[0]
        cursor.execute(proof.broken)
        names = [column[0] for column in cursor.description]
        broken = [dict(zip(names, row, strict=True)) for row in cursor.fetchmany(limit)]
    return Finding(proof.name, proof.title, rows, broken)


def run_all(*beginnings: str) -> list[Finding]:
    """Every registered proof, by name; or only those whose name begins with one of `beginnings`."""
    wanted = beginnings or ("",)
    rows = [run(_proofs[name]) for name in sorted(_proofs) if name.startswith(wanted)]
    return rows + [_checks[name]() for name in sorted(_checks) if name.startswith(wanted)]
