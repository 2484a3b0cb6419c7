"""店舗の守り: what nobody gets by knowing, or guessing, an address of somebody else."""

from __future__ import annotations

import pytest
from django.test import Client
from django.urls import reverse

from akinai.core import clock
from akinai.orders.models import Order
from akinai.shipping.models import ReturnCase
from akinai.shop import sessions
from akinai.shop.models import Cart, CheckoutAttempt, MemberSession
from akinai.shop.services import leaving, placing
from akinai.shop.tests import factories
from akinai.shop.tests.people import PASSWORD, logged_in, member
from akinai.shop.tests.test_mypage import left, ordered
from tests import cast
from tests.test_office_doors import closed_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> int:
    factories.open_shop()
    return factories.goods("TEA-1", pieces=9, price=1_080)


def test_placing_a_placed_checkout_again_gives_the_order_that_is_there(tea: int) -> None:
    cart = factories.cart_with((tea, 1))
    made = factories.attempt(cart)
    shown = factories.shown(cart, made)
    first, again = (
        placing.place(made.token, shown=shown, buyer=None, now=clock.now()).order_id for _ in range(2)
    )
    assert first == again == Order.objects.get().pk
    assert cast.level(tea) == (9, 1)


def test_who_knows_the_address_of_anothers_payment_cancels_nothing(client: Client, tea: int) -> None:
    factories.press(client, factories.walk(client, tea, pieces=2))
    token = CheckoutAttempt.objects.get().token
    stranger = Client()
    stranger.post("/cart/add/", {"sku": tea, "quantity": 1})
    assert stranger.post(reverse("shop:checkout_back", args=[token])).status_code == 404
    assert Order.objects.get().state == "awaiting_payment" and cast.level(tea) == (9, 2)
    assert client.post(reverse("shop:checkout_back", args=[token])).status_code == 302
    assert Order.objects.get().state == "cancelled" and cast.level(tea) == (9, 0)


def test_the_cookie_of_a_guest_does_not_open_the_cart_that_became_a_members(client: Client, tea: int) -> None:
    client.post("/cart/add/", {"sku": tea, "quantity": 2})
    left_behind = client.cookies["cart"].value
    Cart.objects.update(member_id=member().pk)
    other = Client()
    other.cookies["cart"] = left_behind
    assert "TEA-1" not in other.get("/cart/").text
    other.post("/cart/add/", {"sku": tea, "quantity": 1})
    assert Cart.objects.get(member_id__isnull=False).lines.get().quantity == 2


@pytest.mark.parametrize(
    ("wanted", "leads_to"),
    [
        ("/cart/", "/cart/"), ("//evil.example/", "/mypage/"), ("/\\evil.example/", "/mypage/"),
        ("https://evil.example/", "/mypage/"), ("javascript:alert(1)", "/mypage/"),
    ],
)  # fmt: skip
def test_after_logging_in_nobody_is_sent_to_another_site(wanted: str, leads_to: str) -> None:
    cast.company()
    owner = member()
    answer = Client().post("/login/", {"mail": owner.mail, "password": PASSWORD, "next": wanted})
    assert answer.headers["Location"] == leads_to


def test_a_parcel_is_asked_back_by_its_owner_only() -> None:
    cast.company()
    owner, stranger = member(), member("stranger@example.com", name="部外 者")
    order = ordered()
    shipment = left(order)
    url = reverse("shop:my_return", args=[order.number, shipment.number])
    told = {"reason": "defect", "wish": "refund", "detail": "", f"q{shipment.lines.get().pk}": "1"}
    other = logged_in(stranger)
    assert [other.get(url).status_code, other.post(url, told).status_code] == [404, 404]
    assert not ReturnCase.objects.exists()
    assert logged_in(owner).get(url).status_code == 200


def test_a_login_under_way_while_the_member_leaves_opens_nothing(tea: int) -> None:
    leaver = member()
    client = logged_in(leaver)
    secret = client.cookies[sessions.COOKIE].value
    assert client.get("/mypage/").status_code == 200
    client.post("/cart/add/", {"sku": tea})
    leaving.withdraw(leaver, password=PASSWORD)
    assert not MemberSession.objects.exists() and not Cart.objects.exists()
    MemberSession.objects.create(
        digest=sessions._digest(secret),
        member=leaver,
        began_at=clock.now(),
        ends_at=clock.now() + sessions.AGE,
    )
    assert client.get("/mypage/").status_code == 302


def test_the_shops_settings_are_the_managers_and_its_members_are_no_writers_business() -> None:
    settings = {"checkout", "checkout_terms", "look", "member_terms", "paying_way", "preview", "settings"}
    people = {"inquiries", "inquiry", "inquiry_finish", "inquiry_open", "member_reset", "members"}
    assert closed_to("伊藤", "shop") == set()
    assert closed_to("田中", "shop") == settings | people
    assert closed_to("加藤", "shop") == settings | {"new_plan", "plan", "plans"}
