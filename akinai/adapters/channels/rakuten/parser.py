"""楽天 RMS 受注CSV → frozen rows. Column names as RMS writes them (2023-12, 158 columns)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from akinai.adapters.channels.words import ParsedRow, column


@dataclass(frozen=True, slots=True)
class RakutenRow(ParsedRow):
    """One line of an order with the order's own columns beside it. What is not named here stays in `extra`."""

    one_of: ClassVar = (("ordered_at", "ordered_on"), ("system_sku", "sku_no", "item_no", "item_code"))

    order_no: str = column("注文番号", required=True)
    status: str = column("ステータス")
    ordered_at: str = column("注文日時")
    ordered_on: str = column("注文日")
    confirmed_at: str = column("注文確認日時")
    fixed_at: str = column("注文確定日時")
    shipped_at: str = column("発送完了報告日時")
    payment: str = column("支払方法名", required=True)
    delivery_method: str = column("配送方法")
    many_destinations: str = column("複数送付先フラグ")
    is_island: str = column("離島フラグ")
    is_checked_by_mall: str = column("楽天確認中フラグ")
    warning: str = column("警告表示タイプ")
    warning_detail: str = column("警告表示タイプ詳細")
    goods: str = column("商品合計金額")
    shipping: str = column("送料合計")
    cod_fee: str = column("代引料合計")
    total: str = column("請求金額", required=True)
    points: str = column("ポイント利用額")
    coupons: str = column("クーポン利用総額")
    shop_coupon: str = column("店舗発行クーポン利用額")
    mall_coupon: str = column("楽天発行クーポン利用額")
    payment_fee: str = column("決済手数料")
    buyer_charge: str = column("注文者負担金合計")
    outer_tax: str = column("外税合計")
    tax: str = column("消費税合計")

    buyer_zip1: str = column("注文者郵便番号1")
    buyer_zip2: str = column("注文者郵便番号2")
    buyer_prefecture: str = column("注文者住所都道府県")
    buyer_city: str = column("注文者住所郡市区")
    buyer_address1: str = column("注文者住所それ以降の住所")
    buyer_last: str = column("注文者姓")
    buyer_first: str = column("注文者名")
    buyer_last_kana: str = column("注文者姓カナ")
    buyer_first_kana: str = column("注文者名カナ")
    buyer_phone1: str = column("注文者電話番号1")
    buyer_phone2: str = column("注文者電話番号2")
    buyer_phone3: str = column("注文者電話番号3")
    buyer_email: str = column("注文者メールアドレス")

    ship_to_id: str = column("送付先ID")
    noshi: str = column("のし")
    ship_zip1: str = column("送付先郵便番号1", required=True)
    ship_zip2: str = column("送付先郵便番号2", required=True)
    ship_prefecture: str = column("送付先住所都道府県", required=True)
    ship_city: str = column("送付先住所郡市区", required=True)
    ship_address1: str = column("送付先住所それ以降の住所", required=True)
    ship_last: str = column("送付先姓", required=True)
    ship_first: str = column("送付先名", required=True)
    ship_last_kana: str = column("送付先姓カナ")
    ship_first_kana: str = column("送付先名カナ")
    ship_phone1: str = column("送付先電話番号1")
    ship_phone2: str = column("送付先電話番号2")
    ship_phone3: str = column("送付先電話番号3")

    line_id: str = column("商品明細ID")
    name: str = column("商品名", required=True)
    item_no: str = column("商品番号")
    item_code: str = column("商品管理番号", "商品管理番号(商品URL)")
    price: str = column("単価", required=True)
    quantity: str = column("個数", required=True)
    price_has_tax: str = column("税込別")
    tax_rate: str = column("商品税率")
    options: str = column("項目・選択肢")
    sku_no: str = column("SKU管理番号")
    system_sku: str = column("システム連携用SKU番号")
    sku_info: str = column("SKU情報")

    wrap1: str = column("ラッピング名1")
    wrap1_fee: str = column("ラッピング料金1")
    wrap1_has_tax: str = column("ラッピング税込別1")
    wrap1_tax: str = column("ラッピング税額1")
    wrap2: str = column("ラッピング名2")
    wrap2_fee: str = column("ラッピング料金2")
    wrap2_has_tax: str = column("ラッピング税込別2")
    wrap2_tax: str = column("ラッピング税額2")

    delivery_slot: str = column("お届け時間帯")
    delivery_on: str = column("お届け日指定")
    memo: str = column("ひとことメモ")
    is_gift: str = column("ギフト配送希望")
    comment: str = column("コメント")
    carrier: str = column("購入時配送会社")

    charged10: str = column("10%請求金額")
    tax10: str = column("10%請求額に対する税額")
    charged8: str = column("8%請求金額")
    tax8: str = column("8%請求額に対する税額")
    charged0: str = column("0%請求金額")
    tax0: str = column("0%請求額に対する税額")


# Of the columns kept verbatim, those that tell of the goods and not of the order.
LINE_COLUMNS = frozenset(
    (
        "商品ID",
        "送料込別",
        "代引手数料込別",
        "ポイント倍率",
        "納期情報",
        "在庫タイプ",
        "商品毎税込価格",
        "単品配送フラグ",
    )
)
TELLS = frozenset(
    (
        "商品管理番号", "商品明細ID", "送付先ID", "注文者姓", "注文者郵便番号1", "送付先郵便番号1", "送付先住所それ以降の住所",
        "送料込別", "税込別", "ポイント利用額", "クーポン利用総額", "楽天確認中フラグ", "離島フラグ", "購入時配送会社",
    )
)  # fmt: skip
