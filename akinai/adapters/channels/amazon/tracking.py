"""Amazon の出荷通知ファイル (tab-separated, CP932): one row per order item; an order of one parcel, which is what it takes."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.tracking import left_out_without_number, rest
from akinai.adapters.channels.words.writing import tsv_bytes
from akinai.shipping.telling_ports import Shipped, ShippedLine, TellingFile

HEADER = (
    "order-id", "order-item-id", "quantity", "ship-date", "carrier-code", "carrier-name", "tracking-number", "ship-method",
)  # fmt: skip
CODES = {"yamato": "YamatoTransport", "sagawa": "SagawaExpress", "japanpost": "JapanPost"}
OTHER = "Other"


class AmazonTracking:
    """Amazon 出荷通知ファイル."""

    code = "amazon"
    title = "Amazon 出荷通知ファイル"
    filename = "amazon_shipping_{day}.txt"
    media_type = "text/tab-separated-values"
    upload_hint = "セラーセントラルの「注文 → 注文関連ファイルのアップロード → 出荷通知」で取り込みます。"
    most = 0
    is_awaited = True

    def write(self, shipped: Sequence[Shipped]) -> TellingFile:
        left_out = left_out_without_number(shipped)
        rows = [self._row(one, line) for one in rest(shipped, left_out) for line in one.lines]
        return TellingFile(tsv_bytes(HEADER, rows, encoding="cp932"), left_out)

    def _row(self, one: Shipped, line: ShippedLine) -> dict[str, str]:
        code = CODES.get(one.carrier, OTHER)
        return {
            "order-id": one.order_no, "order-item-id": line.line_no, "quantity": str(line.quantity),
            "ship-date": f"{one.shipped_on:%Y-%m-%d}", "carrier-code": code,
            "carrier-name": one.carrier_name if code == OTHER else "", "tracking-number": one.numbers[0],
        }  # fmt: skip
