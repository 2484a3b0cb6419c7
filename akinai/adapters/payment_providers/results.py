"""決済の結果ファイル: the columns of the providers whose files we have heard of. None of these layouts was proved by a real file.

未確認: the names are those of the providers' screens as far as they are known; where a shop's file differs, it is taken in
as 汎用 with the columns chosen once and kept.
"""

from __future__ import annotations

from akinai.orders.payment_methods import PaymentKind
from akinai.payments.provider_ports import ResultLayout, register_layout

LAYOUTS = (
    ResultLayout(
        "np", "NP後払い 審査・入金の結果", PaymentKind.DEFERRED,
        {"order": "加盟店取引ID", "result": "審査結果", "ref": "NP取引ID", "amount": "請求金額"},
    ),
    ResultLayout(
        "gmo_deferred", "GMO後払い 審査結果", PaymentKind.DEFERRED,
        {"order": "加盟店取引ID", "result": "自動審査結果", "ref": "GMO取引ID", "amount": "請求金額"},
    ),
    ResultLayout(
        "paypay", "PayPay 取引履歴", PaymentKind.WALLET,
        {"order": "加盟店決済ID", "result": "取引ステータス", "ref": "決済番号", "amount": "取引金額"},
    ),
    ResultLayout(
        "rakuten_pay", "楽天ペイ（オンライン）取引一覧", PaymentKind.WALLET,
        {"order": "注文番号", "result": "決済ステータス", "ref": "決済ID", "amount": "決済金額"},
    ),
    ResultLayout(
        "amazon_pay", "Amazon Pay 取引", PaymentKind.WALLET,
        {"order": "販売者注文番号", "result": "ステータス", "ref": "Amazon Pay 注文番号", "amount": "金額"},
    ),
    ResultLayout(
        "konbini", "コンビニ決済 収納結果", PaymentKind.CONVENIENCE,
        {"order": "オーダーID", "result": "収納状況", "ref": "受付番号", "amount": "利用金額"},
    ),
)  # fmt: skip


def register_layouts() -> None:
    """Bring them into use."""
    for layout in LAYOUTS:
        register_layout(layout)
