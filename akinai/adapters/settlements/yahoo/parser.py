"""Yahoo!: one row is one item (商品代金, 決済手数料, ポイント原資 …) of an order. Paid up to eight times a month."""

from __future__ import annotations

from akinai.adapters.settlements.sheet import SheetDoor
from akinai.payments.settlement_ports import Provider

PROVIDER = Provider(
    "yahoo",
    "Yahoo!ショッピング",
    "channel",
    "yahoo",
    ("ラインヤフー", "ラインヤフーカブシキガイシヤ"),
    10,
    60,
)


class YahooPayouts(SheetDoor):
    code = "yahoo_payout"
    title = "Yahoo!ショッピング 受取明細（未確認）"
    provider = "yahoo"
    columns = {
        "order_no": ("注文ID", "OrderId", "注文番号"),
        "item": ("利用項目", "項目", "取引種別", "明細項目"),
        "amount": ("金額(税込)", "金額", "受取金額", "請求金額(税込)"),
        "fee_tax": ("消費税", "消費税額"),
        "paid_on": ("振込日", "入金日", "受取日", "支払日", "入金予定日"),
        "payout_no": ("明細番号", "受取明細番号", "支払番号"),
        "payout_yen": ("振込金額", "受取合計金額"),
        "on": ("利用日", "取引日", "計上日"),
        "text": ("備考", "内容"),
    }
    needs = ("order_no", "item", "amount", "paid_on")
    tells = frozenset({"利用項目", "注文ID", "OrderId"})
