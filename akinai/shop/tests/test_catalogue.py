"""Pages of goods as the public sees them."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from akinai.catalog.models import Product, ProductImage, Sku
from akinai.content.models import SlugRedirect
from akinai.stock import queries as stock
from akinai.stock.models import StockLevel
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Product:
    cache.clear()
    cast.company()
    product = Product.objects.get(skus=cast.sku("TEA-1", pieces=2, price=1296))
    Product.objects.filter(pk=product.pk).update(slug="uji-sencha")
    product.skus.update(needs_review=False)
    return product


def test_a_product_stands_under_its_slug_with_its_price(client: Client, tea: Product) -> None:
    page = client.get("/products/uji-sencha/")
    assert page.status_code == 200
    assert "1,296" in page.content.decode()
    assert "nonce-" in page.headers["Content-Security-Policy"]
    moved = client.get(f"/products/{tea.number}/")
    assert (moved.status_code, moved.headers["Location"]) == (301, "/products/uji-sencha/")


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"status": "draft"}, {"status": "ended"}])
def test_what_is_not_for_the_public_has_no_page(client: Client, tea: Product, hidden: dict) -> None:
    Product.objects.filter(pk=tea.pk).update(**hidden)
    assert client.get("/products/uji-sencha/").status_code == 404
    assert "商品 TEA-1" not in client.get("/search/?q=TEA-1").content.decode().split("</header>")[1]


def test_a_page_shows_no_cost(client: Client, tea: Product) -> None:
    tea.skus.update(cost="987.6543")
    assert "987" not in client.get("/products/uji-sencha/").content.decode()


def test_the_page_says_tax_stock_delivery_and_charge(client: Client, tea: Product) -> None:
    page = client.get("/products/uji-sencha/?to=北海道").content.decode()
    assert "税込（軽減税率8%対象）" in page
    assert "残りわずか" in page and "残り 2 点です。" in page
    assert "北海道にお届け" in page
    assert "北海道にお届け" in client.get("/products/uji-sencha/").content.decode()  # it remembers


def test_a_sold_out_product_cannot_be_bought_and_says_so(client: Client, tea: Product) -> None:
    assert stock.levels([tea.skus.get().pk])  # the shelf is known
    StockLevel.objects.update(on_hand=0)
    page = client.get("/products/uji-sencha/").content.decode()
    assert "売り切れ" in page and "いまはお買い求めいただけません" in page
    assert "schema.org/OutOfStock" in page


def test_the_page_takes_few_queries_however_many_pictures_and_variants(
    client: Client, tea: Product, django_assert_max_num_queries: Any
) -> None:
    for at in range(5):
        Sku.objects.create(
            product=tea, code=f"TEA-V{at}", code_key=f"TEA-V{at}", variant=f"{at}", price_yen=500 + at
        )
        ProductImage.objects.create(product=tea, file=f"products/1/{at}.webp", position=at)
        StockLevel.objects.update_or_create(
            sku=tea.skus.get(code=f"TEA-V{at}"),
            location_id=stock.default_location_id(),
            defaults={"on_hand": 9},
        )
    client.get("/products/uji-sencha/")
    with django_assert_max_num_queries(12):  # with the parts of other rooms
        assert client.get("/products/uji-sencha/").status_code == 200


def test_old_addresses_lead_to_the_present_one_in_one_step(client: Client, tea: Product) -> None:
    for slug in ("first", "second", "third"):
        Product.objects.filter(pk=tea.pk).update(slug=slug)
    for old in ("uji-sencha", "first", "second", tea.number):
        answer = client.get(f"/products/{old}/")
        assert (answer.status_code, answer.headers["Location"]) == (301, "/products/third/"), old
    Product.objects.filter(pk=tea.pk).update(slug="first")  # back again: no ring
    assert client.get("/products/first/").status_code == 200
    assert client.get("/products/third/").headers["Location"] == "/products/first/"
    assert sorted(SlugRedirect.objects.values_list("old_slug", flat=True)) == [
        "second",
        "third",
        "uji-sencha",
    ]


def test_an_address_that_another_product_takes_over_is_his(client: Client, tea: Product) -> None:
    Product.objects.filter(pk=tea.pk).update(slug="new-home")
    other = Product.objects.get(skus=cast.sku("CUP", pieces=1))
    other.skus.update(needs_review=False)
    Product.objects.filter(pk=other.pk).update(slug="uji-sencha")
    assert client.get("/products/uji-sencha/").context["product"] == other


def test_texts_of_goods_cannot_break_out_of_the_structured_data(client: Client, tea: Product) -> None:
    Product.objects.filter(pk=tea.pk).update(
        name="</script><script>alert(1)</script>", description="a & b <i>"
    )
    page = client.get("/products/uji-sencha/").content.decode()
    assert "<script>alert" not in page
    told = json.loads(page.split('type="application/ld+json"')[1].split(">", 1)[1].split("</script>")[0])
    assert told["name"] == "</script><script>alert(1)</script>"
    assert told["offers"][0]["price"] == 1296
    assert told["offers"][0]["availability"] == "https://schema.org/LimitedAvailability"


def test_the_part_that_follows_the_chosen_sku_tells_its_own_day(client: Client, tea: Product) -> None:
    Sku.objects.create(product=tea, code="TEA-2", code_key="TEA-2", variant="大", price_yen=2592)
    there = client.get("/products/uji-sencha/?sku=TEA-1&part=facts").text
    gone = client.get("/products/uji-sencha/?sku=TEA-2&part=facts").text
    assert "<html" not in there and "にお届け" in there and "入荷しだいご案内します" not in there
    assert "入荷しだいご案内します" in gone and 'name="sku" value="TEA-2"' in gone
