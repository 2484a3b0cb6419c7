"""楽天: one row is one order with its 手数料 beside it."""

from __future__ import annotations

from akinai.adapters.settlements.sheet import SheetDoor
from akinai.payments.settlement_ports import Provider

PROVIDER = Provider(
    "rakuten",
    "楽天市場",
    "channel",
    "rakuten",
    ("ラクテングループ", "ラクテンペイメント", "ラクテンイチバ", "ラクテン"),
    10,
    45,
)


class RakutenPayouts(SheetDoor):
    code = "rakuten_payout"
    title = "楽天 精算明細（未確認）"
    provider = "rakuten"
    columns = {
        "order_no": ("注文番号", "受注番号"),
        "amount": ("決済金額", "請求金額", "売上金額", "ご利用金額", "決済額"),
        "refund": ("返金額", "返金金額", "キャンセル金額"),
        "points": ("ポイント利用額", "楽天ポイント利用額", "ポイント・クーポン精算額", "ポイント精算額"),
        "fee": (
            "決済手数料",
            "楽天ペイ利用料",
            "手数料",
            "手数料(税込)",
            "決済手数料(税込)",
            "決済手数料(税抜)",
        ),
        "fee_tax": ("手数料消費税", "決済手数料消費税", "消費税", "うち消費税"),
        "net": ("精算金額", "差引金額", "入金額", "お振込対象額"),
        "paid_on": ("入金日", "振込日", "精算日", "入金予定日", "お振込日"),
        "payout_no": ("精算番号", "振込番号", "精算書番号"),
        "payout_yen": ("振込金額", "お振込金額", "振込合計額"),
        "on": ("決済日", "売上日", "注文日", "発送日"),
        "text": ("取引区分", "決済方法", "区分", "摘要"),
    }
    needs = ("order_no", "amount", "fee", "paid_on")
    tells = frozenset(
        {
            "楽天ペイ利用料",
            "決済手数料",
            "決済手数料(税込)",
            "決済手数料(税抜)",
            "ポイント・クーポン精算額",
            "楽天ポイント利用額",
        }
    )
