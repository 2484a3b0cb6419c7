"""支払方法・購入手続き in the office: what is set there stands in the shop."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.shop.models import CheckoutTerms, PayingWay
from akinai.shop.services import inquiries
from akinai.shop.tests import factories
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager() -> Client:
    factories.open_shop()
    client = Client()
    client.force_login(cast.staff("伊藤"))
    return client


def test_a_way_of_paying_that_is_switched_off_is_not_offered(manager: Client, client: Client) -> None:
    told = {
        "position": 50,
        "min_yen": "1",
        "max_yen": "55,000",
        "fee_yen": "330",
        "provider": "後払い決済",
        "text": "後払いの案内",
    }
    assert manager.get("/office/shop/checkout/deferred/").status_code == 200
    assert manager.post("/office/shop/checkout/deferred/", told | {"max_yen": "0"}).status_code == 422
    assert manager.post("/office/shop/checkout/deferred/", told).status_code == 302
    assert not PayingWay.objects.get(kind="deferred").is_on
    client.post("/cart/add/", {"sku": factories.goods("TEA-1")})
    client.post("/checkout/address/", factories.TYPED)
    assert [one.kind for one in client.get("/checkout/delivery/").context["offers"]] == [
        "bank_transfer",
        "cod",
    ]
    assert "¥55,000" in manager.get("/office/shop/checkout/").content.decode()


def test_the_texts_of_the_last_page_are_the_shops_own(manager: Client) -> None:
    told = {
        "delivery_text": "翌日に送ります。",
        "cancel_text": "翌朝まで。",
        "returns_text": "14 日以内。",
        "application_text": "",
        "card_hours": 12,
    }
    assert manager.get("/office/shop/checkout/terms/").status_code == 200
    assert manager.post("/office/shop/checkout/terms/", told | {"card_hours": 0}).status_code == 422
    assert manager.post("/office/shop/checkout/terms/", told).status_code == 302
    assert CheckoutTerms.objects.get().card_hours == 12


def test_an_inquiry_has_a_page_and_can_be_opened_again(manager: Client) -> None:
    made = inquiries.receive(
        kind="goods", name="青木 美咲", email="aoki@example.com", text="<b>箱</b>はありますか", key="k"
    )
    where = f"/office/shop/inquiries/{made.number}/"
    assert "&lt;b&gt;箱" in manager.get(where).content.decode()
    manager.post(f"{where}finish/")
    assert manager.post(f"{where}open/").headers["Location"] == where
    made.refresh_from_db()
    assert made.state == "open" and made.done_by is None
