"""モール用の商品ファイル: what is written can be taken in again unchanged; what a mall would refuse is left out by name."""

from __future__ import annotations

import csv
import io
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from akinai.catalog import ports, services
from akinai.catalog.attribute_words import Asked
from akinai.catalog.axes import Axis, Value
from akinai.catalog.intake import ProductsKind
from akinai.catalog.models import Attribute, Category, Product
from akinai.catalog.page_checks import Looked, csv_file, look
from akinai.catalog.pages import MappedPages, pages_of
from akinai.core import intake
from akinai.core.intake.mappings import save
from tests.cast import staff

pytestmark = pytest.mark.django_db
AXES = [Axis("色", (Value("赤"), Value("青"))), Axis("サイズ", (Value("S"), Value("M")))]


def shirt(**values: Any) -> Product:
    rows = [
        {"code": f"SH-{n}", "variant": variant, "price_yen": 1980, "list_price_yen": 2980, "weight_g": 200, "jan": jan,
         "cost": Decimal("500.5")}
        for n, (variant, jan) in enumerate((("赤 / S", "4901234567894"), ("青 / M", "2000000000015")))
    ]  # fmt: skip
    product = services.create_product(
        values={"code": "sh", "name": "綿シャツ", "category": "服", "brand": "見本", "description": "<p>綿100%</p>"} | values,
        skus=rows, axes=AXES, by=None,
    )  # fmt: skip
    product.images.create(source_url="https://example.jp/cabinet/a/sh.jpg", alt="正面")
    return product


def tea(code: str = "tea-1", **values: Any) -> Product:
    sku = {"code": code.upper(), "price_yen": 1080, "jan": "49012347"} | values.pop("sku", {})
    fields = {"code": code, "name": "煎茶", "tax_kind": "reduced", "category": "お茶", "description": "香り"}
    return services.create_product(values=fields | values, skus=[sku], by=None)


def looked(code: str) -> tuple[Looked, Any]:
    form = ports.page_format(code)
    assert form is not None
    return look([form.rows(page) for page in pages_of(Product.objects.all())], form), form


def rows_of(code: str) -> list[dict[str, str]]:
    found, form = looked(code)
    text = csv_file(found.good, form).decode(form.encoding)
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("code", ["rakuten", "shopify"])
def test_what_is_written_is_taken_in_again_as_it_was(code: str) -> None:
    shirt(), tea(status="draft")
    found, form = looked(code)
    assert not found.bad
    _, plan = intake.preview(
        ProductsKind(), [intake.Upload(form.filename, csv_file(found.good, form))], by=None
    )
    changes = [(change.record, change.field) for change in plan.changes if change.field != "画像"]
    assert (plan.format, plan.errors, plan.created, changes) == (code, [], 0, [])


def test_rakuten_has_an_item_row_and_a_row_per_sku() -> None:
    product = shirt()
    services.ask(Category.objects.get(), [Asked(0, "素材")], by=None)
    answers = {Attribute.objects.get().pk: "綿"}
    services.update_product(product, version=1, values={}, skus=[], attributes=answers, by=None)
    item, first, second = rows_of("rakuten")
    assert (item["バリエーション項目名定義"], item["バリエーション1選択肢定義"], item["商品画像パス1"]) == (
        "色|サイズ",
        "赤|青",
        "/a/sh.jpg",
    )
    assert (
        first["バリエーション項目選択肢2"],
        first["販売価格"],
        first["表示価格"],
        first["カタログID"],
    ) == ("S", "1980", "2980", "4901234567894")
    assert (second["システム連携用SKU番号"], second["カタログID"], second["カタログIDなしの理由"]) == (
        "SH-1",
        "",
        "5",
    )
    assert (first["商品属性（項目）1"], first["商品属性（値）1"]) == ("素材", "綿")


def test_an_in_store_number_never_leaves_as_a_jan() -> None:
    shirt()
    for code in ("rakuten", "yahoo", "shopify"):
        found, form = looked(code)
        assert b"2000000000015" not in csv_file(found.good, form)
    assert any(
        "インストアコード" in finding.message and not finding.is_error
        for finding in looked("rakuten")[0].findings
    )


