"""Shopify の在庫CSV: the inventory export with one column per place ("Available" only), UTF-8.

The import finds a variant by Handle and its options, and writes the number below the place's name. The other export ("All
quantity types") holds 在庫あり・引当済 in rows by place; only its On hand may be changed there, so such a file is read for
comparing and a feed is written in the first form. Source: Shopify Help, inventory CSV.
"""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.stock import StockReading, cells, has, read_rows, taken
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.channels.ports import FeedFile, FeedRow, MallStock
from akinai.core.tables import Row, Table

_KEYS = (
    "Handle", "Title", "Option1 Name", "Option1 Value", "Option2 Name", "Option2 Value", "Option3 Name", "Option3 Value",
    "SKU", "HS Code", "COO",
)  # fmt: skip
_PLACE = "場所"  # in `keys`: the name of the place, which is a column of the feed
_KINDS = ("Available", "Available (not editable)")


class ShopifyStock:
    """Shopify 在庫CSV."""

    code = "shopify"
    title = "Shopify 在庫CSV"
    filename = "inventory_import.csv"
    media_type = "text/csv"
    upload_hint = "Shopify の「商品管理 → 在庫 → インポート」で送ります。"

    def sniff(self, table: Table) -> bool:
        return has(table, "Handle", "Title", "SKU", "Option1 Value") and bool(
            _places(table) or has(table, "Location")
        )

    def read(self, table: Table) -> MallStock:
        return read_rows(table, self._by_row if has(table, "Location") else self._by_column)

    def _by_column(self, reading: StockReading, row: Row) -> None:
        places = _places(reading.table)
        if len(places) > 1:
            names = "、".join(places)
            message = (
                f"場所の列が{len(places)}つあります（{names}）。Shopifyで場所を1つ選んで書き出してください。"
            )
            reading.wrong(row, places[1], message)
            return
        self._add(reading, row, places[0], reading.table.original(places[0]))

    def _by_row(self, reading: StockReading, row: Row) -> None:
        column = next((name for name in _KINDS if has(reading.table, name)), "")
        self._add(reading, row, column, row.get("Location"))

    def _add(self, reading: StockReading, row: Row, column: str, place: str) -> None:
        if row.get(column).lower() == "not stocked":
            return
        keys = {name: row.get(name) for name in _KEYS if reading.table.columns() >= {name}} | {_PLACE: place}
        sku = reading.text(row, "SKU")
        quantity = reading.quantity(row, column)
        options = (keys.get(f"Option{nth} Value", "") for nth in (1, 2, 3))
        named = " / ".join(filter(None, (sku, keys["Handle"], *options, place)))
        title = " ".join(filter(None, (keys["Title"], keys.get("Option1 Value", ""))))
        reading.add(row, keys=keys, named=named, codes=(sku,), quantity=quantity, title=title)

    def write(self, rows: Sequence[FeedRow]) -> FeedFile:
        place = next((row.keys[_PLACE] for row in rows), "")
        left_out = {
            at: f"場所が「{row.keys[_PLACE]}」です。1つのファイルには1つの場所（{place}）だけを載せます。"
            for at, row in enumerate(rows)
            if row.keys[_PLACE] != place
        }
        kept = taken(rows, left_out)
        return FeedFile(csv_bytes((*_KEYS, place), cells(kept, place), encoding="utf-8"), left_out)


def _places(table: Table) -> list[str]:
    """The columns that no key explains: one per place."""
    known = {*_KEYS, "Bin name"}
    return [name for name in table.header if name not in known and not name.startswith("列")]
