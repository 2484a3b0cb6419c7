"""Many rows of one table in one statement (まとめて書く): plain dictionaries in, primary keys out.

For the few places where thousands of rows arrive at once and building model instances would cost more than writing
them. A few rows go by INSERT … VALUES, many by COPY; constraints, triggers and generated columns work as always.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

from django.db import connection, models, transaction
from psycopg import sql

FEW = 25
type Row = Mapping[str, Any]


@cache
def _columns(model: type[models.Model]) -> tuple[str, ...]:
    """Columns that are written: all but the primary key and what the database generates."""
    fields = model._meta.concrete_fields
    return tuple(f.column for f in fields if f.column and not f.primary_key and not f.generated)


@cache
def _json_columns(model: type[models.Model]) -> frozenset[str]:
    return frozenset(
        f.column for f in model._meta.concrete_fields if isinstance(f, models.JSONField) and f.column
    )


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def _dumps(value: Any) -> str | None:
    """JSON as text, which the column takes; None stays NULL."""
    if value == {}:
        return "{}"
    return None if value is None else _encode(value)


def insert(model: type[models.Model], rows: Sequence[Row]) -> list[int]:
    """Write the rows and give their primary keys in the same order.

    Each row names every column of the table (foreign keys as `…_id`), except the primary key and generated ones;
    a missing one is a KeyError. Enum members must be given as plain text. Raises IntegrityError like any INSERT, with
    nothing of this call written.
    """
    if not rows:
        return []
    names = _columns(model)
    as_json = _json_columns(model)
    values = [[_dumps(row[n]) if n in as_json else row[n] for n in names] for row in rows]
    with transaction.atomic(savepoint=False):
        write: Callable[..., list[int]] = _by_values if len(rows) <= FEW else _by_copy
        return write(model, names, values)


def _by_values(model: type[models.Model], names: Sequence[str], values: Sequence[Sequence[Any]]) -> list[int]:
    one = f"({', '.join(['%s'] * len(names))})"
    statement = (
        f'INSERT INTO "{model._meta.db_table}" ({_quoted(names)}) VALUES {", ".join([one] * len(values))} '
        f'RETURNING "{_key(model)}"'
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for row in values for value in row])
        return [pk for (pk,) in cursor.fetchall()]


def _by_copy(model: type[models.Model], names: Sequence[str], values: Sequence[Sequence[Any]]) -> list[int]:
    table, key = model._meta.db_table, _key(model)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
            [table, key, len(values)],
        )
        keys = [pk for (pk,) in cursor.fetchall()]
        statement = sql.SQL("COPY {} ({}) FROM STDIN").format(
            sql.Identifier(table), sql.SQL(", ").join(map(sql.Identifier, [key, *names]))
        )
        with connection.wrap_database_errors, cursor.cursor.copy(statement) as copy:
            for pk, row in zip(keys, values, strict=True):
                copy.write_row([pk, *row])
    return keys


def _key(model: type[models.Model]) -> str:
    return str(model._meta.pk.column)


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)
