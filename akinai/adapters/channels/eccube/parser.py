"""EC-CUBE 4 受注CSV → frozen rows. Column names as the standard template of version 4 shows them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from akinai.adapters.channels.words import ParsedRow, column


@dataclass(frozen=True, slots=True)
class EccubeRow(ParsedRow):
    """One 明細 with its order and its shipment beside it."""

    one_of: ClassVar = (("order_no", "order_id"), ("payment_total", "total"), ("kind_id", "kind_name"))

    order_no: str = column("注文番号")
    order_id: str = column("注文ID")
    buyer_last: str = column("お名前(姓)")
    buyer_first: str = column("お名前(名)")
    buyer_last_kana: str = column("お名前(セイ)")
    buyer_first_kana: str = column("お名前(メイ)")
    buyer_company: str = column("会社名")
    buyer_zip: str = column("郵便番号")
    buyer_prefecture: str = column("都道府県(名称)", "都道府県(ID)")
    buyer_address1: str = column("住所1")
    buyer_address2: str = column("住所2")
    buyer_email: str = column("メールアドレス")
    buyer_phone: str = column("TEL", "電話番号")
    shop_note: str = column("ショップ用メモ欄")
    message: str = column("お問い合わせ", "備考")
    subtotal: str = column("小計")
    discount: str = column("値引き")
    shipping: str = column("送料")
    tax: str = column("税金")
    total: str = column("合計")
    payment_total: str = column("支払合計")
    status_id: str = column("対応状況(ID)")
    status_name: str = column("対応状況(名称)")
    payment: str = column("支払方法(名称)", required=True)
    ordered_at: str = column("受注日", required=True)
    paid_at: str = column("入金日")
    line_id: str = column("注文詳細ID")
    product_id: str = column("商品ID")
    class_id: str = column("商品規格ID")
    name: str = column("商品名", required=True)
    code: str = column("商品コード", required=True)
    class1: str = column("規格名1")
    class2: str = column("規格名2")
    choice1: str = column("規格分類名1")
    choice2: str = column("規格分類名2")
    price: str = column("価格", required=True)
    quantity: str = column("個数", required=True)
    tax_rate: str = column("税率")
    kind_id: str = column("明細区分(ID)")
    kind_name: str = column("明細区分(名称)")
    shipping_id: str = column("出荷ID")
    ship_last: str = column("配送先_お名前(姓)", required=True)
    ship_first: str = column("配送先_お名前(名)", required=True)
    ship_last_kana: str = column("配送先_お名前(セイ)")
    ship_first_kana: str = column("配送先_お名前(メイ)")
    ship_company: str = column("配送先_会社名")
    ship_zip: str = column("配送先_郵便番号", required=True)
    ship_prefecture: str = column("配送先_都道府県(名称)", "配送先_都道府県(ID)", required=True)
    ship_address1: str = column("配送先_住所1", required=True)
    ship_address2: str = column("配送先_住所2")
    ship_phone: str = column("配送先_TEL", "配送先_電話番号")
    carrier: str = column("配送業者(名称)")
    delivery_slot: str = column("お届け時間(名称)")
    delivery_on: str = column("お届け希望日")
    shipped_on: str = column("発送日")
    tracking_no: str = column("出荷伝票番号", "お問い合わせ番号")
    delivery_note: str = column("配達用メモ")


LINE_COLUMNS = frozenset(("税率ルール(ID)", "送料_2"))
TELLS = frozenset(
    (
        "明細区分(ID)",
        "明細区分(名称)",
        "対応状況(ID)",
        "対応状況(名称)",
        "配送先_お名前(姓)",
        "注文詳細ID",
        "商品規格ID",
    )
)
# 明細区分
GOODS, SHIPPING, FEE, DISCOUNT, TAX, POINTS = "1", "2", "3", "4", "5", "6"
KINDS = {
    "商品": GOODS,
    "送料": SHIPPING,
    "手数料": FEE,
    "割引": DISCOUNT,
    "値引き": DISCOUNT,
    "税": TAX,
    "ポイント": POINTS,
}
