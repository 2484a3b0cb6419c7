"""商品の画面: who may see them, what a wrong entry says, and that nobody overwrites anybody."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from django.urls import reverse
from PIL import Image

from akinai.catalog.intake import ProductsKind
from akinai.catalog.lists import SkuList
from akinai.catalog.models import PriceChange, Product, Sku
from akinai.catalog.services import compose_set
from akinai.catalog.tests.factories import make_sku
from akinai.core import activity, intake
from tests import cast
from tests.cast import staff

pytestmark = pytest.mark.django_db


@pytest.fixture
def tanaka(client: Client) -> Client:
    """田中 (商品) at the desk."""
    client.force_login(staff("田中"))
    return client


def entry(**changes: str) -> dict[str, str]:
    form = {
        "code": "P-1", "name": "りんごジュース", "kana": "", "tax_kind": "reduced", "status": "active", "category": "飲料", "brand": "",
        "description": "", "sku-TOTAL_FORMS": "2", "sku-INITIAL_FORMS": "0", "sku-0-code": "P-1-S", "sku-0-variant": "小",
        "sku-0-jan": "4901234567894", "sku-0-price_yen": "￥１，０８０", "sku-0-cost": "540.5", "sku-0-is_active": "on",
        "sku-1-code": "", "sku-1-price_yen": "", "sku-1-is_active": "on",
    }  # fmt: skip
    return form | changes


@pytest.mark.parametrize("name", ["catalog:list", "catalog:create"])
def test_a_stranger_sees_nothing(client: Client, name: str) -> None:
    client.force_login(staff("部外者"))
    assert client.get(reverse(name)).status_code == 403


def test_a_stranger_changes_nothing(client: Client) -> None:
    sku = make_sku()
    client.force_login(staff("部外者"))
    assert client.post(reverse("catalog:edit", args=[sku.product.number]), entry()).status_code == 403
    assert Product.objects.get().name == "りんご"


def test_the_list_searches_by_name_code_and_jan(tanaka: Client) -> None:
    make_sku("A-1", name="リンゴジュース", jan="4901234567894")
    make_sku("B-1", name="みかん")
    for text in ("りんご", "a-1", "4901234567894"):
        page = tanaka.get(reverse("catalog:list"), {"q": text}).content.decode()
        assert "リンゴジュース" in page and "みかん" not in page


def test_the_list_keeps_its_number_of_queries(tanaka: Client, django_assert_max_num_queries: Any) -> None:
    for number in range(60):
        make_sku(f"N-{number}", name=f"商品{number}")
    with django_assert_max_num_queries(6):
        tanaka.get(reverse("catalog:list"))
    with django_assert_max_num_queries(6):
        tanaka.get(reverse("catalog:list"), {"f.image": "0", "q": "商品"})


def test_a_product_is_registered_by_hand(tanaka: Client) -> None:
    answer = tanaka.post(reverse("catalog:create"), entry())
    product = Product.objects.get()
    assert answer.headers["Location"] == reverse("catalog:detail", args=[product.number])
    sku = product.skus.get()
    assert (sku.code, sku.price_yen, sku.cost, sku.jan) == ("P-1-S", 1080, Decimal("540.5"), "4901234567894")
    assert (product.category and product.category.name, activity.of(product).get().actor_name) == (
        "飲料",
        "田中",
    )
    page = tanaka.get(answer.headers["Location"]).content.decode()
    assert "りんごジュース" in page and "画像がありません" in page and "¥1,080" in page


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sku-0-jan": "4901234567893"}, "チェックデジット"),
        ({"sku-0-price_yen": "▲100"}, "0円以上"),
        ({"sku-0-price_yen": "abc"}, "数として読めません"),
        ({"sku-0-code": ""}, "必須"),
        ({"sku-0-cost": "1.23456"}, "小数は4桁"),
        ({"sku-1-code": "ｐ－1－S", "sku-1-price_yen": "1"}, "ほかの行と同じ"),
        ({"sku-0-code": "old"}, "OLD は登録済み"),
        ({"sku-0-jan": "49012347"}, "SKU OLD に登録済み"),
        ({"code": "OLD"}, "登録済み"),
    ],
)  # fmt: skip
def test_wrong_entries_are_told_and_nothing_is_written(
    tanaka: Client, change: dict[str, str], words: str
) -> None:
    make_sku("OLD", jan="49012347")
    answer = tanaka.post(reverse("catalog:create"), entry(**change))
    assert answer.status_code == 422 and words in answer.content.decode()
    assert Product.objects.count() == 1


def test_more_rows_keep_what_was_typed_and_write_nothing(tanaka: Client) -> None:
    """Without scripts the button brings the form again with empty rows behind."""
    answer = tanaka.post(reverse("catalog:create"), entry(more="3", **{"sku-0-jan": "4901"}))
    page = answer.content.decode()
    assert answer.status_code == 200 and Product.objects.count() == 0
    assert 'value="りんごジュース"' in page and 'value="4901"' in page and 'name="sku-3-code"' in page
    assert "チェックデジット" not in page


def test_more_rows_of_a_known_product_keep_its_skus(tanaka: Client) -> None:
    sku = make_sku("OLD")
    address = reverse("catalog:edit", args=[sku.product.number])
    page = tanaka.post(address, change_form(sku, more="3")).content.decode()
    assert f'name="sku-0-id" value="{sku.pk}"' in page and 'name="sku-3-code"' in page
    tanaka.post(address, change_form(sku, **{
        "sku-TOTAL_FORMS": "4", "sku-3-code": "NEW", "sku-3-price_yen": "500", "sku-3-is_active": "on",
    }))  # fmt: skip
    assert sorted(sku.product.skus.values_list("code", flat=True)) == ["NEW", "OLD"]


def change_form(sku: Sku, **changes: str) -> dict[str, str]:
    return entry(**{
        "code": sku.product.code, "name": sku.product.name, "version": str(sku.product.version), "sku-INITIAL_FORMS": "1",
        "sku-0-id": str(sku.pk), "sku-0-code": sku.code, "sku-0-variant": "", "sku-0-jan": "", "sku-0-price_yen": "1200",
        "sku-0-cost": "",
    } | changes)  # fmt: skip


def test_a_new_price_leaves_a_line_in_the_history(tanaka: Client) -> None:
    sku = make_sku("A-1", needs_review=True)
    tanaka.post(reverse("catalog:edit", args=[sku.product.number]), change_form(sku))
    sku.refresh_from_db()
    assert (sku.price_yen, sku.needs_review) == (1200, False)
    assert PriceChange.objects.get().price_yen == 1200
    assert "販売価格 ¥1,000 → ¥1,200" in activity.of(sku.product)[0].summary


def test_the_slower_of_two_people_is_told_and_overwrites_nothing(tanaka: Client) -> None:
    sku = make_sku("A-1")
    slow = change_form(sku, name="遅い人の名前")
    tanaka.post(reverse("catalog:edit", args=[sku.product.number]), change_form(sku, name="速い人の名前"))
    answer = tanaka.post(reverse("catalog:edit", args=[sku.product.number]), slow, follow=True)
    assert "ほかの人が変更しました" in answer.content.decode()
    assert Product.objects.get().name == "速い人の名前"


def test_the_exported_list_can_be_taken_in_again(tanaka: Client) -> None:
    make_sku(
        "A-1",
        name="りんご, 大",
        jan="4901234567894",
        cost=Decimal("540.5000"),
        variant="小",
        weight_g=200,
        shelf="A-1-1",
    )
    make_sku("B-1", name="みかん", price_yen=0, is_active=True)
    answer = tanaka.get(reverse("catalog:list"), {"export": "csv-utf8", "columns": "all"})
    data = b"".join(answer.streaming_content) if answer.streaming else answer.content  # type: ignore[attr-defined]
    header = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert {"SKUコード", "商品名", "JAN", "販売価格", "税区分", "原価", "状態"} <= set(header)
    _, plan = intake.preview(ProductsKind(), [intake.Upload("商品.csv", data)], by=None)
    assert (plan.errors, plan.created, plan.changed, plan.unchanged) == ([], 0, 0, 2)


def photo(mode: str = "RGB", kind: str = "JPEG", **extra: Any) -> bytes:
    out = io.BytesIO()
    Image.new(mode, (64, 32), "red").save(out, kind, **extra)
    return out.getvalue()


def test_an_uploaded_photo_is_drawn_anew_without_exif(tanaka: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    sku = make_sku()
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    file = SimpleUploadedFile("../../写真.jpg", photo(exif=exif), "image/jpeg")
    tanaka.post(reverse("catalog:add_images", args=[sku.product.number]), {"files": [file]})
    image = sku.product.images.get()
    answer = tanaka.get(reverse("catalog:picture", args=[image.pk]))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "image/webp" and b"secret place" not in data
    assert Image.open(io.BytesIO(data)).size == (64, 32)
    assert [path.name for path in tmp_path.iterdir()] == ["products"]


@pytest.mark.parametrize("data", [b"<svg onload=alert(1)>", b"GIF89a", b"", b"\xff\xd8\xff" + b"0" * 100])
def test_what_is_no_picture_is_refused(tanaka: Client, settings: Any, tmp_path: Path, data: bytes) -> None:
    settings.MEDIA_ROOT = tmp_path
    sku = make_sku()
    file = SimpleUploadedFile("a.jpg", data, "image/jpeg")
    answer = tanaka.post(
        reverse("catalog:add_images", args=[sku.product.number]), {"files": [file]}, follow=True
    )
    assert answer.status_code == 200 and not sku.product.images.exists()
    assert not list(tmp_path.rglob("*.webp"))


def test_pictures_move_and_go(tanaka: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    sku = make_sku()
    files = [
        SimpleUploadedFile(f"{n}.png", photo(kind="PNG", mode=mode), "image/png")
        for n, mode in enumerate(("RGB", "L"))
    ]
    tanaka.post(reverse("catalog:add_images", args=[sku.product.number]), {"files": files})
    first, second = sku.product.images.all()
    order = lambda: [image.pk for image in sku.product.images.all()]  # noqa: E731
    tanaka.post(reverse("catalog:change_image", args=[second.pk]), {"act": "before"})
    assert order() == [second.pk, first.pk]
    tanaka.post(reverse("catalog:change_image", args=[second.pk]), {"act": "after"})
    assert order() == [first.pk, second.pk]
    tanaka.post(
        reverse("catalog:order_images", args=[sku.product.number]), {"order": f"{second.pk},x,999999,"}
    )
    assert order() == [second.pk, first.pk]  # what was not named stays behind
    tanaka.post(reverse("catalog:change_image", args=[second.pk]), {"act": "remove"})
    assert order() == [first.pk]


def test_one_bad_picture_does_not_stop_the_others(tanaka: Client, settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path
    sku = make_sku()
    files = [
        SimpleUploadedFile("bad.jpg", b"x"),
        SimpleUploadedFile("good.png", photo(kind="PNG"), "image/png"),
    ]
    page = tanaka.post(
        reverse("catalog:add_images", args=[sku.product.number]), {"files": files}, follow=True
    )
    assert "「bad.jpg」は画像として読めません" in page.content.decode() and sku.product.images.count() == 1


def test_a_picture_is_not_for_strangers(client: Client) -> None:
    image = make_sku().product.images.create(source_url="https://example.jp/a.jpg")
    client.force_login(staff("部外者"))
    assert client.get(reverse("catalog:picture", args=[image.pk])).status_code == 403


def test_the_list_shows_how_many_sets_the_parts_make(tanaka: Client) -> None:

    cup, whole = cast.sku("CUP", pieces=7), cast.sku("GIFT")
    compose_set(whole, {cup: 2}, by=None)
    rows = {row.code: row.free for row in SkuList().queryset(RequestFactory().get("/"))}
    assert rows == {"CUP": 7, "GIFT": 3}
    product = Sku.objects.get(pk=whole).product.number
    assert "セット: CUP × 2" in tanaka.get(f"/office/products/{product}/").content.decode()
