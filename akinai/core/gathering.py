"""まとめて読む: several small questions of one page in one statement.

A page asks for many little things (the shop's row, the menu, the rating; the panels of many rooms). Asked one by one they
cost a round trip each; gathered they cost one. Read only; what is prefetched is read after, as ever.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet

type Part = tuple[str, Sequence[Any]] | None


def gather(*asked: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each queryset in its order (models with all that they select, or values), all read by one statement and by
    one snapshot."""
    copies = [rows.all() for rows in asked]
    compilers = [rows.query.get_compiler(connection=connection) for rows in copies]
    texts = _read([_rows_part(compiler) for compiler in compilers], empty="'[]'")
    return [
        _filled(rows, compiler, json.loads(text, parse_float=Decimal))
        for rows, compiler, text in zip(copies, compilers, texts, strict=True)
    ]


def counts(*asked: QuerySet[Any]) -> list[int]:
    """How many rows each queryset has, all counted by one statement and by one snapshot."""
    unsorted = [rows if rows.query.is_sliced else rows.order_by() for rows in asked]
    told = [_part(rows.query.get_compiler(connection=connection)) for rows in unsorted]
    parts = [(f"SELECT count(*) FROM ({part[0]}) t", part[1]) if part else None for part in told]
    return _read(parts, empty="0")


def put(instance: Model, name: str, rows: Sequence[Any]) -> None:
    """Lay rows that were gathered where `instance.name.all()` finds them, as prefetch_related would."""
    found = getattr(instance, name).get_queryset()
    found._result_cache, found._prefetch_done = list(rows), True
    kept: dict[str, Any] = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[name] = found


def _part(compiler: Any) -> Part:
    """The statement of a queryset; None for what is empty without asking."""
    try:
        sql, params = compiler.as_sql()
    except EmptyResultSet:
        return None
    return sql, params


def _rows_part(compiler: Any) -> Part:
    """The same with its rows as one text. Its columns are numbered: two joined tables have columns of one name."""
    part = _part(compiler)
    if part is None:
        return None
    names = ", ".join(f"c{at}" for at in range(len(compiler.select)))
    rows = f"SELECT coalesce(json_agg(row_to_json(t)), '[]')::text FROM ({part[0]}) t({names})"
    return rows, part[1]


def _read(parts: Sequence[Part], *, empty: str) -> list[Any]:
    """One value of each part."""
    told = [f"({part[0]})" if part else empty for part in parts]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(told)}", [value for part in parts if part for value in part[1]])
        return list(cursor.fetchone())


def _filled(rows: QuerySet[Any], compiler: Any, found: list[dict[str, Any]]) -> list[Any]:
    """What Django makes of these rows, as if its own compiler had read them."""
    if not found:
        return []
    fields = [(f"c{at}", column.output_field) for at, (column, _, _) in enumerate(compiler.select)]

    def read(*_: Any, **__: Any) -> Iterator[tuple[Any, ...]]:
        return (tuple(_value(row[name], field) for name, field in fields) for row in found)

    compiler.execute_sql, compiler.results_iter = read, read
    rows.query.get_compiler = lambda *_, **__: compiler  # type: ignore[method-assign]
    return list(rows)


def _value(told: Any, field: Any) -> Any:
    """A value of JSON as the field has it; of what was joined and is not there, nothing."""
    return None if told is None else field.to_python(told)
