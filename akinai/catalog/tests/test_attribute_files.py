"""属性をファイルで: in by any layout, told before it is written, taken back as a whole, out so that it comes in again."""

from __future__ import annotations

import csv
import io
from typing import Any

import pytest
from django.test import Client

from akinai.catalog import services
from akinai.catalog.attribute_words import Asked
from akinai.catalog.intake import ProductsKind
from akinai.catalog.models import Attribute, Category, Product, ProductAttribute
from akinai.catalog.tests.factories import make_sku
from akinai.core import activity, intake
from tests.cast import staff

pytestmark = pytest.mark.django_db


def read(text: str, **options: Any) -> tuple[Any, intake.Plan]:
    upload = intake.Upload("商品.csv", text.encode())
    return intake.preview(ProductsKind(), [upload], options=options, by=None)


def take(text: str, **options: Any) -> Any:
    row, plan = read(text, **options)
    assert not plan.errors, plan.errors
    intake.apply(row, by=None)
    row.refresh_from_db()
    return row


def answers(code: str) -> dict[str, str]:
    rows = ProductAttribute.objects.filter(product__code=code)
    return dict(rows.values_list("attribute__name", "value"))


@pytest.fixture
def shirts() -> Category:
    category = Category.objects.create(name="シャツ")
    asked = [
        Asked(0, "素材", is_required=True),
        Asked(0, "目付", "number", unit="g"),
        Asked(0, "季節", "choice", ("夏", "冬")),
    ]
    services.ask(category, asked, by=None)
    return category


def test_a_column_called_like_an_attribute_is_read_as_that_attribute(shirts: Category) -> None:
    take("商品コード,商品名,カテゴリ,素材,目付,季節\nS-1,シャツ,シャツ,綿,１８０ｇ,夏\n")
    assert answers("S-1") == {"素材": "綿", "目付": "180", "季節": "夏"}
    assert "attribute" not in Product.objects.get(code="S-1").lacking


def test_a_value_of_the_wrong_kind_is_told_by_line_and_column(shirts: Category) -> None:
    _, plan = read("商品コード,商品名,素材,目付,季節\nS-1,シャツ,綿,おもい,春\n")
    assert [(one.line, one.column, one.value) for one in plan.errors] == [
        (2, "目付", "おもい"),
        (2, "季節", "春"),
    ]
    assert "夏・冬" in plan.errors[1].message
    assert not Product.objects.exists()


def test_a_new_attribute_is_made_only_where_the_column_says_so_and_the_preview_tells_it() -> None:
    _, plan = read("商品コード,商品名,属性：産地,備考\nS-1,りんご,青森,甘い\n")
    assert any("新しい属性を作ります: 産地" in note for note in plan.notes)
    take("商品コード,商品名,属性：産地,備考\nS-1,りんご,青森,甘い\n")
    assert answers("S-1") == {"産地": "青森"}
    assert list(Attribute.objects.values_list("name", "kind")) == [("産地", "text")]


def test_a_change_is_shown_before_and_kept_in_the_history(shirts: Category) -> None:
    take("商品コード,商品名,素材\nS-1,シャツ,綿\n")
    _, plan = read("商品コード,素材\nS-1,麻\n")
    assert [(one.record, one.field, one.before, one.after, one.line) for one in plan.changes] == [
        ("S-1", "素材", "綿", "麻", 2)
    ]
    assert (plan.changed, plan.unchanged) == (1, 0)
    take("商品コード,素材\nS-1,麻\n")
    assert "素材 → 麻" in activity.of(Product.objects.get(code="S-1"))[0].summary


def test_blank_leaves_an_answer_and_the_word_for_empty_takes_it_away(shirts: Category) -> None:
    take("商品コード,商品名,素材,季節\nS-1,シャツ,綿,夏\n")
    take("商品コード,素材,季節\nS-1,,（空）\n")
    assert answers("S-1") == {"素材": "綿"}


def test_the_whole_import_is_undone_with_its_attributes_but_not_what_somebody_changed_since(
    shirts: Category,
) -> None:
    take("商品コード,商品名,素材,季節\nS-1,シャツ,綿,夏\n")
    row = take("商品コード,素材,季節,属性:産地\nS-1,麻,冬,岡山\n")
    product = Product.objects.get(code="S-1")
    season = Attribute.objects.get(name="季節")
    ProductAttribute.objects.filter(product=product, attribute=season).update(value="夏冬")
    told = intake.undo(row, by=None)
    assert answers("S-1") == {"素材": "綿", "季節": "夏冬"}
    assert not Attribute.objects.filter(name="産地").exists()
    row.refresh_from_db()
    assert "S-1 の季節" in str(told or row.result)


