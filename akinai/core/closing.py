"""締めた月 as the rooms below the books know it: which day a late fact is booked on.

The books (accounting) fill this in; without them every day is open. Refusing a closed day is the database's task, see
`akinai.core.errors.SPEAKS`.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

_closed_until: list[Callable[[], date | None]] = []


def fill(closed_until: Callable[[], date | None]) -> None:
    """Called once by the room that closes months: its answer is the last closed day."""
    _closed_until[:] = [closed_until]


def closed_until() -> date | None:
    """The last day that is closed, None when no month is."""
    return _closed_until[0]() if _closed_until else None


def opener() -> Callable[[date], date]:
    """For many days with one look: each day itself, or the first open day when its month is closed."""
    last = closed_until()
    return lambda day: last + timedelta(days=1) if last and day <= last else day


def open_day(day: date) -> date:
    """The day on which a fact of `day` is booked now: a fact that comes late goes to the first open day."""
    return opener()(day)
