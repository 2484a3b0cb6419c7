"""定期便: bought in the shop, told in full before the button, kept by the customer on his page."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from akinai.catalog.models import Sku
from akinai.core import clock, events
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import services as orders
from akinai.orders.models import Order, Subscription
from akinai.orders.services import turns
from akinai.shop import plans
from akinai.shop.models import Address, Cart, CartLine, Member, PlanOffer
from akinai.shop.services import carts
from akinai.shop.tests import factories, people
from tests import cast

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 1)


@pytest.fixture(autouse=True)
def december() -> Any:
    with clock.told(timezone.make_aware(datetime(2026, 12, 1, 9))):
        yield


@pytest.fixture
def tea() -> int:
    """¥1,080 at 8 %, as 定期便 for 10 % less every two weeks or every month."""
    factories.open_shop()
    pk = factories.goods("TEA-1", pieces=50, price=1_080)
    offer(pk)
    return pk


def offer(sku: int, **changes: Any) -> PlanOffer:
    told = {"percent": 10, "plans": ["w2", "m1"], "least_turns": 1} | changes
    return PlanOffer.objects.create(product_id=Sku.objects.get(pk=sku).product_id, **told)


@pytest.fixture
def aoki() -> Client:
    return people.logged_in(people.member())


def walk(client: Client, sku: int, *, plan: str = "m1", payment: str = "cod", pieces: int = 2) -> Any:
    client.post("/cart/add/", {"sku": sku, "quantity": pieces, "way": "plan", "plan": plan})
    client.post("/checkout/address/", factories.TYPED)
    client.post(
        "/checkout/delivery/", {"payment": payment, "delivery_on": "", "delivery_slot": "", "note": ""}
    )
    return client.get("/checkout/confirm/")


def test_the_product_page_offers_it_with_its_price(client: Client, tea: int) -> None:
    page = client.get(f"/products/{Sku.objects.get(pk=tea).product.number}/").content.decode()
    assert (
        "定期便" in page
        and "10% OFF" in page
        and "972" in page
        and "1か月ごと" in page
        and "毎週" not in page
    )


def test_the_discount_is_rounded_for_the_buyer() -> None:
    assert [plans.price_of(yen, 10) for yen in (1_080, 1_081, 999, 1)] == [972, 972, 899, 0]
    assert plans.price_of(1_080, 0) == 1_080


def test_goods_bought_once_become_a_plan_and_back_in_the_cart(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 3})
    client.post(f"/cart/{tea}/plan/", {"plan": "w2"})
    page = client.get("/cart/")
    assert page.context["quote"].goods_yen == 3 * 972 and "2 回目から毎回" in page.content.decode()
    client.post(f"/cart/{tea}/plan/", {"plan": ""})
    assert client.get("/cart/").context["quote"].goods_yen == 3 * 1_080


@pytest.mark.parametrize("plan", ["w4", "xx", "m9"])
def test_an_interval_that_is_not_offered_is_refused(client: Client, tea: int, plan: str) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 1, "way": "plan", "plan": plan})
    assert not CartLine.objects.exists()


def test_one_order_has_plans_of_one_interval_only(client: Client, tea: int) -> None:
    cup = factories.goods("CUP")
    offer(cup)
    cart = factories.cart_with()
    carts.add(cart, tea, plan="m1")
    with pytest.raises(DomainError, match="1か月ごと"):
        carts.add(cart, cup, plan="w2")
    carts.add(cart, cup, plan="m1")
    assert set(cart.lines.values_list("plan", flat=True)) == {"m1"}


def test_a_guest_logs_in_before_he_orders_a_plan(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea, "way": "plan", "plan": "m1"})
    assert client.get("/checkout/").headers["Location"] == "/login/?next=/checkout/"
    page = walk(client, tea)
    assert "会員としてのログインが必要です" in page.content.decode()
    factories.press(client, page)
    assert not Order.objects.exists() and not Subscription.objects.exists()


def test_the_last_page_says_what_the_law_asks_of_a_subscription(aoki: Client, tea: int) -> None:
    page = walk(aoki, tea)
    quote = page.context["quote"]
    told = next(one for one in page.context["requirements"] if one.code == "plan")
    text = "\n".join(told.lines)
    arrives, following = quote.plan.first_on, quote.plan.next_on
    assert quote.total_yen == 2 * 972 + 880 + 330 and quote.plan.each_yen == 2 * 972 + 880 + 330
    assert "定期購入（定期便）のお申し込み" in text and "解約されるまで続きます" in text
    assert "2 点（1 点 ¥972）" in text and "＋送料 ¥880＋代引手数料 ¥330 ＝ ¥3,154" in text
    assert f"2 回目は {following.year}/{following.month:02d}/{following.day:02d}" in text
    assert (following.year * 12 + following.month) - (arrives.year * 12 + arrives.month) == 1
    assert "今回を含めて 12 回）お続けになった場合の総額: ¥37,848" in text
    assert "マイページの「定期購入」から" in text and "解約料はかかりません" in text


def test_a_promise_of_turns_is_told_with_its_sum(aoki: Client, tea: int) -> None:
    PlanOffer.objects.update(least_turns=3)
    text = "\n".join(next(one for one in walk(aoki, tea).context["requirements"] if one.code == "plan").lines)
    assert "3 回以上お続けいただくお約束" in text and "3 回の総額: ¥9,462" in text
    assert "3 回のお届けのあとからできます" in text


def test_an_order_without_a_plan_says_nothing_of_one(client: Client, tea: int) -> None:
    page = factories.walk(client, tea)
    assert "plan" not in [one.code for one in page.context["requirements"]]


def test_the_order_is_the_first_turn_and_the_second_costs_what_was_shown(aoki: Client, tea: int) -> None:
    page = walk(aoki, tea)
    shown = page.context["quote"]
    assert factories.press(aoki, page).status_code == 302
    order, one = Order.objects.get(), Subscription.objects.get()
    assert (order.total_yen, one.began_from, one.next_turn) == (shown.total_yen, order, 2)
    assert (one.next_on, one.customer_id) == (shown.plan.next_on, order.customer_id)
    assert [(turn.turn, turn.order) for turn in one.turns.all()] == [(1, order)]
    Sku.objects.filter(pk=tea).update(price_yen=1_500)  # it goes on at its price
    with clock.told(
        timezone.make_aware(datetime(one.order_on.year, one.order_on.month, one.order_on.day, 9))
    ):
        assert turns.run().orders == 1
    second = Order.objects.exclude(pk=order.pk).get()
    assert (second.total_yen, second.channel_order_no) == (shown.plan.each_yen, f"{one.number}-2")


def test_the_mail_tells_the_plan(aoki: Client, tea: int) -> None:
    factories.press(aoki, walk(aoki, tea))
    body = OutgoingMail.objects.get(key__startswith="shop_order:").body
    assert "■ 定期便" in body and "毎回のお支払いは ¥3,154" in body and "いつでも解約できます" in body


def test_pressed_twice_it_begins_once(aoki: Client, tea: int) -> None:
    page = walk(aoki, tea)
    factories.press(aoki, page)
    factories.press(aoki, page)
    assert Subscription.objects.count() == Order.objects.count() == 1


def test_what_is_not_offered_any_more_is_not_begun_behind_the_back_of_the_buyer(
    aoki: Client, tea: int
) -> None:
    page = walk(aoki, tea)
    PlanOffer.objects.update(is_on=False)
    answer = factories.press(aoki, page)
    assert answer.status_code == 409 and "1 回だけのご注文になります" in answer.content.decode()
    assert not Order.objects.exists()


def test_a_dearer_later_turn_is_shown_again_first(aoki: Client, tea: int) -> None:
    page = walk(aoki, tea)
    PlanOffer.objects.update(least_turns=2)
    assert factories.press(aoki, page).status_code == 409 and not Subscription.objects.exists()


def test_only_what_can_be_paid_each_time_is_offered(aoki: Client, tea: int) -> None:
    page = walk(aoki, tea, payment="card")
    assert page.status_code == 302  # back to the choice
    choice = aoki.get("/checkout/delivery/")
    refused = {one.kind for one in choice.context["offers"] if one.refusal == plans.NOT_THIS_WAY}
    assert "bank_transfer" not in refused and "cod" not in refused
    cart = Cart.objects.get()
    made = factories.attempt(cart, payment="convenience")
    assert made.data["payment"] == "convenience"
    assert "定期便ではご利用いただけません" in aoki.get("/checkout/confirm/").content.decode()


def test_a_first_order_that_is_cancelled_takes_the_plan_with_it(aoki: Client, tea: int) -> None:
    factories.press(aoki, walk(aoki, tea))
    orders.cancel(Order.objects.get().pk, reason="お客様のご都合", by=cast.staff("佐藤"))
    events.drain()
    one = Subscription.objects.get()
    assert (one.state, one.ended_reason) == ("ended", "はじめのご注文の取消")


def test_a_later_cancelled_order_does_not_end_it(aoki: Client, tea: int) -> None:
    from akinai.orders.services import subscriptions

    factories.press(aoki, walk(aoki, tea))
    Subscription.objects.update(next_turn=3)
    assert subscriptions.end_begun_by(Order.objects.get().pk, reason="x") == 0


def test_my_page_shows_it_with_its_next_day_and_price_and_stops_it(aoki: Client, tea: int) -> None:
    factories.press(aoki, walk(aoki, tea))
    one = Subscription.objects.get()
    page = aoki.get("/mypage/subscriptions/").content.decode()
    assert one.number in page and "¥3,154" in page and "次回を休む" in page
    form = aoki.get(f"/mypage/subscriptions/{one.number}/end/")
    once = (
        form.content.decode().split('name="_once" value="')[1].split('"')[0]
        if 'name="_once"' in form.content.decode()
        else ""
    )
    aoki.post(f"/mypage/subscriptions/{one.number}/end/", {"reason": "多すぎる", "_once": once})
    one.refresh_from_db()
    assert one.state == "ended"


def test_two_intervals_that_meet_in_one_cart_become_one(client: Client, tea: int) -> None:
    cup = factories.goods("CUP")
    offer(cup)
    found = people.member()
    mine = Cart.objects.create(member_id=found.pk)
    carts.add(mine, tea, plan="m1")
    client.post("/cart/add/", {"sku": cup, "way": "plan", "plan": "w2"})
    client.post("/login/", {"mail": found.mail, "password": people.PASSWORD})
    assert dict(mine.lines.values_list("sku_id", "plan")) == {tea: "m1", cup: ""}


@pytest.mark.parametrize("wrong", [{"percent": 51}, {"least_turns": 0}, {"least_turns": 13}, {"plans": []}])
def test_the_database_refuses_an_offer_that_is_none(wrong: dict) -> None:
    factories.open_shop()
    pk = factories.goods("TEA-2")
    with pytest.raises((IntegrityError, ValidationError)), transaction.atomic():
        offer(pk, **wrong)


def test_the_office_registers_an_offer_by_the_code_of_the_goods(client: Client) -> None:
    factories.open_shop()
    cup = Sku.objects.get(pk=factories.goods("CUP"))
    client.force_login(cast.staff("田中"))
    told = {
        "code": cup.product.code or cup.product.number,
        "percent": "15",
        "least_turns": "1",
        "plans": ["m1"],
        "is_on": "on",
    }
    answer = client.post("/office/shop/plans/new/", told)
    assert answer.status_code == 302, answer.content.decode()
    assert PlanOffer.objects.get().product_id == cup.product_id
    assert client.get("/office/shop/plans/").status_code == 200
    again = client.post("/office/shop/plans/new/", told)
    assert again.status_code == 422 and "すでにあります" in again.content.decode()


def test_a_plan_that_was_taken_out_of_the_cart_comes_back_as_a_plan(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 2, "way": "plan", "plan": "w2"})
    page = client.get(client.post(f"/cart/{tea}/remove/").headers["Location"])
    client.post("/cart/restore/", {"undo": page.context["undo"]["signed"]})
    line = CartLine.objects.get()
    assert (line.plan, line.quantity, line.seen_yen) == ("w2", 2, 972)


def test_the_cart_of_a_member_reckons_the_charge_to_his_usual_address(aoki: Client, tea: int) -> None:
    owner = Member.objects.get()
    Address.objects.create(member=owner, name="青木", postal_code="0600001", prefecture="北海道", city="札幌市", line1="1", is_default=True)  # fmt: skip
    aoki.post("/cart/add/", {"sku": tea, "quantity": 1})
    assert (aoki.get("/cart/").context["to"], aoki.get("/cart/?to=東京都").context["to"]) == (
        "北海道",
        "東京都",
    )
