"""Keyset paging (続きから読む頁送り): by (sort key, id), so page 1,000 costs what page 1 costs and no row is skipped.

The address carries a cursor: the last row's sort value and id. Rows that come or go between two clicks neither
push others onto the next page nor hide them.
"""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.db import connection
from django.db.models import F, IntegerField, Model, Q, QuerySet
from django.db.models.expressions import Combinable, OrderBy, RawSQL

SORT, COUNTS = "_sort", "_counts"
_READERS: dict[str, Callable[[Any], Any]] = {
    "t": datetime.fromisoformat, "d": date.fromisoformat, "n": Decimal, "s": str,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cursor:
    """Where a page begins: after (or before) the row with this sort value and id. `offset`: rows seen before it."""

    value: Any
    pk: int
    offset: int
    before: bool = False

    def token(self) -> str:
        """As it stands in the address."""
        kind, value = _freeze(self.value)
        packed = json.dumps([kind, value, self.pk, self.offset], separators=(",", ":"), ensure_ascii=False)
        return base64.urlsafe_b64encode(packed.encode()).decode().rstrip("=")


def read_cursor(token: str, *, before: bool) -> Cursor | None:
    """The cursor of an address, or None where it cannot be read (then the list starts at its top)."""
    try:
        raw = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        kind, value, pk, offset = json.loads(raw)
        if (
            not isinstance(pk, int)
            or not isinstance(offset, int)
            or not 0 <= offset < 10**9
            or abs(pk) >= 2**63
        ):
            return None
        return Cursor(_thaw(kind, value), pk, offset, before)
    except (ValueError, TypeError, KeyError, ArithmeticError, binascii.Error, RecursionError):
        return None


def _freeze(value: Any) -> tuple[str, Any]:
    if isinstance(value, datetime):
        return "t", value.isoformat()
    if isinstance(value, date):
        return "d", value.isoformat()
    if isinstance(value, Decimal):
        return "n", str(value)
    return ("", value) if value is None or isinstance(value, int | str | bool | float) else ("s", str(value))


def _thaw(kind: str, value: Any) -> Any:
    if kind in _READERS:
        return _READERS[kind](value)
    if value is not None and not isinstance(value, int | str | bool | float):
        raise ValueError("a cursor's value is a scalar")
    return value


@dataclass(frozen=True, slots=True)
class Sorting:
    """Sort by `expression`, then by id in the same direction, so that one index serves both."""

    expression: Combinable
    descending: bool = False
    nullable: bool = False

    def order(self, *, backwards: bool = False) -> list[Any]:
        down = self.descending != backwards
        nulls: dict[str, Any] = {}
        if self.nullable:
            nulls = {"nulls_first": True} if backwards else {"nulls_last": True}
        return [OrderBy(F(SORT), descending=down, **nulls), "-pk" if down else "pk"]

    def beyond(self, cursor: Cursor) -> Q:
        """Rows behind the cursor in reading direction. Empty values stand last in either direction."""
        down = self.descending != cursor.before
        step = Q(pk__lt=cursor.pk) if down else Q(pk__gt=cursor.pk)
        if cursor.value is None:
            rest = Q(**{f"{SORT}__isnull": False}) if cursor.before else Q()
            same = Q(**{f"{SORT}__isnull": True}) & step
            return (rest | same) if cursor.before else same
        op = "lt" if down else "gt"
        # `key <= v AND (key < v OR id < i)`: the first half is what an index can seek by.
        found = Q(**{f"{SORT}__{op}e": cursor.value}) & (Q(**{f"{SORT}__{op}": cursor.value}) | step)
        if self.nullable and not cursor.before:
            found |= Q(**{f"{SORT}__isnull": True})
        return found


def sorting_by(model: type[Model], expression: Combinable, *, descending: bool) -> Sorting:
    """A Sorting that knows whether its key may be empty (expressions may, NOT NULL columns may not)."""
    return Sorting(expression, descending, _may_be_null(model, expression))


def _may_be_null(model: type[Model], expression: Combinable) -> bool:
    if not isinstance(expression, F):
        return True
    here: Any = model
    path: str = expression.name  # type: ignore[attr-defined]
    try:
        for name in path.split("__"):
            found = here._meta.pk if name == "pk" else here._meta.get_field(name)
            if found.null:
                return True
            here = found.related_model
    except (FieldDoesNotExist, AttributeError):
        return True
    return False


@dataclass(frozen=True, slots=True)
class Page:
    """Rows of one page and the cursors of its neighbours (empty where there is none)."""

    rows: Sequence[Any]
    start: int
    next: str = ""
    previous: str = ""
    counts: Sequence[int] = ()  # of the querysets that were counted along

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1


def page_of(
    queryset: QuerySet[Any],
    sorting: Sorting,
    *,
    size: int,
    cursor: Cursor | None,
    counted: Sequence[QuerySet[Any]] = (),
    cap: int = 0,
    rows_of: QuerySet[Any] | None = None,
) -> Page:
    """One page. A cursor that no longer fits the sort key (someone changed the address) shows the first page.

    `counted` are counted up to `cap` by the same statement, so that a list costs one query less. With `rows_of` (the same rows
    before they were narrowed) the page's ids are found first and only its rows are joined to what they show: for a search that
    meets a quarter of all.
    """
    try:
        rows = _read(queryset, sorting, size + 1, cursor, _counts(counted, cap) if counted else None, rows_of)
    except (ValueError, TypeError, ValidationError):
        if cursor is None:
            raise
        rows = []
    backwards = bool(cursor and cursor.before)
    more, rows = len(rows) > size, rows[:size]
    if backwards:
        rows.reverse()
    if cursor and not rows:
        return page_of(queryset, sorting, size=size, cursor=None, counted=counted, cap=cap, rows_of=rows_of)
    # Without a row nobody brings the counts along.
    counts = getattr(rows[0], COUNTS) if rows and counted else capped_counts(counted, cap=cap)
    return replace(_with_neighbours(rows, cursor, more=more), counts=counts)


def _read(
    queryset: QuerySet[Any], sorting: Sorting, most: int, cursor: Cursor | None, counts: RawSQL | None,
    rows_of: QuerySet[Any] | None,
) -> list[Any]:  # fmt: skip
    order = sorting.order(backwards=bool(cursor and cursor.before))
    sorted_rows = queryset.annotate(**{SORT: sorting.expression})
    found = sorted_rows.filter(sorting.beyond(cursor)) if cursor else sorted_rows
    if rows_of is not None:
        ids = found.order_by(*order).values("pk")[:most]
        found = rows_of.annotate(**{SORT: sorting.expression}).filter(pk__in=ids)
    told = found.annotate(**{COUNTS: counts}) if counts is not None else found
    return list(told.order_by(*order)[:most])


def _with_neighbours(rows: list[Any], cursor: Cursor | None, *, more: bool) -> Page:
    backwards = bool(cursor and cursor.before)
    seen = cursor.offset if cursor else 0
    start = max(seen - len(rows), 0) if backwards else seen
    # Turning back to the very first row: whatever the count said before, this is row 1.
    start = 0 if backwards and not more else start
    has_next = bool(rows) and (more if not backwards else True)
    has_previous = bool(rows) and (more if backwards else cursor is not None)
    last, first = (rows[-1], rows[0]) if rows else (None, None)
    return Page(
        rows,
        start + 1,
        next=Cursor(getattr(last, SORT), last.pk, start + len(rows)).token() if has_next and last else "",
        previous=Cursor(getattr(first, SORT), first.pk, start, True).token()
        if has_previous and first
        else "",
    )


def _counts(querysets: Sequence[QuerySet[Any]], cap: int) -> RawSQL:
    """How many rows each queryset has, as one value of a row. It does not depend on the row: it is found out once."""
    parts, parameters = _counting(querysets, cap)
    # Only what Django compiled from querysets is in it.
    whole = f"ARRAY[{', '.join(parts)}]"
    return RawSQL(whole, parameters, output_field=ArrayField(IntegerField()))  # noqa: S611


def capped_counts(querysets: Sequence[QuerySet[Any]], *, cap: int) -> list[int]:
    """How many rows each queryset has, counted up to `cap`, all in one statement: the cost stays flat."""
    if not querysets:
        return []
    parts, parameters = _counting(querysets, cap)
    with connection.cursor() as cursor:
        cursor.execute("SELECT " + ", ".join(parts), parameters)
        return list(cursor.fetchone())


def _counting(querysets: Sequence[QuerySet[Any]], cap: int) -> tuple[list[str], list[Any]]:
    parts: list[str] = []
    parameters: list[Any] = []
    for queryset in querysets:
        plain = queryset.order_by().values("pk")[:cap]
        try:
            sql, params = plain.query.sql_with_params()
        except EmptyResultSet:
            parts.append("(SELECT 0)")
            continue
        parts.append(f"(SELECT count(*) FROM ({sql}) counted)::int")
        parameters.extend(params)
    return parts, parameters
