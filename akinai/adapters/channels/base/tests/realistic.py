"""BASE order exports from sales: one row per item, the order repeated; newer exports have codes and JAN."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from akinai.adapters.channels.base.writer import HEADER
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import Person, Sale, Sold

OLDER = tuple(name for name in HEADER if name not in ("商品コード", "種類コード", "JAN / GTIN"))
PAYS = {
    "card": "クレジットカード決済", "cod": "代金引換", "bank": "銀行振込決済（BASE口座）", "convenience": "コンビニ決済・Pay-easy",
    "wallet": "Amazon Pay", "deferred": "後払い決済",
}  # fmt: skip
STATUSES = {"open": "未対応", "hold": "一部対応", "shipped": "対応済", "cancelled": "キャンセル"}
SLOTS = {
    "": "",
    "am": "午前中",
    "1416": "14時〜16時",
    "1618": "16:00〜18:00",
    "1820": "18時〜20時",
    "1921": "19:00~21:00",
}


def file(sales: Sequence[Sale], *, header: Sequence[str] = HEADER, **how: Any) -> bytes:
    return csv_file(header, rows(sales), **{"quote_all": True, **how})


def rows(sales: Sequence[Sale]) -> list[dict[str, object]]:
    return [row for sale in sales for row in order_rows(sale)]


def order_rows(sale: Sale) -> list[dict[str, object]]:
    shared = _order(sale) | _person("請求先", sale.buyer)
    return [
        shared | _person("配送先", sale.destination(at)) | _item(line, at)
        for at, line in enumerate(sale.lines)
    ]


def _order(sale: Sale) -> dict[str, object]:
    waits = sale.status == "open" and not sale.settled and sale.pay in ("bank", "convenience")
    return {
        "注文ID": sale.number, "注文日時": sale.at.strftime("%Y-%m-%d %H:%M:%S"), "メールアドレス(請求先)": sale.buyer.email,
        "備考": sale.note, "合計金額": sale.total, "送料": sale.shipping, "支払い方法": PAYS[sale.pay],
        "代引き手数料": sale.cod_fee, "発送状況": "入金待ち" if waits else STATUSES[sale.status], "購入元": "ショップ",
        "配送日": str(sale.on or ""), "配送時間帯": SLOTS[sale.slot], "注文メモ": "", "調整金額": -sale.coupon or 0,
    }  # fmt: skip


def _person(who: str, person: Person) -> dict[str, object]:
    return {
        f"氏({who})": person.last, f"名({who})": person.first, f"郵便番号({who})": person.postal,
        f"都道府県({who})": person.prefecture, f"住所({who})": f"{person.city}{person.street}", f"住所2({who})": person.building,
        f"電話番号({who})": person.phone.replace("-", ""),
    }  # fmt: skip


def _item(line: Sold, at: int) -> dict[str, object]:
    return {
        "商品名": line.name, "バリエーション": line.options, "価格": line.price, "税率": f"{line.rate}%", "数量": line.quantity,
        "商品ID": 9_000_000 + at, "種類ID": "", "商品コード": line.code, "種類コード": "", "JAN / GTIN": line.jan,
    }  # fmt: skip
