"""ご注文のページ: what a buyer sees and may do afterwards."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from akinai.core import clock
from akinai.core.models import OutgoingMail
from akinai.orders.models import Order
from akinai.payments import services as payments
from akinai.shipping import queries as shipping
from akinai.shipping.models import Parcel
from akinai.shipping.ports import CARRIERS
from akinai.shipping.services import instruct
from akinai.shop import links, order_page
from akinai.shop.models import Cart, CheckoutAttempt, Inquiry
from akinai.shop.services import finding
from akinai.shop.services import orders as shop_orders
from akinai.shop.tests import factories
from akinai.shop.tests.test_mypage import left, ordered
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def order() -> Order:
    factories.open_shop()
    cart = factories.cart_with((factories.goods("TEA-1"), 2))
    placed = factories.place(cart, factories.attempt(cart)).order
    assert placed is not None
    return placed


def test_a_buyer_finds_his_order_by_number_and_mail(client: Client, order: Order) -> None:
    answer = client.post("/orders/", {"number": order.channel_order_no.lower(), "email": "AOKI@example.com"})
    page = client.get(answer.headers["Location"])
    assert (
        order.channel_order_no in page.content.decode()
        and "お支払いをお待ちしています" in page.content.decode()
    )
    assert page.headers["X-Robots-Tag"] == "noindex"


def test_a_wrong_pair_is_answered_the_same_whether_the_number_exists(client: Client, order: Order) -> None:
    def answer(number: str) -> tuple[int, str]:
        page = client.post("/orders/", {"number": number, "email": "other@example.com"})
        text = page.content.decode().split("<main")[1].split("csrfmiddlewaretoken")[0]
        return page.status_code, text

    assert answer(order.channel_order_no) == answer("WEB-2026-999999")


def test_who_tries_many_pairs_is_asked_to_wait(client: Client, order: Order) -> None:
    for n in range(20):
        client.post("/orders/", {"number": f"WEB-2026-9{n:05}", "email": "other@example.com"})
    answer = client.post("/orders/", {"number": order.channel_order_no, "email": "aoki@example.com"})
    assert answer.status_code == 429


def test_a_changed_link_opens_nothing(client: Client, order: Order) -> None:
    token = links.token_of(order.number)
    assert client.get(f"/orders/{token}/").status_code == 200
    broken = client.get(f"/orders/{token[:-1]}x/")
    assert broken.status_code == 404 and 'href="/orders/"' in broken.text


def test_an_unpaid_order_is_cancelled_by_its_buyer_at_once(client: Client, order: Order) -> None:
    where = f"/orders/{links.token_of(order.number)}/cancel/"
    client.post(where)
    order.refresh_from_db()
    assert order.state == "awaiting_payment"  # without the tick nothing happens
    client.post(where, {"sure": "on"})
    order.refresh_from_db()
    assert order.state == "cancelled" and cast.level(order.lines.get().sku_id or 0) == (9, 0)
    assert OutgoingMail.objects.filter(key=f"shop_cancel:{order.number}").count() == 1


def test_a_paid_order_is_held_and_somebody_answers(client: Client, order: Order) -> None:
    payments.receive_otherwise(
        order_id=order.pk, amount_yen=order.total_yen, source="cash", received_on=clock.today(), key="k", by=cast.staff("鈴木")
    )  # fmt: skip
    for _ in range(2):
        client.post(f"/orders/{links.token_of(order.number)}/cancel/", {"sure": "on"})
    order.refresh_from_db()
    assert order.state == "on_hold"
    assert Inquiry.objects.get().order == order and Inquiry.objects.get().kind == "cancel"


def test_a_card_page_that_nobody_used_frees_its_goods_after_a_day() -> None:
    factories.open_shop()
    payments.switch_provider("null", is_on=True, by=None)
    tea = factories.goods("TEA-1")
    cart = factories.cart_with((tea, 2))
    factories.place(cart, factories.attempt(cart, payment="card"))
    assert shop_orders.free_left() == 0
    CheckoutAttempt.objects.update(placed_at=clock.now() - timedelta(hours=25))
    assert (shop_orders.free_left(), shop_orders.free_left()) == (1, 0)
    assert Order.objects.get().state == "cancelled" and cast.level(tea) == (9, 0)


def test_what_is_being_packed_is_neither_held_nor_asked_about_by_a_press(
    client: Client, order: Order
) -> None:
    Order.objects.filter(pk=order.pk).update(state="picking", payment_settled=True)
    page = client.post(f"/orders/{links.token_of(order.number)}/cancel/", {"sure": "on"}, follow=True)
    assert "出荷の準備が始まっているため" in page.text
    order.refresh_from_db()
    assert order.state == "picking" and not Inquiry.objects.exists()


def test_who_goes_back_when_the_money_has_come_keeps_his_order_and_gets_no_second_cart(order: Order) -> None:
    payments.receive_otherwise(
        order_id=order.pk, amount_yen=order.total_yen, source="cash", received_on=clock.today(), key="k", by=cast.staff("鈴木")
    )  # fmt: skip
    cart = Cart.objects.create()
    assert not shop_orders.back_to_cart(CheckoutAttempt.objects.get(order=order), cart)
    order.refresh_from_db()
    assert (order.state == "cancelled", cart.lines.count()) == (False, 0)


def test_an_order_of_a_mall_is_not_found_here() -> None:
    cast.sku("TEA", pieces=5)
    made = cast.place(cast.draft("R-1", ("TEA", 1, 1080)), channel="rakuten")
    Order.objects.filter(pk=made.pk).update(buyer_email="aoki@example.com")
    assert finding.find(made.channel_order_no, "aoki@example.com") is None
    assert finding.find(made.number, "aoki@example.com") is None


def test_all_parcels_that_have_left_are_told_with_where_to_follow_them_by_one_question() -> None:
    cast.company()
    buyers = [replace(cast.AOKI, phone=f"090-0000-100{n}", email=f"{n}@example.jp") for n in (1, 2, 3)]
    orders = [ordered(f"A-{nth}", buyer=one, ship_to=one) for nth, one in enumerate(buyers, 1)]
    for nth, one in enumerate(orders[:2], 1):
        Parcel.objects.create(shipment=left(one), carrier="yamato", tracking_no=f"12345678901{nth}")
    waits = instruct([orders[2].pk], ship_on=clock.today(), by=None).shipments.get()
    Parcel.objects.create(shipment=waits, carrier="yamato", tracking_no="123456789019")
    with CaptureQueriesContext(connection) as sent:
        told = order_page.told_of(orders[0], [], shipping.shipments_of_orders([one.pk for one in orders]))
    assert [one["tracks"] for one in told["parcels"]] == [
        [("123456789011", CARRIERS["yamato"].tracking_url.replace("{no}", "123456789011"))],
        [("123456789012", CARRIERS["yamato"].tracking_url.replace("{no}", "123456789012"))],
        [],
    ]
    assert sum("shipping_carrieraccount" in one["sql"] for one in sent) == 1
