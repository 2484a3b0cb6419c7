"""How many questions a page of the shop asks: at most ten, and no more for many goods than for few."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from akinai.catalog.models import ProductImage, Sku
from akinai.shop.tests import factories
from akinai.stock import queries as stock
from akinai.stock.models import StockLevel
from tests.questions import asked

pytestmark = pytest.mark.django_db
MOST = 10
PAGES = (
    "/", "/search/", "/search/?q=TEA", "/search/?q=TEA&sort=cheap&stock=1", "/cart/", "/checkout/address/", "/checkout/delivery/",
    "/checkout/confirm/",
)  # fmt: skip


def goods(at: int) -> int:
    """A product with two SKUs and two pictures."""
    pk = factories.goods(f"TEA-{at}", pieces=20)
    product = Sku.objects.get(pk=pk).product
    other = Sku.objects.create(
        product=product, code=f"V-{at}", code_key=f"V-{at}", variant="大", price_yen=900, needs_review=False
    )
    StockLevel.objects.update_or_create(
        sku=other, location_id=stock.default_location_id(), defaults={"on_hand": 9}
    )
    for position in (1, 2):
        ProductImage.objects.create(product=product, file=f"products/{at}/{position}.webp", position=position)
    return pk


def test_the_shops_pages_ask_at_most_ten_questions_for_few_goods_and_for_many(client: Client) -> None:
    cache.clear()
    factories.open_shop()
    factories.walk(client, goods(0))
    product = f"/products/{Sku.objects.get(code='TEA-0').product.number}/"
    few = {page: asked(client, page) for page in (*PAGES, product)}
    for at in range(1, 6):
        factories.walk(client, goods(at))
    many = {page: asked(client, page) for page in (*PAGES, product)}
    assert {page: count for page, count in many.items() if count > MOST} == {}
    assert {page: (few[page], count) for page, count in many.items() if count > few[page]} in ({}, {product: (few[product], few[product] + 1)})  # fmt: skip


def test_what_a_page_remembers_is_forgotten_with_it(client: Client, django_user_model: Any) -> None:
    factories.open_shop()
    from akinai.party.models import Company

    assert "見本茶舗" in client.get("/law/").content.decode()
    Company.objects.update(name="別の会社")
    assert "別の会社" in client.get("/law/").content.decode()
