"""What stock asks of the rooms above (在庫の口): when goods come. Filled by purchasing; empty while nobody fills it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Coming:
    """入荷予定: pieces of one SKU on a day (None: not known yet), and the paper that tells it."""

    sku_id: int
    on: date | None
    pieces: int
    document: str


type Incoming = Callable[[Iterable[int]], Sequence[Coming]]
_incoming: list[Incoming] = []


def register_incoming(tell: Incoming) -> None:
    """Called from AppConfig.ready of the room that knows what comes."""
    _incoming.append(tell)


def incoming(sku_ids: Iterable[int]) -> list[Coming]:
    """入荷予定 of these SKUs from everybody who knows, the earliest first; those without a day last."""
    ids = list(sku_ids)
    found = [one for tell in _incoming for one in tell(ids)]
    return sorted(found, key=lambda one: (one.on is None, one.on or date.min, one.document))
