"""見本の定期購入: one whose first box has left, one that is delivered soon and of which the customer was told, one every
thirty days, one that rests, one by a card that is kept."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from akinai.adapters.payment_providers import null
from akinai.adapters.payment_providers.null import events as notices
from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.people import person
from akinai.orders.intervals import Interval
from akinai.orders.services import EntryLine, subscriptions, turns
from akinai.payments import services as payments

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop
    from akinai.orders.ports import Address


BEGAN = 13  # days ago; a day later where that was a Sunday
MONDAY = 0


def begin(shop: Shop, day: date, moment: datetime) -> None:
    """The first turn of a subscription that began two weeks ago: it leaves with the other boxes of its day."""
    ago = (shop.today - day).days
    if BEGAN not in ((ago, ago + 1) if day.weekday() == MONDAY else (ago,)):
        return
    buyer = person(744)
    with clock.told(moment):
        subscriptions.subscribe(
            subscriptions.Terms(
                buyer, buyer, [EntryLine(shop.skus["TEA-005"], 2)], "cod", Interval("days", 30), day + timedelta(days=3),
                shipping_yen=600, cod_fee_yen=330, discount_percent=5,
            ),
            by=shop.team.sato,
        )  # fmt: skip
        turns.run()
        desk.handle()


def agree(shop: Shop, now: datetime) -> None:
    """Three customers more who get their tea again and again. No order is due today."""
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
        _by_card(shop, buyers[0])
        turns.run()
        desk.send_mails()


def _by_card(shop: Shop, buyer: Address) -> None:
    """定期便 that is paid by a card: its owner has registered it on the provider's page."""
    one = subscriptions.subscribe(
        subscriptions.Terms(
            buyer, buyer, [EntryLine(shop.skus["TEA-006"], 1)], "card", Interval("month_day", 2, day=20),
            clock.today() + timedelta(days=20), shipping_yen=600, discount_percent=5, notice_days=7,
        ),
        by=shop.team.sato,
    )  # fmt: skip
    page = null.told_of(payments.open_card_page(one, done_url="/", back_url="/"))
    null.deliver(notices.registered(page["ref"], "seti_demo_keep_good_0740", page["number"]))
    desk.handle()
    payments.tidy_cards()
