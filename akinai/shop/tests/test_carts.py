"""カート: what a visitor means to buy."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.catalog import public
from akinai.catalog.models import ProductImage, Sku
from akinai.core.errors import DomainError
from akinai.orders.models import GiftOption
from akinai.shop.models import Cart, CartLine
from akinai.shop.services import carts
from akinai.shop.tests import factories
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> int:
    factories.open_shop()
    return factories.goods("TEA-1", pieces=9, price=1_080)


def test_the_same_goods_put_in_twice_add_up_to_at_most_999(tea: int) -> None:
    cart = factories.cart_with((tea, 2))
    assert carts.add(cart, tea, 3) == 5
    assert carts.add(cart, tea, 998) == 999


def test_goods_that_the_shop_does_not_sell_are_refused(tea: int) -> None:
    Sku.objects.filter(pk=tea).update(is_active=False)
    with pytest.raises(DomainError, match="販売していません"):
        carts.add(Cart.objects.create(), tea)


def test_a_guests_cart_goes_into_the_members_once(tea: int) -> None:
    cup = factories.goods("CUP-1")
    mine = Cart.objects.create(member_id=7)
    carts.add(mine, tea, 998)
    guest = factories.cart_with((tea, 3), (cup, 1))
    assert carts.merge(guest, 7) == mine
    carts.merge(guest, 7)
    assert dict(mine.lines.values_list("sku_id", "quantity")) == {tea: 999, cup: 1}
    assert not guest.lines.exists()


def test_the_cart_of_another_member_is_not_taken_along(tea: int) -> None:
    other = Cart.objects.create(member_id=8)
    carts.add(other, tea, 1)
    assert carts.merge(other, 7).lines.count() == 0
    assert other.lines.count() == 1


def test_the_cookie_knows_the_pieces_and_nobody_can_write_his_own(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": "TEA-1", "quantity": "２"})
    cookie = client.cookies["cart"]
    assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["max-age"] == 60 * 86_400
    assert ".2:" in cookie.value
    other = Client()
    other.cookies["cart"] = cookie.value.replace(".2:", ".3:")
    assert "カートに商品はありません" in other.get("/cart/").content.decode()


def test_what_is_sold_out_is_marked_and_not_charged(client: Client, tea: int) -> None:
    gone = factories.goods("CUP-1", pieces=0, price=3_000, rate=10)
    client.post("/cart/add/", {"sku": tea, "quantity": 1})
    client.post("/cart/add/", {"sku": gone, "quantity": 1})
    page = client.get("/cart/")
    assert "売り切れました" in page.content.decode()
    assert page.context["quote"].goods_yen == 1_080 and page.context["quote"].total_yen == 1_080 + 880
    assert page.context["quote"].is_buyable


def test_more_than_there_is_cannot_be_ordered_until_it_is_changed(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 12})
    page = client.get("/cart/")
    assert "残り 9 点です" in page.content.decode() and not page.context["quote"].is_buyable
    assert client.get("/checkout/").headers["Location"] == "/cart/"


def test_a_price_that_changed_since_it_was_put_in_is_said(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea})
    Sku.objects.filter(pk=tea).update(price_yen=1_296)
    assert "¥1,080 から ¥1,296 に上がりました" in client.get("/cart/").content.decode()


def test_the_way_to_free_shipping_is_told(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 3})
    text = client.get("/cart/").content.decode()
    assert "あと<strong>¥740</strong>で送料無料" in text
    assert "¥1,480" in client.get("/cart/?to=北海道").content.decode()
    client.post("/cart/add/", {"sku": tea})
    assert client.get("/cart/").context["quote"].shipping_yen == 0


def test_what_was_taken_out_can_be_put_back_with_its_pieces(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 4})
    answer = client.post(f"/cart/{tea}/remove/")
    assert not CartLine.objects.exists()
    page = client.get(answer.headers["Location"])
    client.post("/cart/restore/", {"undo": page.context["undo"]["signed"]})
    assert CartLine.objects.get().quantity == 4


@pytest.mark.parametrize("typed", ["-1", "1000", "abc", "1.5"])
def test_a_quantity_that_is_none_changes_nothing(client: Client, tea: int, typed: str) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 2})
    assert client.post(f"/cart/{tea}/change/", {"quantity": typed}).status_code == 302
    assert CartLine.objects.get().quantity == 2


def test_the_page_asks_the_database_as_often_for_twenty_lines_as_for_one(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea})
    client.get("/cart/")  # what is remembered for minutes is asked here
    with CaptureQueriesContext(connection) as one:
        client.get("/cart/")
    cart = Cart.objects.get()
    for n in range(12):
        carts.add(cart, factories.goods(f"CUP-{n}"))
    with CaptureQueriesContext(connection) as many:
        client.get("/cart/")
    assert len(many) == len(one)


def test_old_carts_go_and_what_was_typed_with_them(tea: int) -> None:
    from datetime import timedelta

    from akinai.core import clock
    from akinai.shop.models import CheckoutAttempt

    old = factories.cart_with((tea, 1))
    factories.attempt(old)
    Cart.objects.filter(pk=old.pk).update(touched_at=clock.now() - timedelta(days=61))
    new = factories.cart_with((tea, 1))
    carts.forget(Cart.objects.filter(touched_at__lt=clock.now() - timedelta(days=60)))
    assert list(Cart.objects.all()) == [new] and not CheckoutAttempt.objects.exists()
    assert cast.level(tea) == (9, 0)


def test_the_cookie_of_a_guest_leads_to_the_members_cart_when_he_logs_in(client: Client, tea: int) -> None:
    from django.http import HttpResponse
    from django.test import RequestFactory

    client.post("/cart/add/", {"sku": tea, "quantity": 2})
    request, response = RequestFactory().get("/"), HttpResponse()
    request.COOKIES["cart"] = client.cookies["cart"].value
    carts.bring_along(request, response, 7)
    mine = Cart.objects.get(member_id=7)
    assert mine.lines.get().quantity == 2 and response.cookies["cart"].value.startswith(
        f"{mine.token.hex}.2:"
    )


def test_pieces_at_another_place_are_not_sold_as_if_they_were_at_hand(client: Client, tea: int) -> None:
    from akinai.stock.models import Location, StockLevel

    other = Location.objects.create(code="SHOP2", name="店頭", kind=Location.Kind.WAREHOUSE, is_sellable=True)
    StockLevel.objects.create(sku_id=tea, location=other, on_hand=5)
    client.post("/cart/add/", {"sku": tea, "quantity": 12})
    assert client.get("/cart/").context["quote"].lines[0].free == 9


def test_a_message_is_not_taken_without_the_card_it_is_written_on(client: Client, tea: int) -> None:
    GiftOption.objects.create(name="カード", kind="card", price_yen=110)
    client.post("/cart/add/", {"sku": tea, "quantity": 1})
    told = {"noshi": "", "side": "outer", "omote": "", "name": "", "message": "おめでとう"}
    refused = client.post(f"/cart/{tea}/gift/", told)
    assert refused.status_code == 422 and "カードの数を入力してください" in refused.text
    assert client.post(f"/cart/{tea}/gift/", told | {"option0": "1"}).status_code == 302
    assert CartLine.objects.get().chosen.yen == 110


def test_the_cart_shows_the_picture_that_tells_of_the_chosen_colour(tea: int) -> None:
    product = Sku.objects.get(pk=tea).product
    for at, colour in enumerate(("藍", "生成り")):
        ProductImage.objects.create(product=product, file=f"products/1/{at}.webp", alt=f"前掛け（{colour}）", position=at)  # fmt: skip
    shown = {}
    for variant in ("生成り / ロング", "藍 / ロング", "墨 / ロング", ""):
        Sku.objects.filter(pk=tea).update(variant=variant)
        shown[variant] = public.wares([tea])[tea].thumb
    assert list(shown.values()) == [f"products/1/{at}-small.webp" for at in (1, 0, 0, 0)]
