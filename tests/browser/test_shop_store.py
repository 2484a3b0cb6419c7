"""店舗 in a real browser: a visitor finds a product by kana, chooses a variant, and every page passes the shop's own check."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from PIL import Image
from playwright.sync_api import Browser, expect
from pytest_django.live_server_helper import LiveServer

from akinai.catalog import services
from akinai.catalog.axes import Axis, Value
from akinai.catalog.models import Category, Product
from akinai.catalog.services.batch import refresh_search
from akinai.catalog.services.picture_sizes import draw_waiting
from akinai.stock import queries as stock
from akinai.stock.models import StockLevel
from bench.shop_check import check, table
from tests import cast

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def shirt(settings: Any, tmp_path: Path) -> Product:
    """A shirt in two colours and two sizes, of which red M is sold out, with two pictures."""
    cache.clear()
    settings.MEDIA_ROOT = tmp_path
    cast.company()
    category = Category.objects.create(name="服", slug="clothes")
    skus = [
        {"code": f"TS-{colour}{size}", "variant": f"{colour} / {size}", "price_yen": price, "is_active": True}
        for colour, size, price in (
            ("赤", "S", 3300),
            ("赤", "M", 3300),
            ("青", "S", 3300),
            ("青", "M", 3850),
        )
    ]
    values = {
        "code": "TS",
        "name": "藍染めシャツ",
        "kana": "アイゾメシャツ",
        "slug": "indigo-shirt",
        "category": category.name,
        "description": "手染めです。",
    }
    axes = [Axis("色", (Value("赤"), Value("青"))), Axis("サイズ", (Value("S"), Value("M")))]
    product = services.create_product(values=values, skus=skus, axes=axes, by=None)
    levels = StockLevel.objects.filter(location=stock.default_location_id())
    levels.exclude(sku__code="TS-赤M").update(on_hand=9)
    for colour in ("indigo", "navy"):
        out = io.BytesIO()
        Image.new("RGB", (900, 900), colour).save(out, "PNG")
        services.add_image(
            product, data=out.getvalue(), filename=f"{colour}.png", alt=f"{colour}のシャツ", by=None
        )
    draw_waiting()
    refresh_search([product.pk])
    return product


def test_a_visitor_finds_and_chooses_on_a_telephone_and_every_page_is_sound(
    chromium: Browser, live_server: LiveServer, shirt: Product
) -> None:
    page = chromium.new_page(viewport={"width": 390, "height": 844}, locale="ja-JP")
    page.goto(f"{live_server.url}/")
    page.get_by_label("商品をさがす").fill("あいぞめ")
    page.get_by_label("商品をさがす").press("Enter")
    page.get_by_role("link", name="藍染めシャツ").click()
    page.get_by_role("radio", name="青").check(force=True)
    page.get_by_role("radio", name="M", exact=True).check(force=True)
    expect(page.locator("[data-price]").first).to_have_text("3,850")
    page.get_by_role("radio", name="赤").check(force=True)
    expect(page.locator("[data-stock-word]")).to_have_text("売り切れ")
    expect(page.locator("[data-facts]")).to_contain_text("入荷しだいご案内します")  # no day of another one
    page.locator(".s-gallery-thumbs a").nth(1).click()
    expect(page.get_by_alt_text("navyのシャツ").first).to_be_visible()
    page.close()
    rows = list(check(chromium, live_server.url))
    assert len(rows) == 36
    assert [problem for one in rows for problem in one.problems] == [], table(rows)
    assert max(one.weight for one in rows) < 100_000
