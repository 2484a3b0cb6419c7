"""商品 in a real browser: rows of SKUs are added on the spot, pictures are put in their order by the hand."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from akinai.catalog import services
from akinai.catalog.models import Product, Sku
from tests import cast
from tests.browser.conftest import Open

pytestmark = pytest.mark.django_db(transaction=True)
ROW = "[data-skus] tbody tr"


def photo(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (60, 60), colour).save(out, "PNG")
    return out.getvalue()


@pytest.fixture
def pictured(settings: Any, tmp_path: Path) -> Product:
    """A product with a red, a green and a blue picture."""
    settings.MEDIA_ROOT = tmp_path
    cast.sku("TEA")
    product = Product.objects.get(skus__code="TEA")
    for colour in ("red", "green", "blue"):
        services.add_image(product=product, data=photo(colour), filename=f"{colour}.png", by=None)
    return product


def test_a_product_of_many_sizes_is_written_in_one_go_with_the_keyboard(open_as: Open) -> None:
    page = open_as("田中", "/office/products/new/")
    page.get_by_label("商品名").fill("藍染めTシャツ")
    page.get_by_label("商品コード").fill("TS")
    before = page.locator(ROW).count()
    codes = [f"TS-{n}" for n in range(before + 3)]
    for at, code in enumerate(codes):
        if at >= before:
            page.get_by_role("button", name="行を足す").click()
            expect(page.locator(f"[name=sku-{at}-code]")).to_be_focused()
        page.locator(f"[name=sku-{at}-code]").fill(code)
        if at == 0:
            page.locator("[name=sku-0-price_yen]").fill("4980")
    page.locator("[name=sku-0-code]").press("Enter")  # goes on to the next cell, as after a scan
    expect(page.locator("[name=sku-0-variant]")).to_be_focused()
    page.get_by_role("button", name="登録する").last.click()
    expect(page.locator("h1")).to_contain_text("藍染めTシャツ")
    assert list(Sku.objects.order_by("code").values_list("code", "price_yen")) == [
        (code, 4980) for code in codes
    ]


def _drag(page: Page, pk: int, onto: int) -> None:
    """With the mouse, as a hand does: grab, move over the right half, let go."""
    grabbed = page.locator(f"[data-image='{pk}'] img").bounding_box()
    target = page.locator(f"[data-image='{onto}'] img").bounding_box()
    assert grabbed and target
    page.mouse.move(grabbed["x"] + 40, grabbed["y"] + 40)
    page.mouse.down()
    page.mouse.move(target["x"] + target["width"] - 12, target["y"] + 40, steps=12)
    page.mouse.up()


def test_a_picture_is_grabbed_and_put_last_and_the_next_one_becomes_the_first(
    open_as: Open, pictured: Product
) -> None:
    red, green, blue = (image.pk for image in pictured.images.all())
    page = open_as("田中", f"/office/products/{pictured.number}/")
    with page.expect_navigation():
        _drag(page, red, blue)
    expect(page.locator("[data-image]").first.locator(".picture-first")).to_be_visible()
    assert [image.pk for image in pictured.images.all()] == [green, blue, red]
    page.get_by_role("button", name="3枚目を前へ").click()  # and by buttons, for who cannot drag
    page.wait_for_load_state()
    assert [image.pk for image in pictured.images.all()] == [green, red, blue]


def test_several_pictures_are_added_at_once_and_one_is_taken_out_after_asking(
    open_as: Open, pictured: Product
) -> None:
    page = open_as("田中", f"/office/products/{pictured.number}/")
    more = [
        {"name": f"{colour}.png", "mimeType": "image/png", "buffer": photo(colour)}
        for colour in ("black", "white")
    ]
    page.set_input_files("input[type=file]", more)  # type: ignore[arg-type]
    page.get_by_role("button", name="画像を追加する").click()
    expect(page.locator("[data-image]")).to_have_count(5)
    page.get_by_role("button", name="5枚目を削除").click()
    page.locator("dialog[open]").get_by_role("button", name="削除する").click()
    expect(page.locator("[data-image]")).to_have_count(4)
    assert pictured.images.count() == 4
