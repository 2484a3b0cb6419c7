"""What a file says about goods (ファイルの商品行): first as text by field, then checked. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

PRODUCT_FIELDS = (
    "name",
    "kana",
    "description",
    "brand",
    "category",
    "tax_kind",
    "temperature",
    "status",
    "slug",
    "is_public",
)
SKU_FIELDS = (
    "jan",
    "variant",
    "price_yen",
    "list_price_yen",
    "cost",
    "shelf",
    "weight_g",
    "itf",
    "pieces_per_case",
)
LABELS = {
    "name": "商品名", "kana": "フリガナ", "description": "商品説明", "brand": "ブランド", "category": "カテゴリ",
    "tax_kind": "税区分", "temperature": "温度帯", "status": "状態", "jan": "JAN", "variant": "バリエーション", "price_yen": "販売価格", "list_price_yen": "表示価格",
    "cost": "原価", "shelf": "棚番", "weight_g": "重量", "is_active": "有効", "needs_review": "要確認",
    "slug": "URL", "is_public": "公開",
    "code": "SKUコード", "product_code": "商品コード", "itf": "ケースのコード（ITF）", "pieces_per_case": "ケース入数",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Cell:
    """Text as written and the header it stood under."""

    text: str
    column: str


@dataclass(frozen=True, slots=True)
class Picture:
    """画像: an address or a file name, and its alternative text."""

    source: Cell
    alt: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """属性 as a file tells it: name, value, unit where it stands in a column of its own. `only_known`: a name that no
    attribute has yet is passed over (columns of other programs)."""

    name: str
    value: Cell
    unit: str = ""
    only_known: bool = False


@dataclass(frozen=True, slots=True)
class RawGood:
    """One row. `cells`: field → text, only columns the file has; blank text means "as it is".

    `parent` says which rows belong to one product; it names an existing product only when `names_parent`.
    `has_sku` False: the row tells only of the product (picture rows of Shopify, item rows of Rakuten).
    """

    file: str
    line: int
    cells: dict[str, Cell]
    parent: Cell = Cell("", "")
    pictures: tuple[Picture, ...] = ()
    names_parent: bool = True
    has_sku: bool = True
    code_hint: str = ""  # another way out when the code is blank
    axes: tuple[str, ...] = ()  # names of the variant axes, where the file tells them
    attributes: tuple[Told, ...] = ()
    may_differ: bool = False  # the file tells attributes by SKU (楽天): where they differ, they are no attribute of the product


@dataclass(slots=True)
class Good:
    """A row that was understood: typed values by field. A field that is absent stays as it is."""

    file: str
    line: int
    code: str
    parent: str
    names_parent: bool
    has_sku: bool
    product: dict[str, Any] = field(default_factory=dict)
    sku: dict[str, Any] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    pictures: tuple[tuple[str, str], ...] = ()  # (source, alt)
    axes: tuple[str, ...] = ()
    attributes: tuple[Told, ...] = ()  # text as written: what a value may be, only the catalogue knows
    may_differ: bool = False
