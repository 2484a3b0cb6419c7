"""Shopify 商品CSV: rows of one Handle are one product; later rows hold variants or only pictures.

Source: Shopify help, "Using CSV files to import and export products"; both the older and the present column names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from akinai.catalog.axes import clean_value, joined
from akinai.catalog.formats.base import Layout, attribute_columns, cells_of, made_code, told_in
from akinai.catalog.goods import Cell, Picture, RawGood, Told
from akinai.core.tables import Row, Table, unwrap_text

COLUMNS = {
    "name": ("Title",),
    "description": ("Body (HTML)", "Description"),
    "brand": ("Vendor",),
    "category": ("Type", "Custom Product Type"),
    "code": ("Variant SKU", "SKU"),
    "jan": ("Variant Barcode", "Barcode"),
    "price_yen": ("Variant Price", "Price"),
    "list_price_yen": ("Variant Compare At Price", "Compare-at price"),
    "cost": ("Cost per item",),
    "weight_g": ("Variant Grams", "Weight value (grams)"),
    "status": ("Status", "Published", "Published on online store"),
}
HANDLE = ("Handle", "URL handle")
SOURCES = ("Image Src", "Product image URL", "Variant Image", "Variant image URL")
ALT = ("Image Alt Text", "Image alt text")


def fits(columns: frozenset[str]) -> bool:
    return (
        bool(columns & {*HANDLE})
        and "Title" in columns
        and bool(columns & {"Variant Price", "Price", "Variant SKU"})
    )


def read(table: Table, options: Mapping[str, Any]) -> list[RawGood]:
    """A variant row has an option value, a price or a SKU; the other rows belong to the product of their handle."""
    attributes = attribute_columns(table)
    fields = _metafields(table)
    return [
        replace(_row(table, row), attributes=told_in(table, row, attributes) + _told(table, row, fields))
        for row in table.rows
    ]


# 素材 (product.metafields.custom.material): the heading that Shopify writes and reads.
_METAFIELD = re.compile(r"(.+?)\s*\(product\.metafields\.([^.()]+)\.([^()]+)\)")
OWN = "custom"  # the namespace of the fields a shop defines itself; those of apps are taken where we know the name


def _metafields(table: Table) -> dict[str, tuple[str, bool]]:
    """column → (name, only where an attribute of that name is there)."""
    found = {column: _METAFIELD.fullmatch(table.original(column).strip()) for column in table.header}
    return {column: (hit[1][:60], hit[2] != OWN) for column, hit in found.items() if hit}


def _told(table: Table, row: Row, fields: Mapping[str, tuple[str, bool]]) -> tuple[Told, ...]:
    return tuple(
        Told(name, Cell(row.get(column), table.original(column)), only_known=only_known)
        for column, (name, only_known) in fields.items()
        if row.get(column)
    )


def _row(table: Table, row: Row) -> RawGood:
    handle_column = next((name for name in HANDLE if row.has(name)), "Handle")
    handle = unwrap_text(row.get(handle_column)).strip()
    cells = cells_of(table, row, COLUMNS)
    options = _options(row)
    blank = Cell("", "Variant SKU")
    cells.setdefault("code", blank)
    has_sku = bool(options or row.get("Title") or cells.get("price_yen", blank).text or cells["code"].text)
    if has_sku and not unwrap_text(cells["code"].text).strip():
        cells["code"] = Cell(made_code(handle, *options), cells["code"].column)
    if options:
        cells["variant"] = Cell(
            joined([clean_value(option) for option in options]), table.original("Option1 Value")
        )
    if cells.get("weight_g", Cell("", "")).text in {"0", "0.0"}:
        cells.pop("weight_g")
    return RawGood(
        table.file, row.line, cells, Cell(handle, table.original(handle_column)), _pictures(table, row),
        names_parent=False, has_sku=has_sku, axes=_axes(row) if options else (),
    )  # fmt: skip


def _options(row: Row) -> tuple[str, ...]:
    values = [row.get(f"Option{n} Value") or row.get(f"Option{n} value") for n in (1, 2, 3)]
    return tuple(value for value in values if value and value != "Default Title")


def _axes(row: Row) -> tuple[str, ...]:
    """The names of the axes stand on the first row of a handle only."""
    names = [row.get(f"Option{n} Name") or row.get(f"Option{n} name") for n in (1, 2, 3)]
    return tuple(name for name in names if name)


def _pictures(table: Table, row: Row) -> tuple[Picture, ...]:
    alt = next((row.get(name) for name in ALT if row.get(name)), "")
    sources = dict.fromkeys((row.get(name), name) for name in SOURCES if row.get(name))
    return tuple(Picture(Cell(text, table.original(name)), alt) for text, name in sources)


LAYOUT = Layout(
    "shopify",
    "Shopify 商品CSV",
    fits,
    read,
    (
        "Shopifyの商品CSVには税率がありません。新しい商品は「標準 10%」で登録します。軽減税率の商品は登録後に変えてください。",
        "Variant SKU が空の行は、Handle とオプションからSKUコードを作ります（下の表で確かめてください）。",
    ),
)
