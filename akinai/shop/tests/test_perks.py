"""カートのクーポンとポイント: what is shown is taken off once, with the right tax, and who was too late is told before anything is placed."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.core import clock, events
from akinai.core.errors import DomainError
from akinai.marketing.models import Coupon, CouponUse, PointEntry, PointSettings
from akinai.marketing.services import points, starting
from akinai.orders import services as orders
from akinai.orders.models import Order
from akinai.party.services import Person, ensure_customers
from akinai.shop import ports
from akinai.shop.buyers import MarketingPerks
from akinai.shop.services import carts, checkout, placing
from akinai.shop.tests import factories as guest
from akinai.shop.tests.people import logged_in, member

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shop() -> None:
    guest.open_shop()
    assert isinstance(ports.perks(), MarketingPerks)


def test_a_guests_coupon_is_taken_off_used_once_and_comes_back_with_a_cancellation() -> None:
    starting.add_coupon("AKI500", "秋", "yen", 500, by=None, total_limit=1)
    tea = guest.goods("TEA", price=1080)
    first, late = guest.cart_with((tea, 2)), guest.cart_with((tea, 1))
    for cart in (first, late):
        carts.set_coupon(cart, "ａki500")
        cart.refresh_from_db()
    made, other = guest.attempt(first), guest.attempt(late)
    seen = guest.shown(late, other)
    order = guest.place(first, made).order
    assert order and (order.goods_yen, order.discount_yen, order.total_yen) == (2160, 500, 2160 + 880 - 500)
    assert [(use.yen, use.customer_id) for use in CouponUse.objects.all()] == [(500, order.customer_id)]
    with pytest.raises(DomainError):
        placing.place(other.token, shown=seen, buyer=None, now=clock.now())
    assert Order.objects.count() == 1
    orders.cancel(order.pk, reason="間違い", by=None)
    events.drain()
    assert Coupon.objects.get().used == 0


def test_free_shipping_takes_the_fee_and_a_refused_code_says_why() -> None:
    starting.add_coupon("SORYO", "送料無料", "shipping", 0, by=None, minimum_yen=2000)
    cart = guest.cart_with((guest.goods("TEA", price=1080), 1))
    carts.set_coupon(cart, "SORYO")
    cart.refresh_from_db()
    poor = guest.quote(cart)
    assert (poor.shipping_yen, poor.total_yen) == (880, 1960) and "あと 920円" in poor.coupon_refusal
    carts.add(cart, guest.goods("CUP", price=1080), 1)
    quote = guest.quote(cart)
    assert (quote.shipping_yen, quote.total_yen, quote.coupon) == (0, 2160, "SORYO")
    guest.place(cart, guest.attempt(cart))
    assert CouponUse.objects.get().yen == 880


def test_a_member_spends_points_and_a_guest_with_his_address_does_not() -> None:
    person = Person("青木 美咲", email="aoki@example.com")
    aoki = ensure_customers([person]).ids[person.identity]
    points.give(aoki, 300, key="a", note="")
    tea = guest.goods("TEA", price=1080)
    cart = guest.cart_with((tea, 1))
    made = guest.attempt(cart, points_yen=300)
    assert checkout.quote_of(cart, made, None, now=clock.now()).points_yen == 0
    buyer = ports.Buyer(1, aoki, "青木 美咲", "aoki@example.com")
    quote = checkout.quote_of(cart, made, buyer, now=clock.now())
    assert (quote.points_yen, quote.total_yen) == (300, 1080 + 880 - 300)
    done = placing.place(made.token, shown=placing.sign(made, quote), buyer=buyer, now=clock.now())
    assert done.order and done.order.points_yen == 300 and points.balance(aoki) == 0
    assert PointEntry.objects.get(kind="used").order_id == done.order_id


def test_points_are_spent_from_so_many_on_and_not_asked_for_below(client: Client) -> None:
    starting.set_points(rate="1", channels=["own"], by=None)
    PointSettings.objects.update(least_points=100)
    owner = member()
    points.give(owner.customer_id, 99, key="a", note="")
    browser = logged_in(owner)
    told = {"payment": "cod", "delivery_on": "", "delivery_slot": "", "note": ""}
    browser.post("/cart/add/", {"sku": guest.goods("TEA", price=1080), "quantity": 1})
    browser.post("/checkout/address/", guest.TYPED)
    assert 'name="points_yen"' not in browser.get("/checkout/delivery/").text
    points.give(owner.customer_id, 51, key="b", note="")
    few = browser.post("/checkout/delivery/", told | {"points_yen": "99"})
    assert few.status_code == 422 and "ポイントは 100 ポイントからお使いいただけます。" in few.text
    assert browser.post("/checkout/delivery/", told | {"points_yen": "100"}).status_code == 302
    assert "▲¥100" in browser.get("/checkout/confirm/").text
