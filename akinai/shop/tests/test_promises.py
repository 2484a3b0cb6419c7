"""特定商取引法に基づく表示, the maps for search engines, and pages that are not there."""

from __future__ import annotations

import pytest
from django.test import Client

from akinai.catalog.models import Product, Sku
from akinai.party.models import Company
from tests import cast

pytestmark = pytest.mark.django_db


def test_the_law_page_tells_who_sells_and_staff_what_is_missing(client: Client) -> None:
    cast.company()
    Company.objects.update(representative="", phone="")
    page = client.get("/law/").content.decode()
    assert (
        "株式会社 見本茶舗" in page
        and "〒101-0051 東京都千代田区神田神保町1-2-3" in page
        and "T4011001098993" in page
    )
    assert "まだ足りません" not in page
    client.force_login(cast.staff("伊藤"))
    page = client.get("/law/").content.decode()
    assert "運営責任者：" in page and "電話番号：" in page and "送料：" in page
    client.force_login(cast.staff("佐藤"))
    assert "まだ足りません" not in client.get("/law/").content.decode()


def test_maps_name_what_is_public(client: Client) -> None:
    cast.company()
    for code in ("TEA", "HID"):
        cast.sku(code)
    Sku.objects.update(needs_review=False)
    Product.objects.filter(skus__code="TEA").update(slug="tea")
    Product.objects.filter(skus__code="HID").update(slug="hidden", is_public=False)
    index = client.get("/sitemap.xml").content.decode()
    assert "/sitemaps/products-1.xml" in index and "/sitemaps/pages-1.xml" in index
    goods = client.get("/sitemaps/products-1.xml").content.decode()
    assert "/products/tea/</loc><lastmod>" in goods and "hidden" not in goods
    assert "/law/" in client.get("/sitemaps/pages-1.xml").content.decode()
    assert client.get("/sitemaps/products-2.xml").status_code == 404
    assert client.get("/sitemaps/secrets-1.xml").content.count(b"<url>") == 0
    robots = client.get("/robots.txt").content.decode()
    assert "Disallow: /office/" in robots and "/sitemap.xml" in robots


def test_a_page_that_is_not_there_wears_the_look_of_who_asked(client: Client) -> None:
    cast.company()
    shop = client.get("/products/gone/")
    assert shop.status_code == 404 and "s-header" in shop.content.decode()
    assert "この商品は、いまは販売していません。" in shop.content.decode()
    assert "s-header" not in client.get("/office/nowhere/").content.decode()
