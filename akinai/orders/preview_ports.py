"""変更の影響 as other rooms tell it: what already stands on an order that a change of it would touch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from akinai.orders.models import Order

MONEY, GOODS, DELIVERY = "money", "goods", "delivery"


@dataclass(frozen=True, slots=True)
class Consequence:
    """影響: a sentence with the way out. `about`: which kinds of change it matters to."""

    text: str
    about: frozenset[str]
    tone: str = "warn"
    url: str = ""


Tell = Callable[["Order"], Sequence[Consequence]]
_tellers: list[Tell] = []


def tell_consequences(tell: Tell) -> None:
    """A room above says what stands on an order (called from its AppConfig.ready)."""
    _tellers.append(tell)


def consequences(order: Order) -> list[Consequence]:
    """What all rooms say of this order."""
    return [one for tell in _tellers for one in tell(order)]
