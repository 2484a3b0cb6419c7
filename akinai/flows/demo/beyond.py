"""見本の会社に、上の部屋が加えるもの: what rooms above the stairs add to the demo's day (called from AppConfig.ready)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

type Part = Callable[["Shop", datetime], None]
_parts: list[Part] = []


def register(part: Part) -> None:
    """`part` is called once, with the company and the moment that it is there; it acts at or before that moment."""
    if part not in _parts:
        _parts.append(part)


def add_all(shop: Shop, now: datetime) -> None:
    """Everything that was registered, in its order."""
    for part in _parts:
        part(shop, now)
