"""はじめて来た人の商品ファイル: every way a file can be bad is told by file, line, column, value and way out; nothing is written."""

from __future__ import annotations

from typing import Any

import pytest

from akinai.catalog.intake import ProductsKind
from akinai.catalog.models import Product, Sku
from akinai.core import intake
from akinai.core.tables import MAX_BYTES

pytestmark = pytest.mark.django_db
HEADER = "商品コード,商品名,JAN,販売価格,税区分,原価\n"
GOOD = HEADER + "A-1,りんごジュース,4901234567894,1080,軽減8%,540.5\n"


def look(data: bytes, name: str = "商品.csv", **options: Any) -> intake.Plan:
    return intake.preview(ProductsKind(), [intake.Upload(name, data)], options=options, by=None)[1]


@pytest.mark.parametrize(
    ("data", "line", "words"),
    [
        (b"", 0, "空です"),
        (HEADER.encode(), 1, "データの行がありません"),
        (GOOD.encode()[:-12], 2, "途中で"),
        (GOOD.encode()[:69], 2, "切れています"),
        ((HEADER + 'A-1,"りんご,,1,10%,\n').encode(), 2, "引用符"),
        (GOOD.encode() + "A-2,みかん,,100,10%,\n".encode("cp932"), 3, "文字コードが途中で変わっています"),
        (GOOD.replace(",", "|").encode(), 1, "区切り文字が違います"),
        (GOOD.replace(",", "，").encode(), 1, "区切り文字が違います"),
        (GOOD.split("\n", 1)[1].encode() * 2, 1, "見出しの行が"),
        (GOOD.encode() + b"A-2,\x00,,100,10%,\n", 3, "壊れたファイル"),
        ((GOOD + "A-2,みかん,,100\n" + "A-3,なし,,1,10%,\n").encode(), 3, "列が足りません"),
        ((GOOD + "A-2,みかん,,1,980,10%,500\n").encode(), 3, "列が多すぎます"),
        ("こーど,なまえ\nA-1,りんご\n".encode(), 1, "列の対応"),
        (b"<!DOCTYPE html><html></html>", 0, "Webページ"),
        (b"x" * (MAX_BYTES + 1), 0, "大きすぎます"),
    ],
    ids=["empty", "only a header", "cut in a row", "cut in a letter", "open quote", "two encodings", "bars", "wide commas",
         "no header", "NUL", "narrow row", "wide row", "strange columns", "a web page", "oversized"],
)  # fmt: skip
def test_a_file_that_is_no_table_of_goods_says_what_is_wrong(data: bytes, line: int, words: str) -> None:
    plan = look(data)
    assert plan.refused and not Product.objects.exists()
    assert (plan.errors[0].file, plan.errors[0].line) == ("商品.csv", line)
    assert words in plan.errors[0].message and plan.errors[0].message.endswith("。")


@pytest.mark.parametrize(
    ("cell", "column", "words"),
    [
        ("A-2,みかん,4.90123E+12,100,10%,1", "JAN", "Excel"),
        ("A-2,みかん,4901234567893,100,10%,1", "JAN", "末尾は 4"),
        ("A-2,みかん,12345,100,10%,1", "JAN", "5桁"),
        ("A-2,みかん,4901234567894,100,10%,1", "JAN", "2行目（A-1）"),
        ("ａ－１,みかん,,100,10%,1", "商品コード", "2行目にも"),
        ("1.2E+11,みかん,,100,10%,1", "商品コード", "Excel"),
        (",みかん,,100,10%,1", "商品コード", "空欄"),
        ("A-2,,,100,10%,1", "商品名", "商品名がありません"),
        ("A-2,=HYPERLINK(1),,100,10%,1", "商品名", "計算式"),
        ("A-2,みかん,,▲100,10%,1", "販売価格", "マイナス"),
        ("A-2,みかん,,(100),10%,1", "販売価格", "マイナス"),
        ("A-2,みかん,,999999999,10%,1", "販売価格", "大きすぎます"),
        ("A-2,みかん,,12.5,10%,1", "販売価格", "round_prices=1"),
        ("A-2,みかん,,百円,10%,1", "販売価格", "数として読めません"),
        ("A-2,みかん,,100,5%,1", "税区分", "税率「5」"),
        ("A-2,みかん,,100,10%,▲1", "原価", "マイナス"),
        ("A-2,みかん,,100,10%,0.00001", "原価", "4桁まで"),
    ],
)  # fmt: skip
def test_a_bad_cell_is_named_with_its_value_and_the_way_out(cell: str, column: str, words: str) -> None:
    plan = look((GOOD + cell + "\n").encode())
    assert [(e.file, e.line, e.column) for e in plan.errors] == [("商品.csv", 3, column)]
    assert words in plan.errors[0].message and plan.errors[0].value in cell
    assert plan.refused and not Product.objects.exists()


def test_problems_come_in_the_order_of_the_file() -> None:
    rows = "A-1,りんご,,abc,10%,\nA-1,りんご,,100,10%,\nA-2,,,100,99%,\n"
    assert [e.line for e in look((HEADER + rows).encode()).errors] == [2, 3, 4, 4]


def test_one_bad_row_does_not_make_its_neighbours_look_nameless() -> None:
    """Shopify tells the name on the first row only."""
    text = (
        "Handle,Title,Option1 Name,Option1 Value,Variant SKU,Variant Price\n"
        "tee,Tシャツ,Size,S,TEE-S,abc\ntee,,,M,TEE-M,2200\n"
    )
    plan = look(text.encode())
    assert [(e.line, e.column) for e in plan.errors] == [(2, "Variant Price")]


def test_prices_are_read_as_people_write_them() -> None:
    cells = ("１，９８０", '"¥1,980"', "1980円", "1980.00", "￥1980-")
    rows = "".join(f"P-{n},商品{n},,{cell},１０％,￥７００．５\n" for n, cell in enumerate(cells))
    row, plan = intake.preview(ProductsKind(), [intake.Upload("商品.csv", (HEADER + rows).encode())], by=None)
    assert plan.errors == []
    intake.apply(row, by=None)
    assert set(Sku.objects.values_list("price_yen", flat=True)) == {1980}
    assert {str(cost) for cost in Sku.objects.values_list("cost", flat=True)} == {"700.5000"}


def test_a_jan_with_an_idle_fraction_has_all_its_digits() -> None:
    assert look((HEADER + "A-1,りんご,4901234567894.0,100,10%,\n").encode()).errors == []


def test_columns_nobody_reads_and_goods_without_price_are_told() -> None:
    notes = "\n".join(look("商品コード,商品名,倉庫メモ,画像2\nA-1,りんご,奥,a.jpg\n".encode()).notes)
    assert "使わない列があります: 倉庫メモ" in notes and "画像2" not in notes.split("\n")[0]
    assert "販売価格のない新しいSKUが 1 件" in notes
