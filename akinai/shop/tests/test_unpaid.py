"""まだのお支払い: a card that was declined, a page that nobody used, and what of it stays as it was chosen."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from akinai.core import clock
from akinai.marketing.services import starting
from akinai.orders import services as orders
from akinai.orders.gifts import Gift
from akinai.orders.models import Order
from akinai.party.models import Company
from akinai.payments import services as payments
from akinai.shop import links
from akinai.shop.models import Cart, CheckoutAttempt
from akinai.shop.order_words import words_of
from akinai.shop.services import carts
from akinai.shop.services import orders as shop_orders
from akinai.shop.tests import factories
from tests import cast

pytestmark = pytest.mark.django_db
NOSHI = Gift("cho", "outer", "御祝", "青木")
ELSEWHERE = {
    "to_other": "on", "ship-name": "森 花", "ship-kana": "もり はな", "ship-postal_code": "060-0001", "ship-prefecture": "北海道",
    "ship-city": "札幌市中央区北一条西", "ship-line1": "1-1", "ship-phone": "011-000-0001",
}  # fmt: skip


@pytest.fixture
def tea() -> int:
    factories.open_shop()
    payments.switch_provider("null", is_on=True, by=None)
    return factories.goods("TEA-1", pieces=9, price=1_080)


def given_away(client: Client, tea: int) -> str:
    """A present by card, with a word to the shop and a coupon: held by the rules, its card declined. Out: the page after it."""
    starting.add_coupon("AKI100", "秋", "yen", 100, by=None)
    client.post("/cart/add/", {"sku": tea, "quantity": 2})
    carts.give(Cart.objects.get(), tea, NOSHI)
    client.post("/cart/coupon/", {"coupon": "aki100"})
    client.post("/checkout/address/", factories.TYPED | ELSEWHERE)
    client.post(
        "/checkout/delivery/",
        {"payment": "card", "delivery_on": "", "delivery_slot": "", "note": "ベルは鳴らさないでください。"},
    )
    sent = factories.press(client, client.get("/checkout/confirm/"))
    back = client.post(sent.headers["Location"], {"choice": "declined"})
    payments.handle_webhooks()
    return str(back.headers["Location"])


def test_a_declined_card_is_told_and_another_way_of_paying_finds_everything_as_it_was(
    client: Client, tea: int
) -> None:
    where = given_away(client, tea)
    order = Order.objects.get()
    assert order.state == "on_hold"
    page = client.get(where).text
    assert "カード会社の承認が得られませんでした" in page and "ほかのお支払い方法を選ぶ" in page
    assert "ありがとうございます" not in page
    token = CheckoutAttempt.objects.get().token
    assert client.get(links.path_of(order.number)).text.count(f"/checkout/done/{token}/") == 1

    answer = client.post(reverse("shop:checkout_back", args=[token]), {"to": "payment"})
    assert answer.headers["Location"] == "/checkout/delivery/"
    order.refresh_from_db()
    assert order.state == "cancelled" and cast.level(tea) == (9, 0)
    cart = Cart.objects.get()
    assert (cart.lines.get().chosen, cart.lines.get().quantity, cart.coupon) == (NOSHI, 2, "AKI100")
    client.post(
        "/checkout/delivery/", {"payment": "cod", "delivery_on": "", "delivery_slot": "", "note": "ベル"}
    )
    last = client.get("/checkout/confirm/")
    for words in ("青木 美咲", "渋谷区神宮前4-12-3", "森 花", "札幌市中央区北一条西1-1", "aoki@example.com"):
        assert words in last.text, words


def test_the_goods_of_a_held_order_are_free_after_a_day_without_its_card_but_not_when_a_person_holds_it(
    client: Client, tea: int
) -> None:
    given_away(client, tea)
    CheckoutAttempt.objects.update(placed_at=clock.now() - timedelta(hours=25))
    orders.hold(Order.objects.get(), reason="お電話の約束", by=cast.staff("佐藤"))
    assert shop_orders.free_left() == 0 and cast.level(tea) == (9, 2)
    Order.objects.get().holds.filter(rule="manual").update(released_at=clock.now())
    assert shop_orders.free_left() == 1 and cast.level(tea) == (9, 0)


def test_who_pays_by_transfer_reads_where_and_until_when_even_while_the_shop_checks_the_order(
    client: Client, tea: int
) -> None:
    Company.objects.update(bank_text="見本銀行 神田支店 普通 1234567")
    cart = factories.cart_with((tea, 1))
    order = factories.place(cart, factories.attempt(cart, note="急ぎです。")).order
    assert order is not None and order.state == "on_hold"
    page = client.get(links.path_of(order.number)).text
    assert "までにお振り込みください" in page and "見本銀行 神田支店" in page


def test_my_page_says_that_the_day_to_pay_by_has_passed() -> None:
    factories.open_shop()
    today = clock.today()
    late = Order(state="awaiting_payment", payment_due_on=today - timedelta(days=1))
    due = Order(state="awaiting_payment", payment_due_on=today)
    assert "が過ぎています" in words_of(late).detail
    assert "が過ぎています" not in words_of(due).detail and "までにお支払いを" in words_of(due).detail
