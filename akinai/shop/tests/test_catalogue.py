"""Pages of goods as the public sees them."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.catalog.models import Product
from tests import cast

pytestmark = pytest.mark.django_db


@pytest.fixture
def tea() -> Product:
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
    assert client.get(f"/products/{tea.number}/").status_code == 404


@pytest.mark.parametrize("hidden", [{"is_public": False}, {"status": "draft"}, {"status": "ended"}])
def test_what_is_not_for_the_public_has_no_page(client: Client, tea: Product, hidden: dict) -> None:
    Product.objects.filter(pk=tea.pk).update(**hidden)
    assert client.get("/products/uji-sencha/").status_code == 404
    assert "商品 TEA-1" not in client.get("/search/?q=TEA-1").content.decode().split("</header>")[1]


def test_a_page_shows_no_cost(client: Client, tea: Product) -> None:
    tea.skus.update(cost="987.6543")
    assert "987" not in client.get("/products/uji-sencha/").content.decode()
