"""Every door with what a test needs to know of it: how its file is written and what its columns are called."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from akinai.adapters.channels.amazon import AmazonFormat
from akinai.adapters.channels.amazon import writer as amazon
from akinai.adapters.channels.base import BaseFormat
from akinai.adapters.channels.base import writer as base
from akinai.adapters.channels.eccube import EccubeFormat
from akinai.adapters.channels.eccube import writer as eccube
from akinai.adapters.channels.rakuten import RakutenFormat
from akinai.adapters.channels.rakuten import writer as rakuten
from akinai.adapters.channels.shopify import ShopifyFormat
from akinai.adapters.channels.shopify import writer as shopify
from akinai.adapters.channels.yahoo import YahooFormat
from akinai.adapters.channels.yahoo import writer as yahoo
from akinai.core.tables import Table, read_tables
from akinai.orders.ports import OrderDraft


@dataclass(frozen=True)
class Door:
    """`columns` are the file's names for order_no, date, quantity, price, total, sku, name, ship_name, note."""

    format: Any
    write: Callable[[Sequence[OrderDraft]], list[bytes]]
    encoding: str
    columns: dict[str, str]
    delimiter: str = ","
    line_file: int = 0  # which of the files holds the lines
    has_line_ids: bool = True
    has_totals: bool = True

    @property
    def code(self) -> str:
        return str(self.format.code)

    def read(self, files: Sequence[bytes]) -> list[OrderDraft]:
        return self.format.read(self.tables(files))  # type: ignore[no-any-return]

    def tables(self, files: Sequence[bytes]) -> list[Table]:
        how = (
            {}
            if self.format.delimiter is None
            else {"delimiter": self.format.delimiter, "quoting": self.format.quoting}
        )
        return [read_tables(data, filename=f"{self.code}{at}.csv", **how) for at, data in enumerate(files)]

    def edit(self, files: Sequence[bytes], what: str, value: str, row: int = 0) -> list[bytes]:
        """The files with one cell changed. `what` is a key of `columns`."""
        column = self.columns[what]
        done = []
        for data in files:
            grid = self.grid(data)
            if column in grid[0] and row + 1 < len(grid):
                grid[row + 1][grid[0].index(column)] = value
            done.append(self.bytes(grid))
        return done

    def grid(self, data: bytes) -> list[list[str]]:
        text = data.decode(self.encoding)
        if self.delimiter == "\t":
            return [line.split("\t") for line in text.split("\r\n") if line]
        return list(csv.reader(io.StringIO(text, newline="")))

    def bytes(self, grid: list[list[str]]) -> bytes:
        if self.delimiter == "\t":
            return ("\r\n".join("\t".join(row) for row in grid) + "\r\n").encode(self.encoding)
        out = io.StringIO(newline="")
        csv.writer(out).writerows(grid)
        return out.getvalue().encode(self.encoding)


def _names(**columns: str) -> dict[str, str]:
    return columns


RAKUTEN = Door(
    RakutenFormat(), lambda orders: [rakuten.write(orders)], "cp932",
    _names(order_no="注文番号", date="注文日時", quantity="個数", price="単価", total="請求金額", sku="システム連携用SKU番号",
           name="商品名", ship_name="送付先名", note="コメント", line_id="商品明細ID", zip="送付先郵便番号1"),
)  # fmt: skip
SHOPIFY = Door(
    ShopifyFormat(), lambda orders: [shopify.write(orders)], "utf-8",
    _names(order_no="Name", date="Created at", quantity="Lineitem quantity", price="Lineitem price", total="Total",
           sku="Lineitem sku", name="Lineitem name", ship_name="Shipping Name", note="Notes", zip="Shipping Zip"),
    has_line_ids=False,
)  # fmt: skip
AMAZON = Door(
    AmazonFormat(), lambda orders: [amazon.write(orders)], "cp932",
    _names(order_no="order-id", date="purchase-date", quantity="quantity-purchased", sku="sku", name="product-name",
           ship_name="recipient-name", line_id="order-item-id", zip="ship-postal-code"),
    delimiter="\t", has_totals=False,
)  # fmt: skip
YAHOO = Door(
    YahooFormat(), lambda orders: list(yahoo.write(orders)), "cp932",
    _names(order_no="OrderId", date="OrderTime", quantity="Quantity", price="UnitPrice", total="TotalPrice", sku="ItemId",
           name="Title", ship_name="ShipLastName", note="BuyerComments", line_id="LineId", zip="ShipZipCode"),
    line_file=1,
)  # fmt: skip
ECCUBE = Door(
    EccubeFormat(), lambda orders: [eccube.write(orders)], "cp932",
    _names(order_no="注文番号", date="受注日", quantity="個数", price="価格", total="支払合計", sku="商品コード", name="商品名",
           ship_name="配送先_お名前(姓)", note="ショップ用メモ欄", line_id="注文詳細ID", zip="配送先_郵便番号"),
)  # fmt: skip
BASE = Door(
    BaseFormat(), lambda orders: [base.write(orders)], "cp932",
    _names(order_no="注文ID", date="注文日時", quantity="数量", price="価格", total="合計金額", sku="種類コード", name="商品名",
           ship_name="氏(配送先)", note="備考", zip="郵便番号(配送先)"),
    has_line_ids=False,
)  # fmt: skip
DOORS = [RAKUTEN, SHOPIFY, AMAZON, YAHOO, ECCUBE, BASE]
