"""会員が買う: his cart, his addresses, his coupon and points, and the order on his page."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.marketing.models import Coupon, CouponUse
from akinai.marketing.services import points
from akinai.orders.models import Order
from akinai.shop.models import Address, Cart, CheckoutAttempt, Member
from akinai.shop.services import leaving
from akinai.shop.tests import factories, people
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> int:
    factories.open_shop()
    return factories.goods("TEA-1", pieces=9, price=1_080)


@pytest.fixture
def aoki() -> Member:
    found = people.member()
    place = {
        "name": "青木 美咲", "kana": "アオキ ミサキ", "postal_code": "1500001", "prefecture": "東京都", "city": "渋谷区神宮前",
        "line1": "4-12-3", "phone": "090-0000-1001",
    }  # fmt: skip
    Address.objects.create(member=found, is_default=True, **place)
    Address.objects.create(member=found, **place | {"name": "青木 陽子", "line1": "5-1-1"})
    return found


def test_what_a_guest_chose_comes_along_when_he_logs_in(client: Client, tea: int, aoki: Member) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 2})
    client.post("/login/", {"mail": aoki.mail, "password": people.PASSWORD})
    assert Cart.objects.get(member_id=aoki.pk).lines.get().quantity == 2
    assert client.get("/cart/").context["quote"].pieces == 2
    other = people.logged_in(aoki)
    assert other.get("/cart/").context["quote"].pieces == 2  # at another browser, too


def test_a_member_pays_with_coupon_and_points_and_finds_the_order_on_his_page(tea: int, aoki: Member) -> None:
    points.give(aoki.customer_id, 300, key="t", note="はじめの贈り物")
    Coupon.objects.create(code="AKI500", name="秋のクーポン", kind="yen", amount=500)
    client = people.logged_in(aoki)
    client.post("/cart/add/", {"sku": tea, "quantity": 2})
    client.post("/cart/coupon/", {"coupon": "aki500"})
    assert client.get("/cart/").context["quote"].discount_yen == 500
    page = client.get("/checkout/address/")
    assert [one.name for one in page.context["book"]] == ["青木 美咲", "青木 陽子"]
    client.post("/checkout/address/", {"use": "1"})
    assert (
        client.post("/checkout/delivery/", {"payment": "bank_transfer", "points_yen": "301"}).status_code
        == 422
    )
    client.post("/checkout/delivery/", {"payment": "bank_transfer", "points_yen": "300"})
    page = client.get("/checkout/confirm/")
    assert page.context["quote"].total_yen == 2 * 1_080 + 880 - 500 - 300
    assert factories.press(client, page).status_code == 302
    order = Order.objects.get()
    assert (order.discount_yen, order.points_yen, order.total_yen) == (500, 300, 2_240)
    assert (order.buyer_email, order.ship_name, order.customer_id) == (
        aoki.mail,
        "青木 陽子",
        aoki.customer_id,
    )
    assert points.balance(aoki.customer_id) == 0 and CouponUse.objects.get().order == order
    assert order.channel_order_no in client.get("/mypage/").content.decode()


def test_an_unknown_coupon_is_said_and_takes_nothing_off(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea})
    client.post("/cart/coupon/", {"coupon": "NANIKA"})
    page = client.get("/cart/")
    assert "見つかりません" in page.content.decode() and page.context["quote"].discount_yen == 0


def test_a_coupon_that_somebody_used_up_meanwhile_is_asked_again(client: Client, tea: int) -> None:
    Coupon.objects.create(code="LAST", name="最後の 1 枚", kind="yen", amount=500, total_limit=1)
    client.post("/cart/add/", {"sku": tea})
    client.post("/cart/coupon/", {"coupon": "LAST"})
    page = factories.walk(client, tea)
    other = factories.cart_with((tea, 1))
    other.coupon = "LAST"
    other.save()
    factories.place(other, factories.attempt(other))
    answer = factories.press(client, page)
    assert answer.status_code == 409 and "クーポン値引: ¥500 → ¥0" in answer.content.decode()
    assert Order.objects.count() == 1


def test_who_leaves_takes_his_cart_and_what_he_typed_along(tea: int, aoki: Member) -> None:
    client = people.logged_in(aoki)
    client.post("/cart/add/", {"sku": tea})
    client.post("/checkout/address/", {"use": "0"})
    assert CheckoutAttempt.objects.get().data["buyer"]["name"] == "青木 美咲"
    leaving.withdraw(aoki, password=people.PASSWORD)
    assert not Cart.objects.exists() and not CheckoutAttempt.objects.exists()
    assert cast.level(tea) == (9, 0)
