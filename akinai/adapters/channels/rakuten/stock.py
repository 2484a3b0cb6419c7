"""楽天 RMS の在庫: the item CSV of the SKU form (商品管理番号, SKU管理番号, 在庫数), CP932.

In an export each item has a row of its own and then one row per SKU; only SKU rows carry 在庫数. For an update RMS wants the
two keys and the columns to change. Source: 商品一覧編集 item columns (samples/rakuten/item_csv_columns.txt).
"""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.stock import StockReading, cells, has, not_in, read_rows, taken
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.channels.ports import FeedFile, FeedRow, MallStock
from akinai.core.tables import Row, Table, normal_header

ITEM, SKU, SYSTEM, ITEM_NO, STOCK = (
    "商品管理番号（商品URL）", "SKU管理番号", "システム連携用SKU番号", "商品番号", "在庫数",
)  # fmt: skip


class RakutenStock:
    """楽天 RMS 商品CSV（SKU）."""

    code = "rakuten"
    title = "楽天 RMS 商品CSV"
    filename = "normal-item.csv"
    media_type = "text/csv"
    upload_hint = "RMS の「商品管理 → CSV商品一括編集」でアップロードします。"

    def sniff(self, table: Table) -> bool:
        return has(table, ITEM, SKU, STOCK)

    def read(self, table: Table) -> MallStock:
        return read_rows(table, self._take)

    def _take(self, reading: StockReading, row: Row) -> None:
        item = reading.text(row, normal_header(ITEM))
        if not item:
            reading.wrong(
                row, normal_header(ITEM), "商品管理番号がありません。RMSからダウンロードし直してください。"
            )
            return
        sku = reading.text(row, SKU)
        if not row.get(STOCK) and (not sku or row.get("商品名")):
            return  # the item's own row: its SKUs follow
        quantity = reading.quantity(row, STOCK)
        codes = [reading.text(row, name) for name in (SYSTEM, SKU, ITEM_NO) if row.get(name)]
        reading.add(
            row, keys={ITEM: item, SKU: sku}, codes=[*codes, item], quantity=quantity, title=row.get("商品名")
        )

    def write(self, rows: Sequence[FeedRow]) -> FeedFile:
        left_out = not_in("cp932", rows)
        kept = taken(rows, left_out)
        return FeedFile(csv_bytes((ITEM, SKU, STOCK), cells(kept, STOCK), encoding="cp932"), left_out)
