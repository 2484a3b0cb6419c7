"""EC-CUBE 4 の出荷CSV (CP932): 出荷ID, お問い合わせ番号, 出荷日. One number per 出荷ID."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.tracking import left_out_without_number, rest
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.shipping.telling_ports import Shipped, TellingFile

HEADER = ("出荷ID", "お問い合わせ番号", "出荷日")


class EccubeTracking:
    """EC-CUBE 4 出荷CSV."""

    code = "eccube"
    title = "EC-CUBE 4 出荷CSV"
    filename = "eccube_shipping_{day}.csv"
    media_type = "text/csv"
    upload_hint = "EC-CUBE の「受注管理 → 出荷CSV登録」で取り込みます。"
    most = 0
    is_awaited = True

    def write(self, shipped: Sequence[Shipped]) -> TellingFile:
        left_out = left_out_without_number(shipped) | {
            one.reference: "出荷IDが分かりません（受注CSVに出荷ID列がありません）。EC-CUBEの画面で登録してください。"
            for one in shipped
            if not one.ship_to_id
        }
        rows = [
            {
                "出荷ID": one.ship_to_id, "お問い合わせ番号": "/".join(one.numbers),
                "出荷日": f"{one.shipped_on:%Y-%m-%d}",
            }
            for one in rest(shipped, left_out)
        ]  # fmt: skip
        return TellingFile(csv_bytes(HEADER, rows, encoding="cp932"), left_out)
