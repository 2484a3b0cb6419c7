"""見本の掛けの客: a café that orders by telephone, is billed once a month and pays after that."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from akinai.billing import services as billing
from akinai.core import clock
from akinai.core.business_days import END_OF_MONTH
from akinai.flows.demo import desk
from akinai.flows.demo.people import person
from akinai.orders import services as orders
from akinai.party import services as party

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

CAFE = replace(
    person(760), name="木村 一郎", kana="キムラ イチロウ", company="カフェ木村株式会社", email="keiri@cafe-kimura.example.com",
    phone="03-0000-7600",
)  # fmt: skip
PAYER = "カ）カフエキムラ"
ORDER_DAYS = (1, 4)  # Tuesdays and Fridays
BASKETS = (
    (("TEA-001", 6), ("TEA-004", 4)),
    (("TEA-003", 5), ("SWT-001", 3)),
    (("TEA-001", 4), ("CUP-001", 2)),
)
CLOSED_BEFORE = 6  # days between the closing and today


def agree(shop: Shop, first: date) -> None:
    """請求条件: closed once within the three weeks that the demo shows, paid at the end of the month after."""
    closing = closing_day(shop.today)
    buyer = party.Person(CAFE.name, CAFE.kana, CAFE.company, CAFE.email, CAFE.phone, CAFE.postal_code,
                         f"{CAFE.prefecture}{CAFE.city}{CAFE.line1} {CAFE.line2}".strip())  # fmt: skip
    customer_id = party.ensure_customers([buyer]).ids[buyer.identity]
    billing.agree_terms(
        customer_id,
        closing_day=closing,
        since=first,
        credit_limit_yen=300_000,
        payer_kana=PAYER,
        by=shop.team.suzuki,
    )


def closing_day(today: date) -> int:
    """20日締め and the like, so that the last closing lies a few days back; 末日 where the month is at its end."""
    day = today - timedelta(days=CLOSED_BEFORE)
    return day.day if day.day <= 28 else END_OF_MONTH


def ring(shop: Shop, day: date, moment: datetime) -> None:
    """The café rings for its week's tea, on its days."""
    if day.weekday() not in ORDER_DAYS:
        return
    basket = BASKETS[day.toordinal() % len(BASKETS)]
    entry = orders.Entry(
        buyer=CAFE, ship_to=CAFE, payment="credit_terms", shipping_yen=0,
        lines=[orders.EntryLine(shop.skus[code], pieces) for code, pieces in basket],
    )  # fmt: skip
    with clock.told(moment):
        orders.enter(entry, by=shop.team.sato, now=moment)
        desk.handle()


def close(shop: Shop, day: date, moment: datetime) -> None:
    """締め処理 on the morning after the closing, and the statement by mail."""
    from akinai.billing.terms import last_closing

    closing = closing_day(shop.today)
    closed_on = last_closing(closing, day)
    if closed_on < shop.today - timedelta(days=20) or closed_on != last_closing(closing, shop.today):
        return
    with clock.told(moment):
        run = billing.start_closing(closing, closed_on, by=shop.team.suzuki)
        for row in billing.foresee(closing, closed_on):
            if not row.existing and (made := billing.close(run, row.terms.customer_id, by=shop.team.suzuki)):
                billing.send(made, by=shop.team.suzuki)
        desk.send_mails()
        desk.handle()
