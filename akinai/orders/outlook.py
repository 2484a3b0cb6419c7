"""お届けの見通し: the earliest day one order can arrive, from its goods, its address and the shop's calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.orders.delivery_ports import DeliveryAsk, DeliveryPromise, delivery_times
from akinai.orders.models import Order, OrderAddress
from akinai.purchasing.queries.leadtimes import backorder_days
from akinai.stock import queries as stock

COLUMNS = (
    "pk", "state", "ordered_at", "delivery_on", "delivery_slot", "carrier", "ship_prefecture", "ship_postal_code",
    "is_remote_island", "ship_by",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Outlook:
    """お届けの見通し. `promise` is None while nobody can say; `unknown`: goods whose coming nobody knows."""

    promise: DeliveryPromise | None = None
    unknown: tuple[str, ...] = ()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What the clerk must tell the customer."""
        if self.promise is None:
            return ()
        return tuple(filter(None, (self.promise.misses, self.promise.no_slot)))


def ask(order: Order, at: datetime, *, goods_on: date | None = None) -> DeliveryAsk:
    """お届けの問い of an order as it stands."""
    return DeliveryAsk(
        at, order.ship_prefecture, order.ship_postal_code, order.is_remote_island, order.carrier, order.delivery_on,
        order.delivery_slot, goods_on,
    )  # fmt: skip


def ask_of_address(address: OrderAddress, carrier: str, at: datetime) -> DeliveryAsk:
    """お届けの問い of one of the other addresses."""
    return DeliveryAsk(
        at, address.prefecture, address.postal_code, address.is_remote_island, carrier, address.delivery_on,
        address.delivery_slot,
    )  # fmt: skip


def of_order(order: Order, missing: Mapping[int, int]) -> Outlook:
    """見通し of a waiting order. `missing`: SKU → pieces that are not promised to it yet."""
    goods_on, unknown = _goods_day(missing, is_waiting=True)
    return _outlook(ask(order, clock.now(), goods_on=goods_on), unknown)


def of_goods(asked: DeliveryAsk, wanted: Mapping[int, int], *, is_at_hand: bool = False) -> Outlook:
    """見通し of what is being typed. `wanted`: SKU → pieces; `is_at_hand`: who asks knows that all of it can leave today."""
    if is_at_hand and wanted:
        return _outlook(replace(asked, goods_on=clock.today()), ())
    goods_on, unknown = _goods_day(wanted, is_waiting=False)
    return _outlook(replace(asked, goods_on=goods_on), unknown)


def _outlook(asked: DeliveryAsk, unknown: Sequence[str]) -> Outlook:
    if unknown or not asked.prefecture:
        return Outlook(None, tuple(unknown))
    return Outlook(delivery_times([asked])[0])


def _goods_day(wanted: Mapping[int, int], *, is_waiting: bool) -> tuple[date | None, list[str]]:
    """(the day on which all of it is there, codes of what nobody knows a day of)."""
    asked = {pk: pieces for pk, pieces in wanted.items() if pieces > 0}
    if not asked:
        return None, []
    promised = stock.promise(list(asked))
    days = {pk: _day(promised[pk], pieces, is_waiting=is_waiting) for pk, pieces in asked.items()}
    open_ones = [pk for pk, day in days.items() if day is None]
    if open_ones:
        days |= {pk: clock.today() + timedelta(days=n) for pk, n in backorder_days(open_ones).items()}
    unknown = [pk for pk, day in days.items() if day is None]
    if unknown:
        codes = catalog.sku_rows(unknown)
        return None, [codes[pk].code for pk in unknown]
    return max(day for day in days.values() if day), []


def _day(promised: stock.Promise, pieces: int, *, is_waiting: bool) -> date | None:
    """A new order takes what is free; one that already waits is served when all who wait are."""
    if not is_waiting:
        return promised.first_day(pieces)
    coming = 0
    for day in promised.days:
        coming += day.coming
        if coming >= promised.waiting:
            return max(day.on, promised.release_on) if promised.release_on else day.on
    return None
