"""Rows of an unknown file by a mapping field → column. The names here are the dictionary that guesses it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from akinai.adapters.channels.words import ParsedRow, column
from akinai.adapters.channels.words.rows import column_fields, rows_at
from akinai.core.tables import Table, guess_columns


@dataclass(frozen=True, slots=True)
class GenericRow(ParsedRow):
    """One row. The first name of each column is its title on the screen."""

    order_no: str = column(
        "注文番号", "受注番号", "注文ID", "受注ID", "オーダー番号", "注文No", "受注No", "伝票番号", "order no", "order number",
        "order id", "order", "注文コード", "売上ID", "受注管理番号", required=True,
    )  # fmt: skip
    ordered_at: str = column(
        "注文日時", "受注日時", "注文日", "受注日", "購入日時", "購入日", "ご注文日", "order date", "ordered at", "order time",
        "created at", "purchase date", "日付", "日時", "date", required=True,
    )  # fmt: skip
    ordered_time: str = column("注文時間", "注文時刻", "受注時間", "受注時刻", "order time of day")
    status: str = column(
        "注文状態", "ステータス", "状態", "注文ステータス", "受注ステータス", "status", "order status", "処理状況", "対応状況", "発送状況", "発送状態",
        "配送状況", "出荷状況", "受注状態",
    )  # fmt: skip
    sku: str = column(
        "商品コード", "SKU", "SKUコード", "商品番号", "品番", "型番", "商品管理番号", "自社コード", "品目コード", "sku code", "item code",
        "product code", "item no", "コード", "購入商品 型番", "独自商品コード", "商品型番",
    )  # fmt: skip
    jan: str = column(
        "JANコード", "JAN", "バーコード", "GTIN", "EAN", "barcode",
    )  # fmt: skip
    name: str = column(
        "商品名", "品名", "商品", "item name", "product name", "title", "item", "product", "購入商品 商品名", "商品名称",
    )  # fmt: skip
    options: str = column(
        "規格", "バリエーション", "選択肢", "項目・選択肢", "オプション", "variation", "options", "オプション名", "購入商品 オプション", "オプション1",
    )  # fmt: skip
    quantity: str = column(
        "数量", "個数", "注文数", "受注数", "点数", "購入数", "quantity", "qty", "ordered quantity", "販売個数", "購入商品 販売個数",
        "個数(点)", required=True,
    )  # fmt: skip
    price: str = column(
        "単価", "販売価格", "価格", "税込単価", "商品単価", "販売単価", "unit price", "price", "item price", "unit price yen",
        "price yen", "購入商品 販売価格", "商品価格", "単価(税込)",
    )  # fmt: skip
    amount: str = column(
        "小計", "明細金額", "金額", "商品金額", "line total", "amount", "subtotal", "購入商品 小計", "商品小計", "明細小計",
    )  # fmt: skip
    tax_rate: str = column(
        "税率", "消費税率", "tax rate",
    )  # fmt: skip
    line_no: str = column(
        "明細番号", "行番号", "明細ID", "行No", "明細No", "line no", "line id", "order line", "line", "売上詳細ID", "受注明細ID",
        "明細行番号",
    )  # fmt: skip
    shipping: str = column(
        "送料", "配送料", "shipping", "shipping fee", "delivery fee", "postage", "送料合計", "配送料金", "配送手数料",
    )  # fmt: skip
    cod_fee: str = column(
        "代引手数料", "代引き手数料", "代引料", "cod fee", "代引き料", "代金引換手数料", "代引手数料(税込)",
    )  # fmt: skip
    fee: str = column(
        "決済手数料", "手数料", "payment fee", "fee",
    )  # fmt: skip
    wrapping: str = column(
        "ラッピング料", "ギフト包装料", "包装料", "gift wrap",
    )  # fmt: skip
    discount: str = column(
        "値引・クーポン", "値引", "値引き", "割引", "クーポン", "クーポン利用額", "discount", "coupon", "割引金額", "値引額", "値引き額", "割引額",
        "クーポン割引", "クーポン値引", "クーポン割引額", "値引合計",
    )  # fmt: skip
    points: str = column(
        "ポイント利用", "利用ポイント", "ポイント利用額", "使用ポイント", "ポイント", "points", "ショップポイントによる割引金額", "ポイント値引", "ポイント割引",
        "ご利用ポイント", "ポイント使用額",
    )  # fmt: skip
    other_points: str = column("ほかのポイント利用", "外部ポイントによる割引金額", "外部ポイント利用額")
    tax: str = column("消費税", "消費税額", "外税", "税額", "tax", "tax amount")
    total: str = column(
        "請求金額", "合計金額", "合計", "総合計", "お支払い合計", "支払合計", "支払金額", "注文金額", "total", "total price", "order total",
        "grand total", "total yen", "total amount", "総合計金額", "ご請求金額", "請求合計", "ご注文金額", "お支払い金額", "お支払金額",
        "決済金額",
    )  # fmt: skip
    payment: str = column(
        "支払方法", "支払い方法", "お支払い方法", "お支払方法", "決済方法", "payment", "payment method", "決済手段", "支払い手段",
    )  # fmt: skip
    paid: str = column(
        "入金状況", "入金", "支払状況", "決済状況", "入金済み", "paid", "payment status", "入金状態", "決済ステータス", "入金ステータス",
    )  # fmt: skip
    buyer_name: str = column(
        "注文者氏名", "注文者名", "注文者", "購入者名", "購入者氏名", "購入者", "お客様名", "顧客名", "ご注文者名", "氏名", "お名前", "名前",
        "customer name", "buyer name", "billing name", "customer", "buyer", "name", "購入者 名前", "購入者お名前",
        "ご購入者名",
    )  # fmt: skip
    buyer_kana: str = column(
        "注文者カナ", "注文者フリガナ", "購入者カナ", "フリガナ", "カナ", "buyer kana", "kana", "購入者 フリガナ", "注文者名カナ", "注文者氏名カナ",
        "氏名カナ",
    )  # fmt: skip
    buyer_company: str = column(
        "注文者会社名", "会社名", "購入者会社名", "company", "buyer company",
    )  # fmt: skip
    buyer_zip: str = column(
        "注文者郵便番号", "購入者郵便番号", "郵便番号", "billing zip", "buyer postal code", "zip", "postal code", "postcode",
        "購入者 郵便番号",
    )  # fmt: skip
    buyer_prefecture: str = column(
        "注文者都道府県", "購入者都道府県", "都道府県", "buyer prefecture", "prefecture", "state", "購入者 都道府県",
    )  # fmt: skip
    buyer_city: str = column(
        "注文者市区町村", "購入者市区町村", "市区町村", "buyer city", "city",
    )  # fmt: skip
    buyer_address1: str = column(
        "注文者住所", "注文者住所1", "購入者住所", "購入者住所1", "住所", "住所1", "buyer address", "address", "address1",
        "billing address", "購入者 住所",
    )  # fmt: skip
    buyer_address2: str = column(
        "注文者住所2", "購入者住所2", "住所2", "建物名", "buyer address2", "address2", "building",
    )  # fmt: skip
    buyer_phone: str = column(
        "注文者電話番号", "注文者電話", "購入者電話番号", "電話番号", "電話", "TEL", "buyer phone", "phone", "billing phone",
        "購入者 電話番号", "購入者 携帯番号",
    )  # fmt: skip
    buyer_email: str = column(
        "注文者メールアドレス", "メールアドレス", "メール", "購入者メールアドレス", "email", "mail", "buyer email", "e-mail", "購入者 メールアドレス",
    )  # fmt: skip
    ship_name: str = column(
        "送付先氏名", "送付先名", "送付先", "配送先氏名", "配送先名", "配送先", "お届け先名", "お届け先氏名", "お届け先", "届け先名", "届け先氏名", "届け先",
        "宛名", "受取人", "ship name", "shipping name", "recipient name", "recipient", "ship to", "配送先 名前",
        "配送先お名前",
    )  # fmt: skip
    ship_kana: str = column(
        "送付先カナ", "配送先カナ", "お届け先カナ", "送付先フリガナ", "お届け先フリガナ", "ship kana", "配送先 フリガナ", "送付先氏名カナ", "送付先名カナ",
    )  # fmt: skip
    ship_company: str = column(
        "送付先会社名", "配送先会社名", "お届け先会社名", "ship company", "shipping company",
    )  # fmt: skip
    ship_zip: str = column(
        "送付先郵便番号", "配送先郵便番号", "お届け先郵便番号", "届け先郵便番号", "ship zip", "shipping zip", "ship postal code",
        "shipping postal code", "配送先 郵便番号",
    )  # fmt: skip
    ship_prefecture: str = column(
        "送付先都道府県", "配送先都道府県", "お届け先都道府県", "届け先都道府県", "ship prefecture", "shipping prefecture", "ship state",
        "shipping state", "配送先 都道府県", "配送先 都道府県名",
    )  # fmt: skip
    ship_city: str = column(
        "送付先市区町村", "配送先市区町村", "お届け先市区町村", "ship city", "shipping city",
    )  # fmt: skip
    ship_address1: str = column(
        "送付先住所", "送付先住所1", "配送先住所", "配送先住所1", "お届け先住所", "お届け先住所1", "届け先住所", "ship address", "ship address1",
        "shipping address", "shipping address1", "ship line1", "配送先 住所",
    )  # fmt: skip
    ship_address2: str = column(
        "送付先住所2", "配送先住所2", "お届け先住所2", "届け先住所2", "送付先建物名", "お届け先建物名", "ship address2", "shipping address2",
        "ship line2",
    )  # fmt: skip
    ship_phone: str = column(
        "送付先電話番号", "送付先電話", "配送先電話番号", "お届け先電話番号", "届け先電話番号", "ship phone", "shipping phone",
        "recipient phone", "配送先 電話番号",
    )  # fmt: skip
    delivery_on: str = column(
        "お届け希望日", "配送希望日", "配達希望日", "お届け日", "配達指定日", "着日指定", "delivery date", "delivery on", "配送先 希望配送日",
        "希望配送日", "希望お届け日", "配達日指定", "お届け指定日",
    )  # fmt: skip
    delivery_slot: str = column(
        "お届け時間帯", "配送希望時間", "配送時間帯", "時間帯", "お届け希望時間", "時間指定", "delivery time", "delivery slot", "配送先 希望配送時間帯",
        "希望配送時間帯", "希望時間帯", "配達時間帯", "お届け時間",
    )  # fmt: skip
    delivery_method: str = column(
        "配送方法", "発送方法", "運送会社", "配送業者", "shipping method", "carrier", "配送先 配送会社名", "配送会社", "配送会社名",
    )  # fmt: skip
    note: str = column(
        "備考", "お客様備考", "コメント", "ご要望", "通信欄", "メッセージ", "note", "notes", "comment", "remarks", "お客様コメント",
        "購入者備考", "注文者備考",
    )  # fmt: skip
    shop_note: str = column(
        "店舗メモ", "社内メモ", "メモ", "shop note", "memo",
    )  # fmt: skip
    gift_note: str = column(
        "のし・ラッピング", "のし", "熨斗", "ギフト", "gift", "gift note", "ラッピング", "熨斗・ラッピング",
    )  # fmt: skip
    currency: str = column("通貨", "currency")


LINE_FIELDS = ("sku", "jan", "name", "options", "quantity", "price", "amount", "tax_rate", "line_no")


def guess(header: Sequence[str]) -> dict[str, str]:
    """field → column of this header, by the dictionary above. A column is used once; nothing else is guessed."""
    return guess_columns({item.name: item.metadata["names"] for item in column_fields(GenericRow)}, header)


def fields() -> list[dict[str, Any]]:
    """The fields a clerk may choose columns for: code, label, required, names (as core.intake.Field takes them)."""
    return [
        {
            "code": item.name,
            "label": item.metadata["names"][0],
            "required": item.metadata["required"],
            "names": item.metadata["names"][1:],
        }
        for item in column_fields(GenericRow)
    ]


def read(table: Table, mapping: Mapping[str, str]) -> list[GenericRow]:
    """Rows of a table. Where line columns are numbered (商品コード1, 数量1, 商品コード2 …) each number is a line."""
    places = {
        name: table.header.index(column_) for name, column_ in mapping.items() if column_ in table.header
    }
    views = [places, *_further_lines(table.header, mapping, places)]
    if len(views) == 1:
        return rows_at(table, GenericRow, places)
    parts = [rows_at(table, GenericRow, view) for view in views]
    known = {table.header[index] for view in views for index in view.values()}
    found = []
    for row in zip(*parts, strict=True):
        for number, line in enumerate(row):
            if number == 0 or any(getattr(line, name) for name in ("sku", "jan", "name", "quantity")):
                extra = {name: value for name, value in line.extra.items() if name not in known}
                found.append(_with_extra(line, extra))
    return found


def _with_extra(row: GenericRow, extra: dict[str, str]) -> GenericRow:
    values = [getattr(row, item.name) for item in column_fields(GenericRow)]
    return GenericRow(row.file, row.line, extra, row.headers, *values)


def _further_lines(
    header: Sequence[str], mapping: Mapping[str, str], places: Mapping[str, int]
) -> list[dict[str, int]]:
    """Views on 商品コード2, 数量2 …, when the mapped columns are 商品コード1, 数量1 …."""
    numbered = {
        name: column_ for name, column_ in mapping.items() if name in LINE_FIELDS and column_.endswith("1")
    }
    if "quantity" not in numbered:
        return []
    views = []
    number = 2
    while (again := f"{numbered['quantity'][:-1]}{number}") in header:
        view = {name: index for name, index in places.items() if name not in LINE_FIELDS}
        for name, column_ in numbered.items():
            if (other := f"{column_[:-1]}{number}") in header:
                view[name] = header.index(other)
        view["quantity"] = header.index(again)
        views.append(view)
        number += 1
    return views
