"""お届けと送料 beside a product: when it arrives and what its parcel costs, as the rooms of the work tell it.

Both answers hold for a minute in the memory of the process: they change by day, and the checkout asks again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.core.cache import cache
from django.db import connection

from akinai.core import clock
from akinai.orders.delivery_ports import DeliveryAsk, DeliveryPromise, delivery_times
from akinai.orders.fee_ports import FeeAsk, ShippingCharge, charges

CHANNEL = "own"
SECONDS = 60


@dataclass(frozen=True, slots=True)
class Sending:
    """お届け: the promise (None where no room tells it) and the charge, to one prefecture."""

    prefecture: str
    promise: DeliveryPromise | None
    charge: ShippingCharge


def sending(
    prefecture: str, *, goods_yen: int, goods_on: date | None, temperature: str = "", is_island: bool | None = None
) -> Sending:  # fmt: skip
    """What one piece for `goods_yen` takes and costs to this prefecture, when the goods are there on `goods_on` (None: now)."""
    now = clock.now()
    key = f"sending:{connection.settings_dict['NAME']}:{prefecture}:{goods_yen}:{goods_on}:{temperature}:{now:%Y%m%d%H%M}"
    kept: Sending | None = cache.get(key)
    if kept is None:
        ask = DeliveryAsk(at=now, prefecture=prefecture, goods_on=goods_on)
        fee = FeeAsk(
            goods_yen, CHANNEL, prefecture, clock.today(), is_island=is_island, temperature=temperature
        )
        kept = Sending(prefecture, delivery_times([ask])[0], charges([fee])[0])
        cache.set(key, kept, SECONDS)
    return kept
