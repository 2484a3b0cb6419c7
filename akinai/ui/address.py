"""Query strings with edits (条件つきのアドレス)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.http import QueryDict

# A changed condition starts at the top again, and a file is made once, not on every later click.
PASSING = ("after", "before", "export", "encoding")


def edited(query: QueryDict, changes: Mapping[str, Any], *, keep: Iterable[str] = ()) -> str:
    """`?a=1&…` with `changes` applied: None removes a name, a list sets several values. "?" when nothing is left."""
    found = query.copy()
    for name in PASSING:
        if name not in keep:
            found.pop(name, None)
    for name, value in changes.items():
        found.pop(name, None)
        if value is not None:
            found.setlist(name, [str(v) for v in value] if isinstance(value, list | tuple) else [str(value)])
    return "?" + found.urlencode(safe="~:,")


def without(query: QueryDict, names: Iterable[tuple[str, str | None]]) -> str:
    """`query` without these parameters (a value of None takes all values of the name)."""
    found = query.copy()
    for name, value in names:
        kept = [] if value is None else [v for v in found.getlist(name) if v != value]
        found.setlist(name, kept) if kept else found.pop(name, None)
    return edited(found, {})


def normal(query: QueryDict) -> str:
    """The condition alone, in one order: to compare and to save."""
    pairs = sorted(
        (name, value)
        for name in query
        for value in query.getlist(name)
        if value.strip() and name not in (*PASSING, "size")
    )
    made = QueryDict(mutable=True)
    for name, value in pairs:
        made.appendlist(name, value)
    return made.urlencode(safe="~:,")
