"""見本の会社の昔: the months before the shop came to Akinai, taken over from the malls' files, and the books begun with them.

Last year's orders are there to compare with; the month before the first day is closed, as a shop's would be.
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING

from akinai.accounting import services as accounting
from akinai.accounting.queries.sales import total_of
from akinai.accounting.services import closing, settings
from akinai.channels import queries as channels
from akinai.core import clock
from akinai.core.business_days import day_in_month
from akinai.flows.demo import desk
from akinai.flows.demo.desk import at, take_in
from akinai.flows.demo.goods import OLD_PRICES
from akinai.flows.demo.orders import Desk, files_of

if TYPE_CHECKING:
    from akinai.flows.demo.days import Team
    from akinai.orders.ports import OrderDraft

WAYS = (
    ("rakuten", "card", "クレジットカード"), ("rakuten", "card", "クレジットカード"), ("shopify", "card", "Shopify Payments"),
)  # fmt: skip
# kind, subject, prefecture, percent, yen
RATES = (
    ("channel", "rakuten", "", "8.0", 0), ("channel", "yahoo", "", "7.0", 0), ("payment", "card", "", "3.4", 0),
    ("payment", "wallet", "", "3.2", 0), ("payment", "deferred", "", "4.5", 0), ("payment", "cod", "", "0", 330),
    ("points", "rakuten", "", "1.0", 0), ("shipping", "yamato", "", "0", 620), ("shipping", "yamato", "沖縄県", "0", 1480),
    ("shipping", "yamato", "北海道", "0", 980), ("packing", "", "", "0", 65),
)  # fmt: skip
SUNDAY = 6
GROWTH = Decimal("1.1")
NOTE = "10月までの仕入先の請求書は、前の帳簿で処理済み"


def take_over(team: Team, first: datetime, today: date) -> None:
    """過去の受注: the weeks up to the first day, and the same months a year before."""
    dice = random.Random(20250401)  # noqa: S311  (made-up orders, no secret)
    old = Desk(dice, customers=1000, numbers={"rakuten": 11_287, "shopify": 2_431})
    begin = _month_before(first.date())
    days = [begin + timedelta(days=n) for n in range((first.date() - begin).days)]
    last_year = _year_before(begin)
    days = [last_year + timedelta(days=n) for n in range((_year_before(today) - last_year).days + 30)] + days
    drafts: list[OrderDraft] = []
    for day in days:
        if day.weekday() != SUNDAY:
            drafts += [
                _gone(old, day) for _ in range(dice.randint(3, 6) if day < begin else dice.randint(5, 8))
            ]
    with clock.told(first):
        take_in("orders", files_of(drafts, first), by=team.sato)
        desk.handle()


def _gone(old: Desk, day: date) -> OrderDraft:
    """An order of that day that its mall says has been sent."""
    made = old.one(at(day, 10, old.dice.randrange(60)), OLD_PRICES, way=old.dice.choice(WAYS), note="")
    return replace(made, mall_status="shipped", shipped_on=day)


def keep_books(team: Team, first: datetime, today: date) -> None:
    """会計を始める: rates of selling costs, targets, and the month before the first day closed."""
    begin = _month_before(first.date())
    with clock.told(first + timedelta(minutes=30)):
        settings.tell_books(starts_on=begin, fiscal_month=4, by=team.suzuki)
        for kind, subject, zone, percent, yen in RATES:
            settings.add_rate(
                kind=kind, subject=subject, zone=zone, percent=Decimal(percent), yen=yen, since=_year_before(begin), note="",
                by=team.suzuki,
            )  # fmt: skip
    with clock.told(first + timedelta(hours=2)):
        accounting.record_missing()
        closing.close(begin, by=team.suzuki, note=NOTE.replace("10月", f"{begin.month}月"))
        _aim(team, today)


def _aim(team: Team, today: date) -> None:
    """売上目標 of this month and the last: a tenth above last year, in round figures."""
    mall = channels.by_code("rakuten").pk
    for month in (_month_before(today), today.replace(day=1)):
        then = _year_before(month)
        sold = total_of(then, then + timedelta(days=27))
        aim = max(100_000, int(sold * GROWTH) // 10_000 * 10_000)
        settings.set_targets(month, {None: aim, mall: aim * 6 // 10}, by=team.ito)


def _month_before(day: date) -> date:
    return day_in_month(day.year, day.month - 1, 1)


def _year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=min(day.day, 28))
