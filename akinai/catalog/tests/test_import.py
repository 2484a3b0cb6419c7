"""商品ファイルの取込 through the one pipeline: preview, refuse, apply, again, undo."""

from __future__ import annotations

import io
from decimal import Decimal
from typing import Any

import openpyxl
import pytest

from akinai.catalog.intake import ProductsKind
from akinai.catalog.models import PriceChange, Product, Sku
from akinai.catalog.services import note_costs
from akinai.catalog.tests.factories import make_sku
from akinai.core import activity, intake
from akinai.core.errors import DomainError

pytestmark = pytest.mark.django_db
HEADER = "商品コード,商品名,JAN,販売価格,税区分,原価,カテゴリ,画像1,画像2"
APPLE = "A-1,りんごジュース,4901234567894,1080,軽減8%,540.5,飲料,https://example.jp/a.jpg,b.jpg"


def read(text: str | bytes, **options: Any) -> tuple[Any, intake.Plan]:
    data = text.encode() if isinstance(text, str) else text
    return intake.preview(ProductsKind(), [intake.Upload("商品.csv", data)], options=options, by=None)


def take(text: str | bytes, **options: Any) -> Any:
    row, plan = read(text, **options)
    assert not plan.errors, plan.errors
    intake.apply(row, by=None)
    row.refresh_from_db()
    return row


def problems(text: str | bytes, **options: Any) -> list[tuple[int, str, str]]:
    _, plan = read(text, **options)
    assert plan.refused
    return [(error.line, error.column, error.message) for error in plan.errors]


def test_a_new_product_with_everything() -> None:
    row = take(f"{HEADER}\n{APPLE}\n")
    assert (row.created, row.changed, row.unchanged) == (1, 0, 0)
    sku = Sku.objects.select_related("product__category").get(code="A-1")
    assert (sku.price_yen, sku.cost, sku.jan, sku.needs_review) == (
        1080,
        Decimal("540.5000"),
        "4901234567894",
        False,
    )
    assert (sku.product.name, sku.product.tax_kind, sku.product.category.name) == (
        "りんごジュース",
        "reduced",
        "飲料",
    )
    assert list(sku.product.images.values_list("source_url", "position")) == [
        ("https://example.jp/a.jpg", 1),
        ("b.jpg", 2),
    ]
    assert PriceChange.objects.get(sku=sku).price_yen == 1080
    assert activity.of(sku.product).get().verb == "create"
    assert "りんごじゅーす" in sku.search_text


def test_a_preview_writes_nothing() -> None:
    read(f"{HEADER}\n{APPLE}\n")
    assert not Product.objects.exists()


def test_the_same_file_again_changes_nothing() -> None:
    take(f"{HEADER}\n{APPLE}\n")
    version = Product.objects.get().version
    row = take(f"{HEADER}\n{APPLE}\n")
    assert (row.created, row.changed, row.unchanged) == (0, 0, 1)
    assert Product.objects.get().version == version and PriceChange.objects.count() == 1


def test_changes_are_shown_before_and_after_and_blank_means_as_it_is() -> None:
    take(f"{HEADER}\n{APPLE}\n")
    row, plan = read("商品コード,商品名,販売価格,原価\na-1,,1200,\n")
    assert [(c.record, c.field, c.before, c.after, c.line) for c in plan.changes] == [
        ("A-1", "販売価格", "¥1,080", "¥1,200", 2)
    ]
    intake.apply(row, by=None)
    sku = Sku.objects.get()
    assert (sku.price_yen, sku.cost, sku.product.name) == (1200, Decimal("540.5"), "りんごジュース")


def test_the_word_empty_clears_a_field() -> None:
    take(f"{HEADER}\n{APPLE}\n")
    take("商品コード,JAN,原価,カテゴリ\nA-1,（空）,（空）,(空)\n")
    sku = Sku.objects.select_related("product").get()
    assert (sku.jan, sku.cost, sku.product.category) == (None, None, None)


def test_every_error_at_once_with_line_and_column() -> None:
    text = (
        "商品コード,商品名,JAN,販売価格,税区分,原価,重量\n"
        "A-1,りんご,4901234567893,100,10%,1,1\n"
        "A-2,みかん,4.90123E+12,▲100,10%,1,1\n"
        "A-3,なし,,1.5,12%,1.23456,1\n"
        ",もも,,100,10%,-1,おもい\n"
        "A-5,かき,,999999999,10%,=1+1,1\n"
        "A-6,,,100,10%,1,1\n"
        "a-1,うめ,,100,10%,1,1\n"
    )
    found = problems(text)
    assert {(line, column) for line, column, _ in found} == {
        (2, "JAN"), (3, "JAN"), (3, "販売価格"), (4, "販売価格"), (4, "税区分"), (4, "原価"), (5, "商品コード"), (5, "原価"),
        (5, "重量"), (6, "販売価格"), (6, "原価"), (7, "商品名"), (8, "商品コード"),
    }  # fmt: skip
    assert not Product.objects.exists()


