"""お届け予定 for any number of orders: two queries, then the pure rules. Fills the port that orders declare."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from functools import cache

from django.utils import timezone

from akinai.core.gathering import gather
from akinai.core.remembering import once
from akinai.orders.delivery_ports import DeliveryAsk, DeliveryPromise
from akinai.orders.states import DELIVERY_SLOTS
from akinai.party import queries as party
from akinai.shipping import delivery_rules as rules
from akinai.shipping.models import CarrierAccount, CarrierDays, DeliveryCalendar
from akinai.shipping.ports import CARRIERS
from akinai.shipping.queries import name_of


def shop_days() -> rules.ShopDays:
    """出荷の暦 of the shop, as the rules read it."""
    return _shop_days(DeliveryCalendar.objects.first())


def _shop_days(kept: DeliveryCalendar | None) -> rules.ShopDays:
    if kept is None:
        return rules.ShopDays()
    return rules.ShopDays(
        kept.cutoff,
        frozenset(kept.closed_weekdays),
        frozenset(kept.closed_days),
        kept.closed_on_holidays,
        kept.prepare_days,
    )


def days_rows() -> list[rules.DaysRow]:
    """お届け日数, everything that is registered."""
    names = ("carrier", "prefecture", "postal_prefix", "is_island", "days", "has_slots", "is_estimate")
    return [rules.DaysRow(*row) for row in CarrierDays.objects.order_by("id").values_list(*names)]


def default_carrier() -> str:
    """既定の運送会社, else the first door."""
    kept = CarrierAccount.objects.filter(is_default=True).values_list("carrier", flat=True).first()
    return kept or next(iter(CARRIERS), "")


def slots_of(carrier: str, *, has_slots: bool = True) -> tuple[str, ...]:
    """お届け時間帯 that can be asked for."""
    if not has_slots:
        return ()
    return CARRIERS[carrier].slots if carrier in CARRIERS else tuple(DELIVERY_SLOTS)


def delivery_times(asks: Sequence[DeliveryAsk]) -> list[DeliveryPromise]:
    """お届け予定 per question. Handler of `orders.delivery_ports`."""
    shop, usual, pickups = once("delivery settings", _settings)
    rows = once("delivery days", days_rows)
    origin = party.company().prefecture
    by_place = _Ways(rows, origin)

    @cache  # of thousands of orders that are asked about at one moment, most go where others go
    def promise(ask: DeliveryAsk) -> DeliveryPromise:
        carrier = ask.carrier or usual
        return _promise(ask, carrier, shop, by_place, pickups.get(carrier))

    return [promise(ask) for ask in asks]


def _settings() -> tuple[rules.ShopDays, str, dict[str, rules.Pickup]]:
    """(出荷の暦, 既定の運送会社, 集荷 of each carrier). One query."""
    calendars, accounts = gather(DeliveryCalendar.objects.order_by("pk")[:1], CarrierAccount.objects.all())
    usual = next((one.carrier for one in accounts if one.is_default), "") or next(iter(CARRIERS), "")
    pickups = {one.carrier: one.settings.get("pickup_at") for one in accounts}
    return _shop_days(next(iter(calendars), None)), usual, {
        carrier: rules.Pickup(name_of(carrier), time.fromisoformat(at)) for carrier, at in pickups.items() if at
    }  # fmt: skip


class _Ways:
    """The rows by prefecture, so that a thousand orders do not each walk through all of them."""

    def __init__(self, rows: Sequence[rules.DaysRow], origin: str) -> None:
        self.rows, self.origin = rows, origin
        self.of_prefecture: dict[str, list[rules.DaysRow]] = {}

    def to(self, ask: DeliveryAsk, carrier: str) -> rules.Transit:
        if ask.prefecture not in self.of_prefecture:
            mine = [row for row in self.rows if row.prefecture in ("", ask.prefecture)]
            self.of_prefecture[ask.prefecture] = mine
        return rules.transit(
            self.of_prefecture[ask.prefecture], carrier=carrier, prefecture=ask.prefecture,
            postal_code=ask.postal_code, is_island=ask.is_island, origin=self.origin,
        )  # fmt: skip


def _promise(
    ask: DeliveryAsk, carrier: str, shop: rules.ShopDays, ways: _Ways, pickup: rules.Pickup | None
) -> DeliveryPromise:
    way = ways.to(ask, carrier)
    at = timezone.localtime(ask.at)
    soonest = rules.earliest(at, shop, way, goods_on=ask.goods_on, pickup=pickup)
    slots = slots_of(carrier, has_slots=way.has_slots)
    return DeliveryPromise(
        soonest.ship_on, soonest.arrives_on, rules.ship_by(ask.wish, shop, way) if ask.wish else soonest.ship_on,
        way.days, soonest.why, rules.missed(ask.wish, soonest), _no_slot(ask.slot, slots, carrier, way), slots,
        way.is_estimate,
    )  # fmt: skip


def _no_slot(slot: str, slots: Sequence[str], carrier: str, way: rules.Transit) -> str:
    if not slot or slot in slots:
        return ""
    word = DELIVERY_SLOTS.get(slot, slot)
    if not way.has_slots:
        return f"{way.place}へは時間帯（{word}）を指定できません"
    return f"{name_of(carrier)}に時間帯「{word}」はありません"
