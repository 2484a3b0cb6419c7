"""代引: one row is one parcel whose money the carrier has collected, with his fee and the stamp he paid."""

from __future__ import annotations

from akinai.adapters.settlements.sheet import SheetDoor
from akinai.payments.settlement_ports import Provider

PROVIDERS = (
    Provider("yamato", "ヤマト運輸（コレクト）", "tracking", "yamato", ("ヤマトフイナンシヤル", "ヤマトウンユ"), 10, 21),
    Provider("sagawa", "佐川急便（e-コレクト）", "tracking", "sagawa", ("エスジーシステム", "サガワキユウビン", "エスジーフイナンシヤル"), 10, 21),
    Provider("japanpost", "日本郵便（代金引換）", "tracking", "japanpost", ("ニツポンユウビン", "ニホンユウビン"), 10, 21),
)  # fmt: skip
COMMON = {
    "order_no": ("お客様管理番号", "お客様管理ナンバー", "お客様側管理番号", "注文番号"),
    "amount": ("代引金額", "コレクト金額", "集金額", "品代金", "代金引換額", "引換金額", "e-コレクト金額"),
    "refund": ("返金額", "取消金額"),
    "fee": ("代引手数料", "コレクト手数料", "手数料", "手数料(税込)", "決済手数料", "送金手数料"),
    "fee_tax": ("消費税", "手数料消費税", "うち消費税"),
    "stamp": ("印紙代", "印紙税"),
    "net": ("差引金額", "送金額", "入金額", "お支払金額", "精算額"),
    "paid_on": ("入金日", "送金日", "振込日", "お支払日", "支払日"),
    "payout_no": ("精算番号", "送金番号", "支払番号"),
    "payout_yen": ("振込金額", "送金合計額", "お支払合計"),
    "on": ("配達日", "集金日", "配達完了日", "引換日"),
    "text": ("摘要", "区分", "決済種別"),
}  # fmt: skip


class CollectDoor(SheetDoor):
    """A carrier's remittance; `numbers` are his own words for 送り状番号, by which the file is known."""

    needs = ("tracking_no", "amount", "paid_on")

    def __init__(self, carrier: str, title: str, numbers: tuple[str, ...]) -> None:
        self.code, self.provider = f"{carrier}_collect", carrier
        self.title = f"{title} 代引入金明細（未確認）"
        self.columns = {"tracking_no": numbers, **COMMON}
        self.tells = frozenset(numbers)


DOORS = (
    CollectDoor("yamato", "ヤマト運輸", ("送り状番号", "伝票番号")),
    CollectDoor(
        "sagawa", "佐川急便", ("お問い合せ送り状No.", "お問合せ送り状No", "お問合せNO", "お問い合せNo.")
    ),
    CollectDoor(
        "japanpost", "日本郵便", ("お問い合わせ番号", "引受番号", "問合せ番号", "お問い合わせ番号(追跡番号)")
    ),
)