def test_one_code_on_two_lines_is_refused() -> None:
    assert problems("商品コード,商品名,販売価格\nA-1,りんご,100\nａ－1,りんご,200\n") == [
        (3, "商品コード", "同じSKUコードが 2行目にもあります。1行にまとめてください。")
    ]


def test_one_jan_on_two_skus_is_refused_within_the_file_and_against_the_books() -> None:
    make_sku("OLD", jan="4901234567894")
    found = problems(
        "商品コード,商品名,JAN\nA-1,りんご,49012347\nA-2,みかん,49012347\nA-3,なし,4901234567894\n"
    )
    assert [(line, column) for line, column, _ in found] == [(3, "JAN"), (4, "JAN")]
    assert "SKU OLD に登録済み" in found[1][2]


def test_two_skus_may_swap_their_jans() -> None:
    make_sku("A", jan="4901234567894")
    make_sku("B", name="みかん", jan="49012347")
    row = take("商品コード,JAN\nA,49012347\nB,4901234567894\n")
    assert row.changed == 2
    assert dict(Sku.objects.values_list("code", "jan")) == {"A": "49012347", "B": "4901234567894"}


def test_full_width_amounts_are_read_and_in_store_numbers_noticed() -> None:
    row = take("商品コード,商品名,JAN,販売価格\nA-1,りんご,2000000000015,￥１，２３４\n")
    assert Sku.objects.get().price_yen == 1234
    assert any("インストアコード" in note for note in row.preview["notes"])


def test_fractions_of_a_yen_are_refused_unless_rounding_is_chosen() -> None:
    text = "productID,productName,unitPrice\n1,Chai,18.00\n2,Queso,21.35\n"
    assert [(line, column) for line, column, _ in problems(text)] == [(3, "unitPrice")]
    take(text, round_prices=True)
    assert dict(Sku.objects.values_list("code", "price_yen")) == {"1": 18, "2": 21}


def test_prices_without_tax_become_prices_with_tax_of_the_product() -> None:
    make_sku("A-2", name="麦茶", tax_kind="reduced")
    take("商品コード,商品名,販売価格\nA-1,りんご飴,999\nA-2,麦茶,999\n", prices_exclude_tax=True)
    assert dict(Sku.objects.values_list("code", "price_yen")) == {"A-1": 1098, "A-2": 1078}


def test_variants_of_one_product() -> None:
    take("商品コード,SKUコード,商品名,バリエーション,販売価格\nT,T-S,Tシャツ,S,2000\nT,T-M,,M,2000\n")
    assert Product.objects.get().code == "T"
    assert list(Sku.objects.order_by("id").values_list("code", "variant")) == [("T-S", "S"), ("T-M", "M")]
    assert [
        line for line, _, _ in problems("商品コード,SKUコード,商品名\nT,T-S,Tシャツ\nT,T-M,ポロシャツ\n")
    ] == [3]


def test_an_sku_does_not_move_to_another_product_by_a_slip() -> None:
    take("商品コード,SKUコード,商品名\nT,T-S,Tシャツ\n")
    assert "商品「T」のSKU" in problems("商品コード,SKUコード,商品名\nU,T-S,Tシャツ\n")[0][2]


def test_excel_with_a_number_as_jan_and_a_formula() -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(["商品コード", "商品名", "JANコード", "販売価格"])
    sheet.append(["A-1", "りんご", 4901234567894, 100])
    sheet.append(["A-2", "=cmd|' /C calc'!A0", "", 100])
    sheet["B3"].data_type = "s"
    target = io.BytesIO()
    book.save(target)
    assert [(line, column) for line, column, _ in problems(target.getvalue())] == [(3, "商品名")]


def test_cp932_and_a_file_of_other_columns() -> None:
    take("商品コード,商品名,販売価格\nA-1,髙級①りんご,100\n".encode("cp932"))
    assert Product.objects.get().name == "髙級①りんご"
    assert "列の対応" in problems("あれ,これ\n1,2\n")[0][2]


def test_a_stub_that_is_registered_properly_needs_no_more_review() -> None:
    make_sku("A-1", name="A-1", needs_review=True)
    take("商品コード,商品名,販売価格\nA-1,りんご,1000\n")
    sku = Sku.objects.select_related("product").get()
    assert (sku.needs_review, sku.product.name) == (False, "りんご")


def test_undo_brings_old_values_back_but_not_over_newer_ones() -> None:
    make_sku("A-1", name="りんご", price_yen=100, cost=Decimal("50"))
    row = take("商品コード,商品名,販売価格,原価\nA-1,りんご（青）,200,80\nB-1,みかん,300,\n")
    Sku.objects.filter(code="A-1").update(price_yen=250)
    text = intake.undo(row, by=None)
    sku = Sku.objects.select_related("product").get(code="A-1")
    assert (sku.price_yen, sku.cost, sku.product.name) == (250, Decimal("50"), "りんご")
    assert not Sku.objects.get(code="B-1").is_active
    assert "1 項目はそのままです（A-1 の販売価格）" in text
    with pytest.raises(DomainError):
        intake.undo(row, by=None)


