"""Yahoo! order and item files → frozen rows. Field names are those of the 注文API, which the CSV shares."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from akinai.adapters.channels.words import ParsedRow, column


@dataclass(frozen=True, slots=True)
class YahooOrder(ParsedRow):
    """注文ファイル: one row per order."""

    one_of: ClassVar = (("total", "settle"), ("ship_last", "ship_name"))

    order_no: str = column("OrderId", "注文ID", "注文番号", required=True)
    ordered_at: str = column("OrderTime", "注文日時", required=True)
    updated_at: str = column("LastUpdateTime")
    status: str = column("OrderStatus", "注文ステータス")
    pay_status: str = column("PayStatus", "入金ステータス")
    ship_status: str = column("ShipStatus", "出荷ステータス")
    is_active: str = column("IsActive")
    pay_method: str = column("PayMethod")
    pay_method_name: str = column("PayMethodName", "支払い方法", "お支払い方法")
    pay_date: str = column("PayDate", "入金日")
    note: str = column("BuyerComments", "ご要望", "備考")
    seller_note: str = column("SellerComments")
    memo: str = column("Notes", "ビジターメモ")

    buyer_last: str = column("BillLastName", "ご請求先姓")
    buyer_first: str = column("BillFirstName", "ご請求先名")
    buyer_last_kana: str = column("BillLastNameKana")
    buyer_first_kana: str = column("BillFirstNameKana")
    buyer_name: str = column("BillName")
    buyer_zip: str = column("BillZipCode")
    buyer_prefecture: str = column("BillPrefecture")
    buyer_city: str = column("BillCity")
    buyer_address1: str = column("BillAddress1")
    buyer_address2: str = column("BillAddress2")
    buyer_company: str = column("BillSection1Value")
    buyer_phone: str = column("BillPhoneNumber")
    buyer_email: str = column("BillMailAddress")

    ship_last: str = column("ShipLastName", "お届け先姓")
    ship_first: str = column("ShipFirstName", "お届け先名")
    ship_last_kana: str = column("ShipLastNameKana")
    ship_first_kana: str = column("ShipFirstNameKana")
    ship_name: str = column("ShipName")
    ship_zip: str = column("ShipZipCode", "お届け先郵便番号", required=True)
    ship_prefecture: str = column("ShipPrefecture", "お届け先都道府県", required=True)
    ship_city: str = column("ShipCity", "お届け先市区郡")
    ship_address1: str = column("ShipAddress1", "お届け先住所1", required=True)
    ship_address2: str = column("ShipAddress2", "お届け先住所2")
    ship_company: str = column("ShipSection1Value")
    ship_phone: str = column("ShipPhoneNumber", "お届け先電話番号")

    ship_method: str = column("ShipMethodName", "配送方法")
    delivery_on: str = column("ShipRequestDate", "配送希望日")
    delivery_slot: str = column("ShipRequestTime", "配送希望時間")
    carrier: str = column("ShipCompanyCode")
    tracking_no: str = column("ShipInvoiceNumber1")
    shipped_on: str = column("ShipDate", "出荷日")

    wrap_name: str = column("GiftWrapName")
    wrap_type: str = column("GiftWrapType")
    wrap_message: str = column("GiftWrapMessage")
    wrap_paper: str = column("GiftWrapPaperType", "のし")

    pay_charge: str = column("PayCharge", "手数料")
    shipping: str = column("ShipCharge", "送料")
    wrapping: str = column("GiftWrapCharge", "ギフト包装料")
    discount: str = column("Discount", "値引き")
    adjustment: str = column("Adjustments", "調整額")
    points: str = column("UsePoint", "利用ポイント数")
    mall_coupon: str = column("TotalMallCouponDiscount", "モールクーポン値引き額")
    item_coupon: str = column("ItemCouponDiscount")
    shipping_coupon: str = column("ShippingCouponDiscount")
    store_coupon: str = column("StoreCouponDiscount")
    gift_card: str = column("GiftCardDiscount")
    total: str = column("TotalPrice", "合計金額", "Total")
    settle: str = column("SettleAmount", "決済金額")


@dataclass(frozen=True, slots=True)
class YahooItem(ParsedRow):
    """商品ファイル: one row per line."""

    order_no: str = column("OrderId", "注文ID", "注文番号", required=True)
    line_id: str = column("LineId", "商品ラインID", required=True)
    item_id: str = column("ItemId", "商品コード", required=True)
    name: str = column("Title", "商品名", required=True)
    sub_code: str = column("SubCode", "商品サブコード")
    sub_option: str = column("SubCodeOption")
    option: str = column("ItemOption", "ItemOptionValue")
    inscription: str = column("Inscription", "InscriptionValue")
    jan: str = column("Jan", "JANコード")
    price: str = column("UnitPrice", "単価", required=True)
    quantity: str = column("Quantity", "数量", required=True)
    tax_rate: str = column("ItemTaxRatio")


ITEM_TELLS = frozenset(("OrderId", "LineId", "ItemId"))
ORDER_TELLS = frozenset(
    (
        "OrderTime", "OrderStatus", "PayStatus", "ShipStatus", "PayMethodName", "ShipLastName", "ShipZipCode",
        "ShipPrefecture", "BillLastName", "BillZipCode", "TotalPrice", "SettleAmount", "ShipCharge", "PayCharge",
    )
)  # fmt: skip
