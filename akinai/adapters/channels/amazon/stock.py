"""Amazon の価格と数量: 出品レポート in, the price-and-quantity file out (tab-separated, UTF-8).

Only what we ship ourselves has a quantity of ours; rows that Amazon ships (FBA) are passed over.
Source: セラーセントラル, 価格と数量変更ファイル and 出品詳細レポート.
"""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.stock import StockReading, cells, has, read_rows, taken
from akinai.adapters.channels.words.writing import tsv_bytes
from akinai.channels.ports import FeedFile, FeedRow, MallStock
from akinai.core.tables import Row, Table

_SKU = ("sku", "seller-sku", "出品者SKU")
_QUANTITY = ("quantity", "数量")
_FULFILMENT = ("fulfillment-channel", "フルフィルメント・チャンネル", "フルフィルメントチャネル")
_NAME = ("item-name", "商品名")
_MOST_SKU = 40


class AmazonStock:
    """Amazon 価格と数量変更ファイル."""

    code = "amazon"
    title = "Amazon 出品レポート"
    filename = "price-and-quantity.txt"
    media_type = "text/tab-separated-values"
    upload_hint = (
        "セラーセントラルの「アップロードによる一括登録」で「価格と数量変更ファイル」として送ります。"
    )

    def sniff(self, table: Table) -> bool:
        return bool(_of(table, _SKU) and _of(table, _QUANTITY)) and not has(table, "order-id")

    def read(self, table: Table) -> MallStock:
        return read_rows(table, self._take)

    def _take(self, reading: StockReading, row: Row) -> None:
        table = reading.table
        if _by_amazon(row.get(_of(table, _FULFILMENT))):
            return
        sku = reading.text(row, _of(table, _SKU))
        if not sku:
            reading.wrong(
                row, _of(table, _SKU), "出品者SKUがありません。レポートをダウンロードし直してください。"
            )
            return
        column = _of(table, _QUANTITY)
        quantity = reading.quantity(row, column) if row.get(column) else 0
        reading.add(row, keys={"sku": sku}, codes=(sku,), quantity=quantity, title=row.get(_of(table, _NAME)))

    def write(self, rows: Sequence[FeedRow]) -> FeedFile:
        left_out = {
            at: f"出品者SKUが{_MOST_SKU}文字を超えています。"
            for at, row in enumerate(rows)
            if len(row.keys["sku"]) > _MOST_SKU
        }
        kept = taken(rows, left_out)
        header = (
            "sku",
            "price",
            "minimum-seller-allowed-price",
            "maximum-seller-allowed-price",
            "quantity",
            "handling-time",
        )
        return FeedFile(tsv_bytes(header, cells(kept, "quantity"), encoding="utf-8"), left_out)


def _of(table: Table, names: Sequence[str]) -> str:
    return next((name for name in names if name in table.columns()), "")


def _by_amazon(channel: str) -> bool:
    return channel.upper().startswith("AMAZON")
