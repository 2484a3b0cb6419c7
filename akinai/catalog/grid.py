"""表で編集: which columns the grid has, what stands in a cell, and how what was typed is read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from akinai.catalog import checks
from akinai.catalog.models import Product, Sku
from akinai.core.money import NotANumber


@dataclass(frozen=True, slots=True)
class GridColumn:
    """列. `of_product`: one cell for all SKUs of the product."""

    name: str
    title: str
    of_product: bool = False
    is_number: bool = False
    width: int = 8  # em

    @property
    def is_yen(self) -> bool:
        """Whole yen, shown with commas."""
        return self.name.endswith("_yen")


COLUMNS = (
    GridColumn("name", "商品名", of_product=True, width=18),
    GridColumn("price_yen", "販売価格", is_number=True, width=6),
    GridColumn("list_price_yen", "表示価格", is_number=True, width=6),
    GridColumn("cost", "原価（税抜）", is_number=True, width=6),
    GridColumn("jan", "JAN", width=9),
    GridColumn("shelf", "棚番", width=6),
    GridColumn("weight_g", "重量(g)", is_number=True, width=5),
    GridColumn("itf", "ケース（ITF）", width=10),
    GridColumn("pieces_per_case", "入数", is_number=True, width=4),
    GridColumn("is_active", "販売", width=4),
    GridColumn("status", "商品の状態", of_product=True, width=6),
    GridColumn("category", "カテゴリ", of_product=True, width=9),
    GridColumn("brand", "ブランド", of_product=True, width=8),
    GridColumn("kana", "フリガナ", of_product=True, width=12),
)
BY_NAME = {column.name: column for column in COLUMNS}
_ON = ("販売", "販売中", "はい", "1", "true", "○", "on")
_OFF = ("停止", "販売終了", "いいえ", "0", "false", "×", "off", "")


def text_of(sku: Sku, name: str) -> str:
    """What stands in the cell."""
    product = sku.product
    if name == "category":
        return product.category.name if product.category else ""
    if name == "status":
        return str(Product.Status(product.status).label)
    if name == "is_active":
        return "販売" if sku.is_active else "停止"
    value = getattr(product if BY_NAME[name].of_product else sku, name)
    if name == "cost":
        return f"{value.normalize():f}" if value is not None else ""
    return "" if value is None else str(value)


def read(name: str, text: str) -> Any:
    """The value that was typed. Raises Unread or NotANumber, with the sentence for the cell."""
    plain = text.strip()
    if name == "is_active":
        folded = checks.folded(plain).lower()
        if folded not in _ON + _OFF:
            raise checks.Unread("「販売」か「停止」と書いてください。")
        return folded in _ON
    if not plain:
        if name not in checks.CLEARED:
            raise checks.Unread("空欄にはできません。")
        return checks.CLEARED[name]
    return checks.read_cell(name, plain)


__all__ = ["BY_NAME", "COLUMNS", "GridColumn", "NotANumber", "read", "text_of"]
