"""その他のカートへの出荷報告CSV (UTF-8 with BOM): one row per parcel, in words that every cart's import can be mapped to."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.tracking import left_out_without_number, rest
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.shipping.telling_ports import Shipped, TellingFile

HEADER = ("注文番号", "出荷番号", "運送会社", "送り状番号", "出荷日")


class GenericTracking:
    """汎用の出荷報告CSV."""

    code = "generic"
    title = "汎用 出荷報告CSV"
    filename = "shipping_{day}.csv"
    media_type = "text/csv"
    upload_hint = "カートの一括登録で、列を対応させて取り込みます。"
    most = 0
    is_awaited = False  # many carts without a file of ours: who wants one asks for it

    def write(self, shipped: Sequence[Shipped]) -> TellingFile:
        left_out = left_out_without_number(shipped)
        rows = [
            {
                "注文番号": one.order_no, "出荷番号": one.reference, "運送会社": one.carrier_name, "送り状番号": number,
                "出荷日": f"{one.shipped_on:%Y-%m-%d}",
            }
            for one in rest(shipped, left_out) for number in one.numbers
        ]  # fmt: skip
        return TellingFile(csv_bytes(HEADER, rows, encoding="utf-8-sig"), left_out)
