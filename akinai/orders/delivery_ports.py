"""お届け予定 as orders ask for it: when may a parcel leave, when does it arrive, and why not earlier.

The room of shipping answers; it keeps the shop's calendar and the carriers' days.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class DeliveryAsk:
    """お届けの問い: asked at a moment, for one address. `goods_on`: the day on which all goods are there."""

    at: datetime
    prefecture: str
    postal_code: str = ""  # 7 digits
    is_island: bool = False
    carrier: str = ""  # "" is the carrier by default
    wish: date | None = None
    slot: str = ""
    goods_on: date | None = None


@dataclass(frozen=True, slots=True)
class DeliveryPromise:
    """お届け予定. `why`: what made it later than the next day, in sentences; `misses`: why the wished day cannot be met,
    `no_slot`: why the time of day cannot be asked for, each "" when it can.

    `ship_by` 出荷期限: the last day to ship for the wish, else the day on which the parcel ought to leave.
    """

    ship_on: date
    arrives_on: date
    ship_by: date
    days: int
    why: tuple[str, ...] = ()
    misses: str = ""
    no_slot: str = ""
    slots: tuple[str, ...] = ()
    is_estimate: bool = False  # nobody has registered the days to this place: they are guessed by distance


DeliveryTimes = Callable[[Sequence[DeliveryAsk]], list[DeliveryPromise]]
_times: list[DeliveryTimes] = []


def keep_delivery_times(answer: DeliveryTimes) -> None:
    """The room of shipping says when parcels arrive (called from its AppConfig.ready). A constant number of queries."""
    _times[:] = [answer]


def delivery_times(asks: Sequence[DeliveryAsk]) -> list[DeliveryPromise | None]:
    """One answer per question, None where no room answers."""
    if not asks:
        return []
    return list(_times[0](asks)) if _times else [None] * len(asks)
