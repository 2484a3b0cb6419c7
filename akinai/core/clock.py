"""The one place that asks what time it is (現在時刻), so that everything else can be told."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime

from django.utils import timezone

_told: ContextVar[datetime | None] = ContextVar("told", default=None)


def now() -> datetime:
    """The moment, aware."""
    return _told.get() or timezone.now()


def today() -> date:
    """The business day in Japan (Asia/Tokyo)."""
    return timezone.localdate(now())


@contextmanager
def told(moment: datetime) -> Iterator[None]:
    """Inside the block it is `moment` (aware), for this thread only: the demo's past days, and tests."""
    before = _told.set(moment)
    try:
        yield
    finally:
        _told.reset(before)
