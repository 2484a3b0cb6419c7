"""Yahoo!ショッピング の出荷情報CSV (CP932): one row per order under the field names of the order API; two parcels at most."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.tracking import left_out_without_number, rest, unknown_carrier
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.shipping.telling_ports import Shipped, TellingFile

HEADER = ("OrderId", "ShipCompanyCode", "ShipInvoiceNumber1", "ShipInvoiceNumber2", "ShipDate", "ShipStatus")
CODES = {"yamato": "1001", "sagawa": "1002", "japanpost": "1003"}
SHIPPED = "3"  # 出荷済み
MOST_NUMBERS = 2


class YahooTracking:
    """Yahoo!ショッピング 出荷情報CSV."""

    code = "yahoo"
    title = "Yahoo!ショッピング 出荷情報CSV"
    filename = "yahoo_shipping_{day}.csv"
    media_type = "text/csv"
    upload_hint = "ストアクリエイターPro の「注文管理 → 一括更新（出荷情報）」で取り込みます。"
    most = 1000
    is_awaited = True

    def write(self, shipped: Sequence[Shipped]) -> TellingFile:
        left_out = left_out_without_number(shipped) | unknown_carrier(shipped, CODES, where="Yahoo!ショッピング") | {
            one.reference: f"送り状番号が {len(one.numbers)} 件あります。Yahoo!に登録できるのは 2 件までです。ストアの画面で登録してください。"
            for one in shipped
            if len(one.numbers) > MOST_NUMBERS
        }  # fmt: skip
        rows = [
            {
                "OrderId": one.order_no, "ShipCompanyCode": CODES[one.carrier], "ShipInvoiceNumber1": one.numbers[0],
                "ShipInvoiceNumber2": one.numbers[1] if len(one.numbers) > 1 else "", "ShipDate": f"{one.shipped_on:%Y/%m/%d}",
                "ShipStatus": SHIPPED,
            }
            for one in rest(shipped, left_out)
        ]  # fmt: skip
        return TellingFile(csv_bytes(HEADER, rows, encoding="cp932"), left_out)
