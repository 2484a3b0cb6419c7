"""まとめて読む: several small questions of one page in one statement.

A public page asks for many little things (the shop's row, the menu, the rating). Asked one by one they cost a round trip
each; gathered they cost one. For rows of plain models, read only: no select_related, no prefetch.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import Model, QuerySet


def gather(*asked: QuerySet[Any]) -> list[list[Any]]:
    """The rows of each queryset in its order, all read by one statement and by one snapshot."""
    parts: list[str] = []
    params: list[Any] = []
    for rows in asked:
        told = _sql(rows)
        parts.append(
            f"(SELECT coalesce(json_agg(row_to_json(t)), '[]')::text FROM ({told[0]}) t)" if told else "'[]'"
        )
        params += told[1] if told else ()
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(parts)}", params)
        found = cursor.fetchone()
    return [
        [_made(rows.model, row) for row in json.loads(text, parse_float=Decimal)]
        for rows, text in zip(asked, found, strict=True)
    ]


def put(instance: Model, name: str, rows: Sequence[Any]) -> None:
    """Lay rows that were gathered where `instance.name.all()` finds them, as prefetch_related would."""
    found = getattr(instance, name).get_queryset()
    found._result_cache, found._prefetch_done = list(rows), True
    kept: dict[str, Any] = instance.__dict__.setdefault("_prefetched_objects_cache", {})
    kept[name] = found


def _sql(rows: QuerySet[Any]) -> tuple[str, tuple[Any, ...]] | None:
    """None for what is empty without asking."""
    try:
        sql, params = rows.query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, params


def _made(model: type[Model], row: dict[str, Any]) -> Model:
    """A row as the model would have read it; what was annotated stands beside its fields."""
    fields = {
        field.column: field for field in model._meta.concrete_fields if field.column and field.column in row
    }
    values = [field.to_python(row.pop(column)) for column, field in fields.items()]
    made = model.from_db(connection.alias, [field.attname for field in fields.values()], values)
    for name, value in row.items():
        setattr(made, name, value)
    return made
