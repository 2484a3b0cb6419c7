"""Yahoo!ショッピングの在庫データ: code, sub-code, quantity, allow-overdraft (quantity.csv), CP932.

Codes are half-width letters, digits and hyphens, at most 99 of them; a quantity has at most 9 digits.
Source: ストアクリエイターPro, アップロードフォーマット 在庫.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from akinai.adapters.channels.words.stock import StockReading, cells, has, read_rows, taken
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.channels.ports import FeedFile, FeedRow, MallStock
from akinai.core.tables import Row, Table

_CODE = re.compile(r"[0-9A-Za-z-]{1,99}")
_MOST = 999_999_999


class YahooStock:
    """Yahoo! 在庫データ."""

    code = "yahoo"
    title = "Yahoo! 在庫データ"
    filename = "quantity.csv"
    media_type = "text/csv"
    upload_hint = "ストアクリエイターPro の「在庫管理 → アップロード」で送ります。"

    def sniff(self, table: Table) -> bool:
        return has(table, "code", "quantity") and not has(table, "path")

    def read(self, table: Table) -> MallStock:
        return read_rows(table, self._take)

    def _take(self, reading: StockReading, row: Row) -> None:
        code, sub = reading.text(row, "code"), reading.text(row, "sub-code")
        if not code:
            reading.wrong(row, "code", "商品コード（code）がありません。ダウンロードし直してください。")
            return
        quantity = reading.quantity(row, "quantity") if row.get("quantity") else 0
        keys = {"code": code, "sub-code": sub}
        reading.add(
            row, keys=keys, codes=(sub, code) if sub else (code,), quantity=quantity, title=row.get("name")
        )

    def write(self, rows: Sequence[FeedRow]) -> FeedFile:
        left_out = {at: why for at, row in enumerate(rows) if (why := _refused(row))}
        kept = taken(rows, left_out)
        header = ("code", "sub-code", "quantity", "allow-overdraft")
        made = cells(kept, "quantity", **{"allow-overdraft": "0"})
        return FeedFile(csv_bytes(header, made, encoding="cp932"), left_out)


def _refused(row: FeedRow) -> str:
    for name, value in row.keys.items():
        if value and not _CODE.fullmatch(value):
            return f"{name}「{value}」に使えない文字があります。半角の英数字とハイフンで99文字までです。"
    return "在庫数が9桁を超えています。" if row.quantity > _MOST else ""
