"""いつの店舗か (日時を指定した表示): the preview of staff is drawn as if it were another moment.

`core.clock` is told the moment, so banners and coupons obey it by themselves; the prices of that moment stand here.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime

from akinai.content import segments
from akinai.core import clock


@dataclass(frozen=True, slots=True)
class Moment:
    """What is different then. `prices`: SKU id → yen; `announcement`: None where nothing changes it."""

    at: datetime
    segment: str = ""
    prices: dict[int, int] = field(default_factory=dict)
    announcement: str | None = None


_looked: ContextVar[Moment | None] = ContextVar("moment", default=None)


@contextmanager
def looked_at(moment: Moment) -> Iterator[None]:
    """Inside the block the shop is drawn as it will be then."""
    mine, played = _looked.set(moment), segments.pretended.set(moment.segment)
    try:
        with clock.told(moment.at):
            yield
    finally:
        segments.pretended.reset(played)
        _looked.reset(mine)


def prices() -> dict[int, int]:
    """SKU id → the price of the moment looked at, where it differs from today's; {} in the shop itself."""
    looked = _looked.get()
    return looked.prices if looked else {}


def announcement() -> str | None:
    """The announcement of the moment looked at; None where it is today's."""
    looked = _looked.get()
    return looked.announcement if looked else None
