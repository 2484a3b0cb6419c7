"""見本の会社のギフト: what is offered, a present that waits to be packed, and an order held until tomorrow."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.utils import timezone

from akinai.core import clock
from akinai.flows.demo.people import person
from akinai.orders import services as orders
from akinai.orders.gifts import Chosen, Gift
from akinai.orders.services import Destination, Entry, EntryLine

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

OPTIONS = (
    ("包装紙", "wrapping", 0), ("風呂敷包み", "wrapping", 660), ("のし紙", "noshi", 0), ("手提げ袋（小）", "bag", 55),
    ("手提げ袋（大）", "bag", 110), ("メッセージカード", "card", 110),
)  # fmt: skip


def send_round(shop: Shop, now: datetime) -> None:
    """御歳暮 for three households in one order: a parcel to each, one of them on a day of its own."""
    sato = shop.team.sato
    with clock.told(now):
        buyer = person(783)
        made = orders.enter(
            Entry(buyer=buyer, ship_to=buyer, lines=[EntryLine(shop.skus["TEA-001"], 3)], payment="credit_terms", shipping_yen=1_980),
            by=sato, now=now + timedelta(seconds=11),
        )  # fmt: skip
        wish = shop.today + timedelta(days=9)
        for nth, day in ((784, None), (785, wish)):
            to = replace(person(nth), email="")
            orders.add_address(
                made.pk, Destination(to, {1: 1}, delivery_on=day, gift_note="御歳暮 外のし"), by=sato
            )


def give(shop: Shop, now: datetime) -> None:
    """A 御歳暮 to another address with のし, wrapping and card; and a name that the customer still checks."""
    sato = shop.team.sato
    with clock.told(now):
        for name, kind, price in OPTIONS:
            orders.save_gift_option(orders.new_gift_option(name=name, kind=kind, price_yen=price), by=sato)
        order = orders.enter(
            Entry(
                buyer=person(780), ship_to=replace(person(781), email=""), lines=[EntryLine(shop.skus["GFT-001"], 2)],
                payment="credit_terms", is_settled=False, shipping_yen=660,
            ),
            by=sato, now=now + timedelta(seconds=23),
        )  # fmt: skip
        gift = Gift("cho", "outer", "御歳暮", "佐々木", (Chosen("包装紙", 0, 2), Chosen("手提げ袋（小）", 55, 2), Chosen("メッセージカード", 110, 1)),
                    "今年もお世話になりました。よいお年をお迎えください。")  # fmt: skip
        orders.set_gift(order.pk, line_no=1, gift=gift, by=sato)
        named = orders.enter(
            Entry(buyer=person(782), ship_to=person(782), lines=[EntryLine(shop.skus["GFT-001"], 1)], payment="cod",
                  shipping_yen=660, cod_fee_yen=330),
            by=sato, now=now + timedelta(seconds=47),
        )  # fmt: skip
        tomorrow = timezone.make_aware(datetime.combine(shop.today + timedelta(days=1), time(15)))
        orders.hold(
            named,
            reason="名入れの文字をお客様が確認中（電話待ち）",
            due_at=tomorrow,
            release_rule="at_time",
            by=sato,
        )
