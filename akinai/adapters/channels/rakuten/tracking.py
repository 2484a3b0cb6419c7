"""楽天 RMS の発送情報CSV (CP932): one row per parcel, keyed by 注文番号 and 送付先ID; 発送明細ID is empty for a new parcel."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.tracking import left_out_without_number, rest
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.shipping.telling_ports import Shipped, TellingFile

HEADER = ("注文番号", "送付先ID", "発送明細ID", "お荷物伝票番号", "配送会社", "発送日")
CODES = {"yamato": "1001", "sagawa": "1002", "japanpost": "1003"}
OTHER = "1000"  # その他


class RakutenTracking:
    """楽天 RMS 発送情報CSV."""

    code = "rakuten"
    title = "楽天 RMS 発送情報CSV"
    filename = "rakuten_shipping_{day}.csv"
    media_type = "text/csv"
    upload_hint = "RMS の「受注・決済管理 → 発送情報の一括登録（CSVアップロード）」で取り込みます。"
    most = 5000
    is_awaited = True

    def write(self, shipped: Sequence[Shipped]) -> TellingFile:
        left_out = left_out_without_number(shipped) | {
            one.reference: "送付先IDが分かりません（受注CSVに送付先ID列がありません）。RMSの画面で登録してください。"
            for one in shipped
            if not one.ship_to_id
        }
        rows = [
            {
                "注文番号": one.order_no, "送付先ID": one.ship_to_id, "お荷物伝票番号": number,
                "配送会社": CODES.get(one.carrier, OTHER), "発送日": f"{one.shipped_on:%Y-%m-%d}",
            }
            for one in rest(shipped, left_out) for number in one.numbers
        ]  # fmt: skip
        return TellingFile(csv_bytes(HEADER, rows, encoding="cp932"), left_out)
