"""Shopify の配送CSV (UTF-8), in the columns of the usual import apps (Matrixify): Shopify itself takes no file of parcels."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.tracking import left_out_without_number, rest
from akinai.adapters.channels.words.writing import csv_bytes
from akinai.shipping.telling_ports import Shipped, TellingFile

HEADER = (
    "Name", "Command", "Line: Type", "Fulfillment: Status", "Fulfillment: Processed At", "Fulfillment: Tracking Company",
    "Fulfillment: Tracking Number", "Fulfillment: Tracking URL", "Fulfillment: Send Receipt",
)  # fmt: skip
COMPANIES = {"yamato": "Yamato (JA)", "sagawa": "Sagawa (JA)", "japanpost": "Japan Post (JA)"}


class ShopifyTracking:
    """Shopify 配送CSV（Matrixify）."""

    code = "shopify"
    title = "Shopify 配送CSV（Matrixify形式）"
    filename = "shopify_orders_{day}.csv"
    media_type = "text/csv"
    upload_hint = "Shopify のアプリ Matrixify の「Import」で、ファイル名を変えずに取り込みます。"
    most = 0
    is_awaited = True

    def write(self, shipped: Sequence[Shipped]) -> TellingFile:
        left_out = left_out_without_number(shipped)
        rows = [
            {
                "Name": one.order_no, "Command": "UPDATE", "Line: Type": "Fulfillment Line", "Fulfillment: Status": "success",
                "Fulfillment: Processed At": f"{one.shipped_on:%Y-%m-%d} 12:00:00 +0900",
                "Fulfillment: Tracking Company": COMPANIES.get(one.carrier, one.carrier_name),
                "Fulfillment: Tracking Number": "; ".join(one.numbers), "Fulfillment: Tracking URL": one.tracking_url,
                "Fulfillment: Send Receipt": "FALSE",
            }
            for one in rest(shipped, left_out)
        ]  # fmt: skip
        return TellingFile(csv_bytes(HEADER, rows, encoding="utf-8"), left_out)