def test_undo_leaves_new_goods_that_somebody_worked_on_and_names_them() -> None:
    row = take("商品コード,商品名,販売価格\nA-1,りんご,200\nB-1,みかん,300\n")
    note_costs({Sku.objects.get(code="B-1").pk: Decimal(90)}, by=None)  # a receipt has come
    text = intake.undo(row, by=None)
    assert list(Sku.objects.order_by("code").values_list("is_active", "product__status")) == [
        (False, "ended"),
        (True, "active"),
    ]
    assert "新しく登録した 1 SKU" in text and "変えられた商品 1 件は販売中のままです（B-1）" in text


def test_undo_does_not_take_a_jan_from_the_sku_that_has_it_now() -> None:
    make_sku("A-1", jan="4901234567894")
    row = take("商品コード,JAN\nA-1,49012347\n")
    make_sku("B-1", jan="4901234567894")
    assert "A-1 のJAN" in intake.undo(row, by=None)
    assert Sku.objects.get(code="A-1").jan == "49012347"


def test_shopify_groups_rows_by_handle_and_makes_codes_from_options() -> None:
    text = (
        "Handle,Title,Body (HTML),Vendor,Type,Published,Option1 Name,Option1 Value,Variant SKU,Variant Grams,Variant Price,"
        "Variant Barcode,Image Src,Image Alt Text,Status\n"
        "shirt,Blue Shirt,<p>cotton</p>,demo,Top,true,Size,Small,,200,50,,https://example.com/1.jpg,front,active\n"
        "shirt,,,,,,,Large,,220,50,'4901234567894,https://example.com/2.jpg,,\n"
        "shirt,,,,,,,,,,,,https://example.com/3.jpg,,\n"
        "mug,Mug,,demo,,false,Title,Default Title,MUG-1,0,800,,,,draft\n"
    )
    row = take(text)
    assert (row.format, row.created, row.rows) == ("shopify", 3, 4)
    assert list(Sku.objects.order_by("id").values_list("code", "variant", "weight_g", "jan")) == [
        ("shirt-Small", "Small", 200, None), ("shirt-Large", "Large", 220, "4901234567894"), ("MUG-1", "", None, None),
    ]  # fmt: skip
    shirt = Product.objects.get(code="shirt")
    assert shirt.images.count() == 3 and Product.objects.get(code="mug").status == "draft"
    assert (take(text).unchanged, Product.objects.count()) == (3, 2)


ECCUBE = (
    "商品ID,公開ステータス(ID),商品名,商品説明(詳細),商品画像,商品カテゴリ(ID),販売種別(ID),規格分類1(ID),規格分類2(ID),商品コード,販売価格\n"
    ',1,アップロード商品1,,"a.jpg,b.jpg",2,1,,,,100\n'
    "7,2,規格のある商品,,,2,1,3,,K-3,200\n"
    "7,2,規格のある商品,,,2,1,4,,K-4,210\n"
)


def test_eccube_without_codes_is_refused_unless_codes_are_assigned() -> None:
    assert [(line, column) for line, column, _ in problems(ECCUBE)] == [(2, "商品コード")]
    row = take(ECCUBE, assign_codes=True)
    assert (row.format, row.created, Product.objects.count()) == ("eccube", 3, 2)
    assert Product.objects.get(skus__code="K-4").skus.count() == 2
    assert Sku.objects.filter(code__startswith="EC-").count() == 1
    assert take(ECCUBE, assign_codes=True).unchanged == 3


def test_rakuten_item_rows_and_sku_rows() -> None:
    text = (
        "商品管理番号（商品URL）,商品番号,商品名,倉庫指定,消費税率,PC用商品説明文,商品画像パス1,商品画像名（ALT）1,SKU管理番号,システム連携用SKU番号,"
        "バリエーション項目選択肢1,販売価格,カタログID\n"
        "juice,J,りんごジュース,0,0.08,おいしい,/juice.jpg,ジュース,,,,,\n"
        "juice,,,,,,,,v1,J-500,500ml,500,4901234567894\n"
        "juice,,,,,,,,v2,,1L,900,\n"
    )
    row = take(text.encode("cp932"))
    assert (row.format, row.created) == ("rakuten", 2)
    assert list(Sku.objects.order_by("id").values_list("code", "variant", "price_yen", "jan")) == [
        ("J-500", "500ml", 500, "4901234567894"), ("juice-v2", "1L", 900, None),
    ]  # fmt: skip
    assert Product.objects.get().tax_kind == "reduced"
    assert take(text.encode("cp932")).unchanged == 2


def test_ten_thousand_skus_take_few_statements(django_assert_max_num_queries: Any) -> None:
    lines = "\n".join(f"N-{n},商品{n},{n + 1},10%" for n in range(2_000))
    row, _ = read(f"商品コード,商品名,販売価格,税区分\n{lines}\n")
    with django_assert_max_num_queries(60):
        intake.apply(row, by=None)
    assert Sku.objects.count() == 2_000
