"""見本の会社の自社サイト: four guests of today, each paying another way, one with a present, and two who ask."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.flows.demo import desk
from akinai.flows.demo.people import person
from akinai.orders.gifts import Chosen, Gift
from akinai.payments import queries as payment_queries
from akinai.payments import services as payments
from akinai.shop.models import Cart, CheckoutAttempt, PlanOffer
from akinai.shop.services import carts, checkout, inquiries, placing
from akinai.shop.services.plan_offers import save_offer

if TYPE_CHECKING:
    from akinai.flows.demo.days import Shop

WRAPPED = Gift("cho", "outer", "御礼", "見本", (Chosen("風呂敷包み", 660, 1),))


def live(shop: Shop, now: datetime) -> None:
    """The morning's guests, in the order they came."""
    with clock.told(now - timedelta(days=1)):
        tea = catalog.sku_rows([shop.skus["TEA-004"]])[shop.skus["TEA-004"]]
        save_offer(PlanOffer(product_id=tea.product_id, percent=10, plans=["w2", "m1", "m2"]), by=None)
    with clock.told(now - timedelta(minutes=50)):
        buy(shop, 790, [("TEA-004", 2)], "bank_transfer", note="平日の午前中は不在です。")
    with clock.told(now - timedelta(minutes=38)):
        buy(shop, 791, [("TEA-003", 1), ("TEA-004", 1)], "cod", gift=WRAPPED)
    with clock.told(now - timedelta(minutes=21)):
        paid = buy(shop, 792, [("TEA-003", 2)], "card")
        for asked in payment_queries.requests_of(paid.order_id or 0):
            payments.authorise(asked, by=None)
    with clock.told(now - timedelta(minutes=9)):
        buy(shop, 793, [("TEA-004", 3)], "card")  # still on the provider's page
        inquiries.receive(
            kind="goods", name="見本 のぞみ", email="nozomi@example.com", key="demo:1",
            text="煎茶を 20 個、同じ日に違う 3 か所へ送ることはできますか。のし（内祝）も付けたいです。",
        )  # fmt: skip
    with clock.told(now):
        desk.send_mails()


def buy(
    shop: Shop,
    who: int,
    wanted: list[tuple[str, int]],
    payment: str,
    *,
    note: str = "",
    gift: Gift | None = None,
) -> CheckoutAttempt:
    """One guest, from the first goods to the last button."""
    cart = Cart.objects.create()
    for code, pieces in wanted:
        carts.add(cart, shop.skus[code], pieces)
    if gift:
        carts.give(cart, shop.skus[wanted[0][0]], gift)
    attempt = checkout.attempt_of(cart)
    checkout.keep(attempt, buyer=asdict(person(who)), ship_to=None, payment=payment, note=note)
    now = clock.now()
    shown = placing.sign(attempt, checkout.quote_of(cart, attempt, None, now=now))
    return placing.place(attempt.token, shown=shown, buyer=None, now=now)
