"""店舗の設定: who may change them, which colours can be read, and the preview."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.content import looks
from akinai.content.models import Storefront
from tests import cast

pytestmark = pytest.mark.django_db
GOOD = {"name": "茶と器", "brand_colour": "#24503d", "accent_colour": "#b3472e", "tagline": "一服"}
ADDRESS = "/office/shop/storefront/"


@pytest.mark.parametrize(
    ("colour", "is_readable"), [("#24503d", True), ("#767676", False), ("#ffcc00", False), ("#000000", True)]
)
def test_a_colour_is_taken_only_when_texts_in_it_can_be_read(colour: str, is_readable: bool) -> None:
    assert (looks.unreadable(colour) == "") is is_readable
    assert looks.unreadable(looks.darkened(colour)) == ""
    assert looks.contrast(looks.for_dark(colour), looks.DARK) >= 4.5


def test_the_manager_sets_the_shop_and_an_unreadable_colour_changes_nothing(client: Client) -> None:
    cast.company()
    client.force_login(cast.staff("伊藤"))
    assert client.post(ADDRESS, GOOD).status_code == 302
    assert Storefront.objects.get().tagline == "一服"
    answer = client.post(ADDRESS, GOOD | {"brand_colour": "#ffcc00", "tagline": "別"})
    assert answer.status_code == 422 and "明るすぎて" in answer.content.decode()
    assert Storefront.objects.get().tagline == "一服"
    assert "茶と器" in client.get("/").content.decode()


def test_nobody_else_sets_the_shop(client: Client) -> None:
    client.force_login(cast.staff("田中"))
    assert client.post(ADDRESS, GOOD).status_code == 403
    assert not Storefront.objects.exists()


def test_a_preview_is_for_staff_and_keeps_nothing(client: Client) -> None:
    cast.company()
    client.force_login(cast.staff("伊藤"))
    address = client.post(f"{ADDRESS}preview/", GOOD | {"name": "試しの店"}).headers["Location"]
    assert "試しの店" in client.get(address).content.decode()
    assert "試しの店" not in Client().get(address).content.decode()
    assert "試しの店" not in client.get(f"{address[:-3]}xyz").content.decode()
    assert not Storefront.objects.exists()


def test_the_frame_beside_the_form_follows_what_is_typed_and_says_what_is_not_taken(client: Client) -> None:
    cast.company()
    client.force_login(cast.staff("伊藤"))
    told = client.post(f"{ADDRESS}look/", {"name": "試しの店", "brand_colour": "#ffff00"}).json()
    page = client.get(told["address"]).content.decode()
    assert "試しの店" in page
    assert "--brand:#24503d" in page and "#ffff00" not in page
    assert "この色は明るすぎて" in told["refusal"]
    assert not Storefront.objects.exists()


def test_the_look_may_stand_in_our_frame_and_the_shop_of_customers_in_none(client: Client) -> None:
    cast.company()
    client.force_login(cast.staff("伊藤"))
    look = client.get(looks.address_of(GOOD))
    assert look.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in look.headers["Content-Security-Policy"]
    assert "'nonce-" in look.headers["Content-Security-Policy"]
    for one in (Client().get(looks.address_of(GOOD)), client.get("/"), client.get(f"{ADDRESS}?look=x")):
        assert one.headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in one.headers["Content-Security-Policy"]
