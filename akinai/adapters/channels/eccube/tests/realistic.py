"""EC-CUBE 4 order exports from sales: 70 columns, a row for every 明細区分 (商品, 送料, 手数料, 割引, ポイント)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from akinai.adapters.channels.eccube.writer import HEADER
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import Person, Sale, Sold
from akinai.adapters.channels.words.places import PREFECTURES

PAYS = {
    "card": "クレジットカード決済", "cod": "代金引換", "bank": "銀行振込", "convenience": "コンビニ決済", "deferred": "NP後払い",
}  # fmt: skip
STATUSES = {
    "open": ("1", "新規受付"), "hold": ("7", "決済処理中"), "shipped": ("5", "発送済み"), "cancelled": ("3", "注文取消し"),
    "returned": ("9", "返品"),
}  # fmt: skip
SLOTS = {
    "": "",
    "am": "午前中",
    "1416": "14:00～16:00",
    "1618": "16時～18時",
    "1820": "18-20時",
    "1921": "19:00-21:00",
}
KINDS = {"1": "商品", "2": "送料", "3": "手数料", "4": "割引", "6": "ポイント"}


def shops_own(sales: Sequence[Sale]) -> list[Sale]:
    """Prices as EC-CUBE holds them: without tax in the row, with tax (half up) in the sums; coupons are of the shop."""
    made = []
    for sale in sales:
        own = replace(sale, lines=tuple(_taxed(line) for line in sale.lines), mall_coupon=0)
        coupon = min(sale.coupon + sale.mall_coupon, own.goods)
        made.append(replace(own, coupon=coupon, points=min(sale.points, own.goods - coupon)))
    return made


def _taxed(line: Sold) -> Sold:
    bare = max(line.price * 100 // (100 + line.rate), min(line.price, 1))
    return replace(line, bare=bare, price=bare + (bare * line.rate + 50) // 100)


def file(sales: Sequence[Sale], **how: Any) -> bytes:
    return csv_file(HEADER, rows(sales), **how)


def rows(sales: Sequence[Sale]) -> list[dict[str, object]]:
    return [row for nth, sale in enumerate(sales, 1) for row in order_rows(sale, nth)]


def order_rows(sale: Sale, nth: int = 1) -> list[dict[str, object]]:
    shared = _order(sale, nth) | _person("", sale.buyer) | {"メールアドレス": sale.buyer.email}
    made = [
        shared | _shipment(sale, at, nth) | _product(line, nth * 100 + at)
        for at, line in enumerate(sale.lines)
    ]
    rest = [("2", "送料", sale.shipping), ("3", "手数料", sale.cod_fee + sale.fee), ("4", "割引", -sale.coupon),
            ("6", "ポイント", -sale.points)]  # fmt: skip
    for at, (kind, name, price) in enumerate(rest, len(sale.lines)):
        if price:
            place = _shipment(sale, 0, nth) if kind == "2" else {}
            made.append(
                shared
                | place
                | _row(kind, nth * 100 + at)
                | {"商品名": name, "価格": price, "個数": 1, "税率": 10}
            )
    return made


def _order(sale: Sale, nth: int) -> dict[str, object]:
    status, status_name = STATUSES[sale.status]
    if sale.status == "open" and sale.settled and sale.pay in ("bank", "convenience"):
        status, status_name = "6", "入金済み"
    moment = sale.at.strftime("%Y-%m-%d %H:%M:%S")
    return {
        "注文ID": nth, "注文番号": sale.number, "ショップ用メモ欄": "", "小計": sale.goods, "値引き": sale.coupon + sale.points,
        "送料": sale.shipping, "税金": 0, "合計": sale.total, "支払合計": sale.total, "対応状況(ID)": status,
        "対応状況(名称)": status_name, "支払方法(名称)": PAYS[sale.pay], "受注日": moment,
        "入金日": moment if sale.settled else "", "性別(ID)": "", "誕生日": "",
    }  # fmt: skip


def _person(prefix: str, person: Person) -> dict[str, object]:
    return {
        f"{prefix}お名前(姓)": person.last, f"{prefix}お名前(名)": person.first, f"{prefix}お名前(セイ)": person.last_kana,
        f"{prefix}お名前(メイ)": person.first_kana, f"{prefix}会社名": person.company, f"{prefix}郵便番号": person.postal,
        f"{prefix}都道府県(ID)": PREFECTURES.index(person.prefecture) + 1, f"{prefix}都道府県(名称)": person.prefecture,
        f"{prefix}住所1": person.city, f"{prefix}住所2": f"{person.street} {person.building}".strip(),
        f"{prefix}TEL": person.phone.replace("-", ""),
    }  # fmt: skip


def _shipment(sale: Sale, at: int, nth: int) -> dict[str, object]:
    sent = sale.at.strftime("%Y-%m-%d 12:00:00") if sale.status == "shipped" else ""
    return _person("配送先_", sale.destination(at)) | {
        "出荷ID": nth * 10 + min(at, len(sale.others)), "配送業者(名称)": "ヤマト運輸", "お届け時間(名称)": SLOTS[sale.slot],
        "お届け希望日": f"{sale.on} 00:00:00" if sale.on else "", "送料_2": sale.shipping, "発送日": sent,
        "出荷伝票番号": "123456789013" if sent else "", "配達用メモ": sale.note,
    }  # fmt: skip


def _product(line: Sold, detail: int) -> dict[str, object]:
    named = dict(pair.split(":", 1) for pair in line.options.split("\n") if pair)
    names, choices = [*named, "", ""], [*named.values(), "", ""]
    return _row("1", detail) | {
        "商品ID": "12", "商品規格ID": "34", "商品名": line.name, "商品コード": line.code, "規格名1": names[0], "規格名2": names[1],
        "規格分類名1": choices[0], "規格分類名2": choices[1], "価格": line.bare if line.bare is not None else line.price,
        "個数": line.quantity, "税率": line.rate, "税率ルール(ID)": "1",
    }  # fmt: skip


def _row(kind: str, detail: int) -> dict[str, object]:
    return {"注文詳細ID": detail, "明細区分(ID)": kind, "明細区分(名称)": KINDS[kind]}
