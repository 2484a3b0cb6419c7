"""EC-CUBE 4 商品CSV: one row per 規格 (variant); rows of one 商品ID are one product.

Source: EC-CUBE 4 dtb_csv (csv_type 1). Category, tag and 規格 columns are ids of that shop and say nothing here.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from akinai.catalog.axes import clean_value, joined
from akinai.catalog.formats.base import Layout, attribute_columns, cells_of, told_in
from akinai.catalog.formats.generic import split_pictures
from akinai.catalog.goods import Cell, Picture, RawGood
from akinai.core.tables import Row, Table

COLUMNS = {
    "name": ("商品名",),
    "description": ("商品説明(詳細)", "商品説明(一覧)"),
    "code": ("商品コード",),
    "price_yen": ("販売価格",),
    "list_price_yen": ("通常価格",),
    "tax_kind": ("税率",),
    "status": ("公開ステータス(ID)",),
    "category": ("商品カテゴリ(名称)",),
}
HINT = "書き出し直すか、取り込みの指定「コードを自動で付ける」（--option assign_codes=1）を選んで"
CLASSES = ("規格分類1(名称)", "規格分類2(名称)")
CLASS_IDS = ("規格分類1(ID)", "規格分類2(ID)")


def fits(columns: frozenset[str]) -> bool:
    return {"商品ID", "商品名", "販売価格"} <= columns and bool(
        columns & {"公開ステータス(ID)", "販売種別(ID)", "公開ステータス(名称)"}
    )


def read(table: Table, options: Mapping[str, Any]) -> list[RawGood]:
    """Rows in file order. An empty 商品コード stays empty (and is refused) unless `assign_codes` was chosen."""
    attributes = attribute_columns(table)
    return [_row(table, row, bool(options.get("assign_codes")), attributes) for row in table.rows]


def _row(table: Table, row: Row, assign: bool, attributes: Mapping[str, str]) -> RawGood:
    cells = cells_of(table, row, COLUMNS)
    code = cells.get("code", Cell("", "商品コード"))
    if not code.text.strip() and assign:
        code = Cell(_assigned(row), code.column)
    cells["code"] = code
    if row.get("商品削除フラグ") == "1":
        cells["status"] = Cell("販売終了", "商品削除フラグ")
    names = [row.get(name) for name in CLASSES if row.get(name)]
    if names:
        cells["variant"] = Cell(joined([clean_value(name) for name in names]), CLASSES[0])
    has_classes = bool(names or any(row.get(name) for name in CLASS_IDS))
    pictures: tuple[Picture, ...] = tuple(split_pictures(row.get("商品画像").replace(",", "|"), "商品画像"))
    return RawGood(
        table.file,
        row.line,
        cells,
        Cell(_parent(row, has_classes), "商品ID"),
        pictures,
        names_parent=False,
        code_hint=HINT,
        attributes=told_in(table, row, attributes),
    )


def _assigned(row: Row) -> str:
    """The same code for the same goods: by 商品ID and 規格, else a digest of name and 規格."""
    classes = [row.get(name) for name in CLASS_IDS if row.get(name)]
    if number := row.get("商品ID"):
        return "-".join(["EC", number, *classes])
    digest = hashlib.sha256("|".join([row.get("商品名"), *classes]).encode()).hexdigest()[:8].upper()
    return f"EC-{digest}"


def _parent(row: Row, has_classes: bool) -> str:
    """What keeps the variants of one product together; "" for a product without variants."""
    if not has_classes:
        return ""
    return f"EC-{row.get('商品ID')}" if row.get("商品ID") else row.get("商品名")[:64]


LAYOUT = Layout(
    "eccube",
    "EC-CUBE 4 商品CSV",
    fits,
    read,
    (
        "EC-CUBEの販売価格は、標準の設定では税抜です。その場合は指定「ファイルの価格は税抜」を選ぶと、税込に直して登録します。",
        "属性は「属性:素材」のような名前の列から読みます。",
        "商品コードが空の行は、指定「コードを自動で付ける」を選ぶと「EC-…」のコードを付けて登録します。",
    ),
)