def test_yahoo_has_one_row_per_product_with_its_skus() -> None:
    shirt(description="綿"), tea()
    first, second = rows_of("yahoo")
    assert (
        first["sub-code"] == "色:赤#サイズ:S=SH-0&色:青#サイズ:M=SH-1"
        and first["options"] == "色 赤 青\n\nサイズ S M"
    )
    assert (second["price"], second["taxrate-type"], second["jan"], second["path"]) == (
        "1080",
        "0.08",
        "49012347",
        "お茶",
    )


def test_yahoo_takes_one_price_per_product() -> None:
    product = shirt()
    sku = product.skus.first()
    assert sku is not None
    services.update_product(product, version=1, values={}, skus=[{"id": sku.pk, "price_yen": 2480}], by=None)
    found, _ = looked("yahoo")
    assert found.bad == {"sh"} and any("1商品1価格" in finding.message for finding in found.findings)


def test_what_a_mall_would_refuse_is_named_by_line_and_column_and_left_out() -> None:
    tea("ok")
    tea(
        "Long Code_of_a_product_that_is_much_too_long",
        name="あ" * 128,
        sku={"code": "B", "jan": None, "price_yen": 0},
    )
    found, form = looked("rakuten")
    told = {(one.line, one.column) for one in found.findings if one.is_error}
    # Sorted by code: the long one stands first, its item row on line 2 and its SKU row on line 3.
    assert told == {
        (2, "商品管理番号（商品URL）"),
        (2, "商品番号"),
        (2, "商品名"),
        (3, "商品管理番号（商品URL）"),
        (3, "販売価格"),
    }
    assert [page.page.code for page in found.good] == ["ok"]
    assert len(csv_file(found.good, form).splitlines()) == 3


def test_eccube_and_shopify_say_what_they_cannot_hold() -> None:
    shirt()
    assert looked("eccube")[0].bad == {"sh"}
    four = [Axis(name, (Value("x"),)) for name in "ABCD"]
    services.create_product(
        values={"code": "four", "name": "4軸"},
        axes=four,
        skus=[{"code": "F", "variant": "x / x / x / x", "price_yen": 1}],
        by=None,
    )
    assert looked("shopify")[0].bad == {"four"}


def test_eccube_writes_the_columns_of_its_registration() -> None:
    tea(sku={"list_price_yen": 1500})
    (row,) = rows_of("eccube")
    assert (row["商品コード"], row["販売価格"], row["通常価格"], row["税率"], row["公開ステータス(ID)"]) == (
        "TEA-1",
        "1080",
        "1500",
        "8",
        "1",
    )
    found, form = looked("eccube")
    _, plan = intake.preview(
        ProductsKind(), [intake.Upload("product.csv", csv_file(found.good, form))], by=None
    )
    assert (plan.format, plan.errors, plan.created) == ("eccube", [], 0)


def test_a_saved_mapping_writes_the_shops_own_columns() -> None:
    tea()
    headers = ["品番", "なまえ", "売値", "倉庫メモ"]
    mapping = save(
        ProductsKind(),
        name="自社",
        columns={"code": "品番", "name": "なまえ", "price_yen": "売値"},
        headers=headers,
        by=None,
    )
    form = MappedPages(mapping.name, mapping.headers, mapping.columns)
    pages = [form.rows(page) for page in pages_of(Product.objects.all())]
    assert csv_file(pages, form).decode("utf-8-sig").splitlines() == [
        '"品番","なまえ","売値","倉庫メモ"',
        '"TEA-1","煎茶","1080",""',
    ]


def test_thousands_of_pages_cost_a_handful_of_queries(django_assert_max_num_queries: Any) -> None:
    for n in range(30):
        tea(f"t{n}", sku={"jan": None})
    with django_assert_max_num_queries(6):
        assert len(pages_of(Product.objects.all())) == 30


def test_the_page_lists_problems_and_gives_the_rest(client: Client) -> None:
    tea("ok")
    tea("だめ", sku={"code": "B", "jan": None})
    address = reverse("catalog:pages")
    client.force_login(staff("部外者"))
    assert client.get(address).status_code == 403
    client.force_login(staff("田中"))
    page = client.get(address, {"format": "rakuten"}).content.decode()
    assert "問題のない 1 商品を書き出す" in page and "半角の英小文字" in page
    answer = client.get(address, {"format": "rakuten", "download": "1"})
    assert (
        "normal-item.csv" in answer.headers["Content-Disposition"]
        and "だめ".encode("cp932") not in answer.content
    )
    assert client.get(address, {"format": "x"}).status_code == 200
