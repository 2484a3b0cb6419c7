"""準備中の店舗: nobody buys, staff look, and what was begun before goes on."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.content.models import Storefront
from akinai.orders.models import Order
from akinai.shop.models import Cart, CartLine
from akinai.shop.tests import factories
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def cup() -> int:
    factories.open_shop()
    return factories.goods("CUP", pieces=9)


def close(text: str = "12月5日 10時までお休みします。") -> None:
    Storefront.objects.update_or_create(pk=1, defaults={"is_open": False, "closed_text": text})


def seen_by(name: str) -> Client:
    client = Client()
    client.force_login(cast.staff(name))
    return client


@pytest.mark.parametrize("page", ["/", "/search/", "/cart/", "/checkout/", "/videos/", "/products/x/"])
def test_a_closed_shop_says_so_kindly_and_when_to_come_again(client: Client, cup: int, page: str) -> None:
    close()
    Storefront.objects.update(announcement="新茶のご予約を承っています。")
    answer = client.get(page)
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "3600")
    assert "ご予約" not in answer.text
    assert "ただいま準備中です" in answer.content.decode() and "12月5日 10時まで" in answer.content.decode()


@pytest.mark.parametrize("page", ["/law/", "/privacy/", "/contact/", "/orders/", "/login/", "/robots.txt"])
def test_what_the_law_asks_and_what_was_begun_stays_open(client: Client, cup: int, page: str) -> None:
    close()
    assert client.get(page).status_code == 200


def test_nothing_is_put_into_a_cart_and_no_order_is_placed_while_the_shop_is_closed(
    client: Client, cup: int
) -> None:
    page = factories.walk(client, cup)
    close()
    assert factories.press(client, page).status_code == 503
    assert not Order.objects.exists() and CartLine.objects.count() == 1
    assert Client().post("/cart/add/", {"sku": cup}).status_code == 503 and Cart.objects.count() == 1
    Storefront.objects.update(is_open=True)
    assert factories.press(client, page).status_code == 302 and Order.objects.count() == 1


def test_an_order_placed_before_is_still_seen_and_paid(client: Client, cup: int) -> None:
    done = factories.press(client, factories.walk(client, cup))
    close()
    assert client.get(done.headers["Location"]).status_code == 200


def test_staff_who_care_for_the_shop_look_at_it_but_buy_nothing(cup: int) -> None:
    close()
    keeper = seen_by("伊藤")
    shown = keeper.get("/search/")
    assert shown.status_code == 200 and "担当者にだけ見えています" in shown.content.decode()
    assert keeper.get("/cart/").status_code == 503


def test_staff_without_this_duty_see_what_everybody_sees(cup: int) -> None:
    close()
    assert seen_by("高橋").get("/search/").status_code == 503
