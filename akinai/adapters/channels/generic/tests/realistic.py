"""Files of carts without a door of their own: カラーミー (named by its real columns), MakeShop, and a shop's own Excel."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

import openpyxl

from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import Sale

COLORME = (
    "売上ID", "受注日", "PC・携帯区分", "決済方法", "入金状態", "発送状態", "発送日時", "商品の合計金額(税込)", "消費税(商品合計に対する)", "送料合計",
    "決済手数料", "割引名称", "割引金額", "ショップポイントによる割引金額", "外部ポイントによる割引金額", "総合計金額", "備考", "購入者 顧客ID", "購入者 名前",
    "購入者 フリガナ", "購入者 郵便番号", "購入者 都道府県", "購入者 住所", "購入者 メールアドレス", "購入者 電話番号", "購入者 携帯番号", "配送先ID", "配送先 名前",
    "配送先 フリガナ", "配送先 郵便番号", "配送先 都道府県名", "配送先 住所", "配送先 電話番号", "配送先 配送会社名", "配送先 希望配送日", "配送先 希望配送時間帯",
    "配送先 備考", "売上詳細ID", "購入商品 商品ID", "購入商品 型番", "購入商品 商品名", "購入商品 販売価格(消費税込)", "購入商品 販売個数", "購入商品 小計",
)  # fmt: skip
MAKESHOP = (
    "注文番号", "日付", "注文時間", "処理状況", "支払方法", "入金状況", "注文者氏名", "注文者郵便番号", "注文者都道府県", "注文者住所1", "注文者住所2", "注文者電話番号",
    "注文者メールアドレス", "お届け先氏名", "お届け先郵便番号", "お届け先都道府県", "お届け先住所1", "お届け先住所2", "お届け先電話番号", "配送希望日", "配送希望時間",
    "独自商品コード", "商品名", "オプション", "数量", "販売価格", "小計", "送料", "手数料", "値引", "ポイント利用額", "合計金額", "備考", "JANコード",
)  # fmt: skip
PAYS = {
    "card": "クレジットカード", "cod": "代金引換", "bank": "銀行振込", "convenience": "コンビニ決済", "wallet": "PayPay", "deferred": "後払い",
}  # fmt: skip
SLOTS = {
    "": "指定なし",
    "am": "午前中",
    "1416": "14時～16時",
    "1618": "16時～18時",
    "1820": "18時～20時",
    "1921": "19時～21時",
}


def colorme(sales: Sequence[Sale], **how: Any) -> bytes:
    rows = [row for nth, sale in enumerate(sales, 1) for row in _colorme_rows(sale, nth)]
    return csv_file(COLORME, rows, **how)


def _colorme_rows(sale: Sale, nth: int) -> list[dict[str, object]]:
    shared = {
        "売上ID": sale.number, "受注日": sale.at.strftime("%Y-%m-%d %H:%M:%S"), "PC・携帯区分": "PC", "決済方法": PAYS[sale.pay],
        "入金状態": "入金済" if sale.settled else "未入金", "発送状態": "発送済" if sale.status == "shipped" else "未発送",
        "商品の合計金額(税込)": sale.goods, "消費税(商品合計に対する)": sale.goods * 10 // 110, "送料合計": sale.shipping,
        "決済手数料": sale.cod_fee + sale.fee, "割引金額": sale.discount, "ショップポイントによる割引金額": sale.points // 2,
        "外部ポイントによる割引金額": sale.points - sale.points // 2, "総合計金額": sale.total, "備考": sale.note,
        "購入者 名前": sale.buyer.name, "購入者 フリガナ": sale.buyer.kana, "購入者 郵便番号": sale.buyer.zip_hyphen,
        "購入者 都道府県": sale.buyer.prefecture, "購入者 住所": f"{sale.buyer.city}{sale.buyer.street}{sale.buyer.building}",
        "購入者 メールアドレス": sale.buyer.email, "購入者 電話番号": sale.buyer.phone, "配送先ID": nth, "配送先 名前": sale.to.name,
        "配送先 フリガナ": sale.to.kana, "配送先 郵便番号": sale.to.zip_hyphen, "配送先 都道府県名": sale.to.prefecture,
        "配送先 住所": f"{sale.to.city}{sale.to.street}{sale.to.building}", "配送先 電話番号": sale.to.phone,
        "配送先 配送会社名": "ヤマト運輸", "配送先 希望配送日": str(sale.on or ""), "配送先 希望配送時間帯": SLOTS[sale.slot],
    }  # fmt: skip
    return [
        shared | {
            "売上詳細ID": nth * 100 + at, "購入商品 商品ID": 77, "購入商品 型番": line.code, "購入商品 商品名": line.name,
            "購入商品 販売価格(消費税込)": line.price, "購入商品 販売個数": line.quantity, "購入商品 小計": line.amount,
        }
        for at, line in enumerate(sale.lines)
    ]  # fmt: skip


def makeshop_rows(sales: Sequence[Sale]) -> list[dict[str, object]]:
    return [row for sale in sales for row in _makeshop_rows(sale)]


def _makeshop_rows(sale: Sale) -> list[dict[str, object]]:
    clock = str(int(sale.at.strftime("%H%M%S")))  # 9:33:09 is written 93309
    shared = {
        "注文番号": sale.number, "日付": f"{sale.at.year}/{sale.at.month}/{sale.at.day}", "注文時間": clock,
        "処理状況": {"shipped": "配送", "cancelled": "注文キャンセル"}.get(sale.status, "未処理"), "支払方法": PAYS[sale.pay],
        "入金状況": "入金済み" if sale.settled else "未入金", "注文者氏名": sale.buyer.name, "注文者郵便番号": sale.buyer.postal,
        "注文者都道府県": sale.buyer.prefecture, "注文者住所1": sale.buyer.city + sale.buyer.street,
        "注文者住所2": sale.buyer.building, "注文者電話番号": sale.buyer.phone, "注文者メールアドレス": sale.buyer.email,
        "お届け先氏名": sale.to.name, "お届け先郵便番号": sale.to.postal, "お届け先都道府県": sale.to.prefecture,
        "お届け先住所1": sale.to.city + sale.to.street, "お届け先住所2": sale.to.building, "お届け先電話番号": sale.to.phone,
        "配送希望日": str(sale.on or ""), "配送希望時間": SLOTS[sale.slot], "送料": sale.shipping,
        "手数料": sale.cod_fee + sale.fee, "値引": sale.discount, "ポイント利用額": sale.points, "合計金額": sale.total,
        "備考": sale.note,
    }  # fmt: skip
    return [
        shared | {
            "独自商品コード": line.code, "商品名": line.name, "オプション": line.options, "数量": line.quantity, "販売価格": line.price,
            "小計": line.amount, "JANコード": line.jan,
        }
        for line in sale.lines
    ]  # fmt: skip


def workbook(
    header: Sequence[str], rows: Sequence[dict[str, object]], *, titles: int = 0, sheets: Sequence[str] = ()
) -> bytes:
    """An Excel file as people keep it: sheets before it, merged title rows above it, numbers as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name in sheets:
        page = book.create_sheet(name)
        page.append(["このシートは説明です", "", "更新日", "2026/11/20"])
        page.append(["担当", "佐藤"])
    sheet = book.create_sheet("受注")
    for nth in range(titles):
        sheet.append([f"受注一覧表（{nth + 1}）"])
        sheet.merge_cells(start_row=nth + 1, start_column=1, end_row=nth + 1, end_column=6)
    sheet.append(list(header))
    for row in rows:
        sheet.append([row.get(name, "") for name in header])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
