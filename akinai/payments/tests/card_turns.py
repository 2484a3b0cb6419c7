"""How tests of 定期便 by card begin: one with its card kept, and the order of a turn."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from akinai.core import clock
from akinai.orders.intervals import Interval
from akinai.orders.models import Order, Subscription
from akinai.orders.services import EntryLine, subscriptions, turns
from akinai.payments import services
from akinai.payments.models import KeptCard, TurnCharge
from akinai.payments.tests.providers import use_twin
from tests import cast

BEGAN, ORDERED = date(2026, 11, 30), date(2026, 12, 7)
TOTAL = 2710  # 2 × 1,080 ＋ 送料 550


def on(day: date, hour: int = 11) -> Any:
    return clock.told(timezone.make_aware(datetime(day.year, day.month, day.day, hour)))


def by_card(code: str = "TEA-001") -> Subscription:
    """定期便 whose first turn becomes an order on the 7th of December, without a card yet."""
    use_twin()
    cast.company()
    sku = cast.sku(code, pieces=100)
    with on(BEGAN):
        terms = subscriptions.Terms(
            cast.AOKI, cast.AOKI, [EntryLine(sku, 2)], "card", Interval("month_day", 1, day=10), date(2026, 12, 10),
            shipping_yen=550, days_before=3,
        )  # fmt: skip
        return subscriptions.subscribe(terms, by=cast.staff("佐藤"))


def kept(one: Subscription, kind: str = "good", mark: str = "1") -> KeptCard:
    """The buyer has registered a card; `kind`: what becomes of it, as the twin knows."""
    card = services.begin_registering(one)
    KeptCard.objects.filter(pk=card.pk).update(
        intent_ref=f"seti_demo_keep_{kind}_{mark}", next_at=clock.now()
    )
    services.learn(card.pk)
    card.refresh_from_db()
    return card


def turn_of(one: Subscription, day: date = ORDERED) -> Order:
    """The order of the turn of that day."""
    with on(day):
        turns.run()
    return Order.objects.filter(subscription_turn__subscription=one).latest("pk")


def charged(order: Order, day: date = ORDERED, hour: int = 11) -> TurnCharge:
    """The job has run on that day, and what it asked of the provider was answered."""
    with on(day, hour):
        services.charge_due()
        services.charge_due()
        services.run_due()
    return TurnCharge.objects.get(order=order)