def test_goods_without_what_their_category_requires_are_told(shirts: Category) -> None:
    _, plan = read("商品コード,商品名,カテゴリ,季節\nS-1,シャツ,シャツ,夏\n")
    assert any("必須の属性が足りない商品が 1 件あります（S-1）" in note for note in plan.notes)


def test_rows_of_one_product_must_agree(shirts: Category) -> None:
    _, plan = read("商品コード,SKUコード,商品名,素材\nS,S-1,シャツ,綿\nS,S-2,シャツ,麻\n")
    assert [(one.line, one.column) for one in plan.errors] == [(3, "素材")]


RAKUTEN = (
    "商品管理番号（商品URL）,商品名,SKU管理番号,システム連携用SKU番号,販売価格,商品属性（項目）1,商品属性（値）1,商品属性（単位）1,"
    "商品属性（項目）2,商品属性（値）2,商品属性（単位）2,商品属性（項目）3,商品属性（値）3,商品属性（単位）3\n"
    "tee,Tシャツ,,,,,,,,,,,,\n"
    "tee,,r,TEE-R,1980,素材,綿,,目付,180,g,代表カラー,レッド,\n"
    "tee,,b,TEE-B,1980,素材,綿,,目付,180,g,代表カラー,ブルー,\n"
)


def test_the_item_attributes_of_rakuten_are_read_where_all_skus_agree(shirts: Category) -> None:
    _, plan = read(RAKUTEN)
    assert any("SKUによって値の違う属性は、商品の属性にしません: 代表カラー" in note for note in plan.notes)
    take(RAKUTEN)
    assert answers("tee") == {"素材": "綿", "目付": "180"}


SHOPIFY = (
    "Handle,Title,Variant SKU,Variant Price,素材 (product.metafields.custom.material),"
    "Google: Custom Product (product.metafields.mm-google-shopping.custom_product)\n"
    "tee,Tシャツ,TEE-1,1980,綿,FALSE\n"
)


def test_shopifys_own_metafields_are_attributes_and_those_of_apps_are_not() -> None:
    take(SHOPIFY)
    assert answers("tee") == {"素材": "綿"}


def test_eccube_files_may_carry_attribute_columns() -> None:
    take("商品ID,商品名,商品コード,販売価格,公開ステータス(ID),属性:素材\n1,シャツ,S-1,1980,1,綿\n")
    assert answers("S-1") == {"素材": "綿"}


def test_a_saved_mapping_names_attributes_too(shirts: Category) -> None:
    columns = {"code": "番号", "name": "なまえ", "attribute:素材": "生地"}
    take("番号,なまえ,生地\nS-1,シャツ,綿\n", format="generic", columns=columns)
    assert answers("S-1") == {"素材": "綿"}


def test_the_exported_list_carries_the_attributes_and_comes_in_again_unchanged(
    client: Client, shirts: Category, settings: object
) -> None:
    take("商品コード,商品名,販売価格,素材,属性:産地\nS-1,シャツ,1980,綿,岡山\nS-2,靴,5000,,\n")
    client.force_login(staff("田中"))
    answer = client.get("/office/products/?export=csv")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    rows = list(csv.DictReader(io.StringIO(text)))
    assert [(row["SKUコード"], row["属性:素材"], row["属性:産地"]) for row in rows] == [
        ("S-1", "綿", "岡山"), ("S-2", "", "")
    ]  # fmt: skip
    _, plan = read(text)
    assert (plan.errors, plan.changed, plan.changes) == ([], 0, [])


def test_thousands_of_attributes_cost_a_handful_of_statements(
    shirts: Category, django_assert_max_num_queries: Any
) -> None:
    for n in range(40):
        make_sku(f"S-{n}")
    text = "商品コード,素材,季節\n" + "".join(f"S-{n},綿,夏\n" for n in range(40))
    row, plan = read(text)
    assert not plan.errors
    with django_assert_max_num_queries(75):
        intake.apply(row, by=None)
    assert ProductAttribute.objects.count() == 80
