"""見本の督促: three orders whose buyers do not pay: one is cancelled by now, one was reminded twice, one has to be rung up."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.orders import SHIPPING
from akinai.flows.demo.people import person
from akinai.orders import services as orders
from akinai.payments import services as payments

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

# Days ago of the order → the buyer's number, goods, whether he has told a mail address.
WHO = {19: (751, ("TOL-004", 1), True), 13: (752, ("TEA-004", 2), True), 11: (753, ("CUP-001", 2), False)}
MONDAY = 0
LADDERS = ("bank_transfer", "statement")


def agree(shop: Shop) -> None:
    """段取り: the usual steps, begun for transfers and monthly statements."""
    for kind in LADDERS:
        payments.take_usual(kind, by=shop.team.suzuki)
        payments.set_ladder(kind, is_on=True, by=shop.team.suzuki)


def order(shop: Shop, day: date, moment: datetime) -> None:
    """Somebody orders by telephone, promises a transfer and forgets it."""
    ago = (shop.today - day).days
    days = (
        (ago, ago + 1) if day.weekday() == MONDAY else (ago,)
    )  # who meant to ring on Sunday does so on Monday
    found = next((WHO[one] for one in days if one in WHO), None)
    if found is None:
        return
    number, (code, pieces), has_mail = found
    buyer = person(number) if has_mail else replace(person(number), email="")
    entry = orders.Entry(
        buyer=buyer, ship_to=buyer, payment="bank_transfer", shipping_yen=SHIPPING,
        lines=[orders.EntryLine(shop.skus[code], pieces)],
    )  # fmt: skip
    with clock.told(moment):
        orders.enter(entry, by=shop.team.sato, now=moment)
        desk.handle()


def run(moment: datetime) -> None:
    """今日の督促, as the worker does it each hour."""
    with clock.told(moment):
        payments.run_dunning(by=None)
        desk.handle()
