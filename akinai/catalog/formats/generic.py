"""自由な形式: a shop's own CSV or Excel. Column names are matched by synonyms or by a saved mapping."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from akinai.catalog.formats.base import attribute_columns, told_in
from akinai.catalog.goods import PRODUCT_FIELDS, SKU_FIELDS, Cell, Picture, RawGood
from akinai.core.intake import Field
from akinai.core.tables import Row, Table

FIELDS = (
    Field("code", "SKUコード", required=True, help="在庫を数える単位のコード。無ければ商品コードの列",
          names=("SKU", "SKU番号", "SKU管理番号", "商品コード", "商品番号", "品番", "型番", "商品ID", "自社コード", "管理番号", "品目コード",
                 "code", "item code", "item_code", "itemcode", "product code", "product_code", "productid", "product id",
                 "product_id", "stockcode", "sku code", "sku_code")),
    Field("product_code", "商品コード", help="バリエーションをまとめる親のコード。空ならSKUコードと同じ",
          names=("親商品コード", "親コード", "商品グループコード", "商品管理番号", "parent", "parent code", "parent_code", "handle")),
    Field("name", "商品名", names=("品名", "名称", "商品名称", "品目名", "name", "title", "product name", "product_name",
                                "productname", "item name", "item_name", "description_short")),
    Field("kana", "フリガナ", names=("商品名カナ", "商品名（カナ）", "商品名フリガナ", "カナ", "よみ", "読み", "kana")),
    Field("variant", "バリエーション", names=("規格", "種類", "規格名", "カラー・サイズ", "項目選択肢", "variant", "variation", "option")),
    Field("jan", "JAN", names=("JANコード", "JAN/EAN", "JAN / GTIN", "GTIN", "EAN", "UPC", "バーコード", "カタログID", "jan code", "jan_code",
                               "barcode", "ean13")),
    Field("price_yen", "販売価格", help="税込の円",
          names=("販売価格（税込）", "販売価格(円)", "売価", "売価（税込）", "価格", "価格（税込）", "税込価格", "単価", "販売単価", "通常価格", "price",
                 "selling price", "unit price", "unit_price", "unitprice", "price_yen", "sale price")),
    Field("list_price_yen", "表示価格", help="値引き前として見せる税込の円（定価・メーカー希望小売価格）",
          names=("定価", "メーカー希望小売価格", "希望小売価格", "参考価格", "二重価格", "compare at price", "list price", "list_price_yen")),
    Field("tax_kind", "税区分", names=("税率", "消費税率", "消費税", "税", "課税区分", "税種別", "tax", "tax rate", "tax_rate", "tax_kind")),
    Field("temperature", "温度帯", help="常温・冷蔵・冷凍", names=("温度", "配送温度帯", "保存温度帯", "クール区分", "temperature")),
    Field("cost", "原価", help="税抜の円。小数4桁まで",
          names=("原価（税抜）", "仕入価格", "仕入単価", "仕入原価", "仕入れ値", "仕入値", "cost", "cost price", "unit cost", "cost_price")),
    Field("category", "カテゴリ", names=("カテゴリー", "カテゴリ名", "商品カテゴリ", "分類", "部門", "ジャンル", "category", "categoryname",
                                     "category name")),
    Field("brand", "ブランド", names=("ブランド名", "メーカー", "メーカー名", "brand", "vendor", "manufacturer")),
    Field("description", "商品説明", names=("説明", "説明文", "商品説明文", "詳細", "商品詳細", "description", "body")),
    Field("shelf", "棚番", names=("棚番号", "ロケーション", "保管場所", "棚", "shelf", "bin")),
    Field("weight_g", "重量(g)", names=("重量", "重さ", "重量（グラム）", "重さ(g)", "weight", "weight_g", "grams")),
    Field("itf", "ケースのコード（ITF）", names=("ITF", "ITFコード", "ケースコード", "集合包装用コード", "GTIN-14", "ITF-14", "itf", "case code")),
    Field("pieces_per_case", "ケース入数", names=("入数", "ケースの入数", "入り数", "pieces per case", "case quantity")),
    Field("status", "状態", names=("販売状態", "ステータス", "公開状態", "公開ステータス", "販売状況", "status")),
    Field("slug", "URL", help="自社サイトの商品ページのアドレスの最後（例: uji-sencha）",
          names=("URL（自社サイト）", "URLスラッグ", "スラッグ", "slug", "url slug", "url_slug")),
    Field("is_public", "公開", help="自社サイトに出す（はい・いいえ）", names=("自社サイトに出す", "自社サイト公開", "is_public")),
    Field("images", "画像", help="URLまたはファイル名。画像1、画像2…の列はそのまま読みます",
          names=("画像URL", "商品画像", "商品画像URL", "image", "image url", "image_url", "image src", "images")),
)  # fmt: skip
_PICTURE = re.compile(r"(?:商品)?画像(?:URL|パス|ファイル)?\s*_?\d{1,2}|images?[\s_]?\d{1,2}", re.IGNORECASE)
# A comma, semicolon or space may be part of an address or a name, unless an address follows or a picture's ending precedes.
_CUT = re.compile(
    r"[\n\r|｜、]+|[,，;；\s]+(?=https?://)|(?<=\.(?:jpg|png|gif))[,，;；\s]+|(?<=\.(?:jpeg|webp))[,，;；\s]+",
    re.IGNORECASE,
)


def read(table: Table, columns: Mapping[str, str]) -> list[RawGood]:
    """Rows by a field → column mapping."""
    numbered = [name for name in table.header if _PICTURE.fullmatch(name) and name not in columns.values()]
    attributes = _attributes(table, columns)
    return [_row(table, row, columns, numbered, attributes) for row in table.rows]


OF_ATTRIBUTE = "attribute:"  # field code of a mapping: attribute:素材


def attribute_fields(names: Iterable[str]) -> list[Field]:
    """The attributes of the shop as fields, so that a column may be mapped to them like to any other."""
    return [Field(f"{OF_ATTRIBUTE}{name}", f"属性：{name}", names=(name, f"属性:{name}")) for name in names]


def _attributes(table: Table, columns: Mapping[str, str]) -> dict[str, str]:
    """column → attribute name: what the mapping says, and columns called 属性:素材 that it says nothing of."""
    taken = set(columns.values())
    mapped = {
        column: code.removeprefix(OF_ATTRIBUTE)
        for code, column in columns.items()
        if code.startswith(OF_ATTRIBUTE) and column
    }
    named = {column: name for column, name in attribute_columns(table).items() if column not in taken}
    found = mapped | named
    return {column: found[column] for column in table.header if column in found}


def unread(table: Table, columns: Mapping[str, str]) -> list[str]:
    """Columns that nobody looks at, as they are written in the file."""
    used = {*columns.values(), *attribute_columns(table)}
    return [
        table.original(name) for name in table.header if name not in used and not _PICTURE.fullmatch(name)
    ]


def _row(
    table: Table, row: Row, columns: Mapping[str, str], numbered: list[str], attributes: Mapping[str, str]
) -> RawGood:
    cells = {
        name: Cell(row.get(columns[name]), table.original(columns[name]))
        for name in ("code", *PRODUCT_FIELDS, *SKU_FIELDS)
        if columns.get(name) and row.has(columns[name]) and not _is_elsewhere(name, row.get(columns[name]))
    }
    parent = columns.get("product_code", "")
    pictures = [name for name in (columns.get("images", ""), *numbered) if name]
    return RawGood(
        file=table.file,
        line=row.line,
        cells=cells,
        parent=Cell(row.get(parent), table.original(parent)) if parent else Cell("", ""),
        attributes=told_in(table, row, attributes),
        pictures=tuple(
            picture for name in pictures for picture in split_pictures(row.get(name), table.original(name))
        ),
    )


def _is_elsewhere(name: str, text: str) -> bool:
    """A whole address under the header URL tells of another site, not how our page is called."""
    return name == "slug" and "://" in text


def split_pictures(text: str, column: str) -> list[Picture]:
    """Several addresses or file names in one cell, one per line or separated by | 、 ; commas or spaces."""
    return [Picture(Cell(part.strip(), column)) for part in _CUT.split(text) if part.strip()]


def options_of(options: Mapping[str, Any]) -> Mapping[str, str]:
    return {name: str(column) for name, column in (options.get("columns") or {}).items()}
