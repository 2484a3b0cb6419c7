"""楽天市場 商品CSV（SKU形式 normal-item.csv）: an item row, then a row for each SKU of it.

Column names after folding (（）→()). Source: RMS 商品一括登録 CSV, 558 columns of the SKU form.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from akinai.catalog.axes import clean_value, joined
from akinai.catalog.formats.base import Layout, cells_of, made_code
from akinai.catalog.goods import Cell, Picture, RawGood, Told
from akinai.core.tables import Row, Table

ITEM = "商品管理番号(商品URL)"
SKU = "SKU管理番号"
LINKED = "システム連携用SKU番号"
COLUMNS = {
    "name": ("商品名",),
    "description": ("PC用商品説明文", "スマートフォン用商品説明文"),
    "tax_kind": ("消費税率",),
    "price_yen": ("販売価格",),
    "list_price_yen": ("表示価格",),
    "jan": ("カタログID",),
}
ONLY_ONE = "normal-inventory"  # the SKU管理番号 RMS gives to goods without variants


def fits(columns: frozenset[str]) -> bool:
    return {ITEM, SKU, "販売価格"} <= columns


def read(table: Table, options: Mapping[str, Any]) -> list[RawGood]:
    """Item rows give name, tax and pictures; SKU rows give code, price and JAN."""
    return [_row(table, row) for row in table.rows]


def _row(table: Table, row: Row) -> RawGood:
    cells = cells_of(table, row, COLUMNS)
    item = row.get(ITEM)
    has_sku = bool(row.get(SKU) or row.get(LINKED) or row.get("販売価格"))
    if has_sku:
        cells["code"] = Cell(_code(row, item), LINKED if row.get(LINKED) else SKU)
    choices = [row.get(f"バリエーション項目選択肢{n}") for n in range(1, 7)]
    if any(choices):
        cells["variant"] = Cell(
            joined([clean_value(choice) for choice in choices if choice]), "バリエーション項目選択肢1"
        )
    if stored := row.get("倉庫指定"):
        cells["status"] = Cell("準備中" if stored == "1" else "販売中", "倉庫指定")
    return RawGood(
        table.file, row.line, cells, Cell(item, ITEM), _pictures(row), names_parent=False, has_sku=has_sku,
        axes=tuple(name for name in row.get("バリエーション項目名定義").split("|") if name),
        attributes=_attributes(table, row), may_differ=True,
    )  # fmt: skip


def _attributes(table: Table, row: Row) -> tuple[Told, ...]:
    """商品属性: name, value and unit stand in three columns, by SKU. 「-」 says that there is none."""
    found = []
    for n in range(1, 101):
        name, value = row.get(f"商品属性(項目){n}"), row.get(f"商品属性(値){n}")
        if name and value and value not in NONE:
            cell = Cell(value, table.original(f"商品属性(値){n}"))
            found.append(Told(name[:60], cell, row.get(f"商品属性(単位){n}")))
    return tuple(found)


NONE = ("-", "ー", "－")


def _code(row: Row, item: str) -> str:
    """The shop's own SKU number where it keeps one; SKU管理番号 alone is unique within one item only."""
    sku = row.get(SKU)
    return row.get(LINKED) or (item if sku in {"", ONLY_ONE} else made_code(item, sku))


def _pictures(row: Row) -> tuple[Picture, ...]:
    found = []
    for n in range(1, 21):
        if path := row.get(f"商品画像パス{n}"):
            found.append(Picture(Cell(path, f"商品画像パス{n}"), row.get(f"商品画像名(ALT){n}")))
    return tuple(found)


LAYOUT = Layout(
    "rakuten",
    "楽天市場 商品CSV（SKU形式）",
    fits,
    read,
    (
        "SKUコードは「システム連携用SKU番号」、無ければ「商品管理番号-SKU管理番号」にします。",
        "商品属性は、どのSKUでも同じ値のものだけを商品の属性にします。",
    ),
)
