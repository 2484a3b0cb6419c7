"""What the office says of a product's place in the shop: URL, 公開, and the sizes of its pictures."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from PIL import Image

from akinai.catalog import public, services
from akinai.catalog.models import Product, ProductImage, Sku
from akinai.catalog.services.picture_sizes import draw_waiting
from akinai.catalog.tests.test_import import problems, take
from tests import cast

pytestmark = pytest.mark.django_db


def photo(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "green").save(out, "PNG")
    return out.getvalue()


def test_pictures_are_drawn_at_three_widths_in_both_kinds(
    client: Client, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast.sku("TEA")
    product = Product.objects.get()
    services.add_image(product, data=photo(1600, 800), filename="a.png", by=None)
    services.add_image(product, data=photo(500, 500), filename="b.png", by=None)
    assert draw_waiting() == 2
    assert draw_waiting() == 0
    told = list(ProductImage.objects.values_list("width", "height", "drawn_widths"))
    assert told == [(1600, 800, [360, 720, 1440]), (500, 500, [360, 500])]
    Sku.objects.update(needs_review=False)
    seen = public.shown([product])[0].picture
    assert seen is not None
    with Image.open(tmp_path / seen.at(720, "avif")) as picture:
        assert (picture.format, picture.size) == ("AVIF", (720, 360))
    cast.company()
    page = client.get(f"/products/{product.number}/").content.decode()
    assert 'width="1600" height="800" fetchpriority="high"' in page and "-1440.avif 1440w" in page
    answer = client.get(f"/media/{seen.at(360, 'avif')}")
    assert answer.headers["Content-Type"] == "image/avif"


def test_a_broken_picture_is_passed_over_for_good(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    cast.sku("TEA")
    ProductImage.objects.create(product=Product.objects.get(), file="products/1/gone.webp")
    assert (draw_waiting(), draw_waiting()) == (0, 0)
    assert ProductImage.objects.get().width == 0


def test_a_file_names_the_address_and_whether_the_shop_shows_it() -> None:
    take("商品コード,商品名,販売価格,URL,公開\nA-1,煎茶,1080,Uji_Sencha,はい\nA-2,急須,5500,,いいえ\n")
    assert list(Product.objects.order_by("code").values_list("slug", "is_public")) == [
        ("uji-sencha", True),
        (None, False),
    ]
    take(
        "商品コード,商品名,販売価格,URL,公開\nA-1,煎茶,1080,（空）,非公開\nA-2,急須,5500,uji-sencha,公開\n"
    )  # it changes hands
    assert list(Product.objects.order_by("code").values_list("slug", "is_public")) == [
        (None, False),
        ("uji-sencha", True),
    ]


def test_one_address_of_two_products_is_refused_with_its_line() -> None:
    take("商品コード,商品名,販売価格,URL\nA-1,煎茶,1080,tea\n")
    told = problems(
        "商品コード,商品名,販売価格,URL,公開\nA-2,急須,5500,tea,はい\nA-3,湯のみ,900,お茶,たぶん\n"
    )
    assert told == [
        (2, "URL", "同じURLが商品「A-1」にあります。どちらかを直してください。"),
        (3, "URL", "URLは小文字の英数字とハイフンで書いてください（例: uji-sencha）。"),
        (3, "公開", "「はい」か「いいえ」で書いてください。"),
    ]  # fmt: skip


def test_a_link_to_another_site_is_no_address_of_ours() -> None:
    take("商品コード,商品名,販売価格,URL\nA-1,煎茶,1080,https://example.jp/item/1\n")
    assert Product.objects.get().slug is None


def test_the_form_refuses_an_address_that_is_taken_and_keeps_its_own(client: Client) -> None:
    cast.sku("TEA")
    cast.sku("CUP")
    Product.objects.filter(skus__code="CUP").update(slug="cup")
    tea = Product.objects.get(skus__code="TEA")
    client.force_login(cast.staff("田中"))
    sent = {
        "name": "煎茶", "tax_kind": "reduced", "status": "active", "slug": "cup", "is_public": "on", "version": tea.version,
        "sku-TOTAL_FORMS": 0, "sku-INITIAL_FORMS": 0,
    }  # fmt: skip
    answer = client.post(f"/office/products/{tea.number}/edit/", sent)
    assert answer.status_code == 422 and "が使っています。別のURLに" in answer.content.decode()


def test_goods_are_taken_out_of_the_shop_and_back_many_at_once() -> None:
    cast.sku("TEA")
    cast.sku("CUP")
    assert services.hide_from_shop(Sku.objects.all(), by=None) == 2
    assert services.hide_from_shop(Sku.objects.all(), by=None) == 0
    assert services.show_in_shop(Sku.objects.filter(code="TEA"), by=None) == 1
    assert list(Product.objects.order_by("code").values_list("code", "is_public")) == [
        ("CUP", False),
        ("TEA", True),
    ]
