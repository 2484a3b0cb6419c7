"""見本の定期購入: one that is delivered soon and of which the customer was told, one every thirty days, one that rests."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.people import person
from akinai.orders.intervals import Interval
from akinai.orders.services import EntryLine, subscriptions, turns

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop


def agree(shop: Shop, now: datetime) -> None:
    """Three customers who get their tea again and again. No order is due today."""
    sato = shop.team.sato
    with clock.told(now):
        today = clock.today()
        soon = today + timedelta(days=11)
        monthly = Interval("month_day", 1, day=soon.day)
        buyers = [person(740 + n) for n in range(3)]

        def terms(nth: int, lines: list[EntryLine], interval: Interval, days: int) -> subscriptions.Terms:
            first = today + timedelta(days=days)
            return subscriptions.Terms(buyers[nth], buyers[nth], lines, "cod", interval, first, shipping_yen=600, cod_fee_yen=330,
                                       discount_percent=5, first_percent=10, notice_days=10)  # fmt: skip

        tea, roasted, black = (shop.skus[code] for code in ("TEA-003", "TEA-004", "TEA-006"))
        subscriptions.subscribe(terms(0, [EntryLine(tea, 2), EntryLine(roasted, 1)], monthly, 11), by=sato)
        subscriptions.subscribe(terms(1, [EntryLine(black, 1)], Interval("days", 30), 25), by=sato)
        rests = subscriptions.subscribe(terms(2, [EntryLine(roasted, 1)], Interval("weeks", 2), 16), by=sato)
        subscriptions.pause(rests.pk, reason="ご旅行のため、ご連絡をいただくまで", by=sato)
        turns.run()
        desk.send_mails()
