"""BASE 注文CSV → frozen rows."""

from __future__ import annotations

from dataclasses import dataclass

from akinai.adapters.channels.words import ParsedRow, column


@dataclass(frozen=True, slots=True)
class BaseRow(ParsedRow):
    """One item of an order with the order beside it."""

    order_no: str = column("注文ID", required=True)
    ordered_at: str = column("注文日時", required=True)
    buyer_last: str = column("氏(請求先)")
    buyer_first: str = column("名(請求先)")
    buyer_zip: str = column("郵便番号(請求先)")
    buyer_prefecture: str = column("都道府県(請求先)")
    buyer_address1: str = column("住所(請求先)")
    buyer_address2: str = column("住所2(請求先)")
    buyer_phone: str = column("電話番号(請求先)")
    buyer_email: str = column("メールアドレス(請求先)")
    ship_last: str = column("氏(配送先)", required=True)
    ship_first: str = column("名(配送先)", required=True)
    ship_zip: str = column("郵便番号(配送先)", required=True)
    ship_prefecture: str = column("都道府県(配送先)", required=True)
    ship_address1: str = column("住所(配送先)", required=True)
    ship_address2: str = column("住所2(配送先)")
    ship_phone: str = column("電話番号(配送先)")
    note: str = column("備考")
    name: str = column("商品名", required=True)
    variation: str = column("バリエーション")
    price: str = column("価格", required=True)
    tax_rate: str = column("税率")
    quantity: str = column("数量", required=True)
    total: str = column("合計金額", required=True)
    shipping: str = column("送料")
    payment: str = column("支払い方法", required=True)
    cod_fee: str = column("代引き手数料")
    status: str = column("発送状況")
    item_id: str = column("商品ID")
    variation_id: str = column("種類ID")
    delivery_on: str = column("配送日")
    delivery_slot: str = column("配送時間帯")
    memo: str = column("注文メモ")
    method: str = column("配送方法")
    coupon: str = column("クーポン割引額", "クーポン")
    adjustment: str = column("調整金額")
    item_code: str = column("商品コード")
    variation_code: str = column("種類コード")
    jan: str = column("JAN / GTIN", "JAN/GTIN")


LINE_COLUMNS = frozenset[str]()
TELLS = frozenset(("注文ID", "氏(配送先)", "名(配送先)", "発送状況", "支払い方法"))
