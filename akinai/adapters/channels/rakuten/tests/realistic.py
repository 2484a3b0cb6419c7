"""RMS order files from sales, as RMS writes them: 158 columns, one row per line, the order repeated in each row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from akinai.adapters.channels.rakuten.writer import HEADER
from akinai.adapters.channels.tests.files import csv_file
from akinai.adapters.channels.tests.truth import Person, Sale, Sold

PAYS = {
    "card": "クレジットカード", "cod": "代金引換", "bank": "銀行振込", "convenience": "セブンイレブン（前払）",
    "wallet": "Apple Pay", "deferred": "後払い決済",
}  # fmt: skip
STATUSES = {"hold": "800", "shipped": "500", "cancelled": "900", "returned": "900"}
SLOTS = {"": "0", "am": "1"}
DATES = ("注文日時", "注文日", "注文確認日時", "注文確定日時", "お届け日指定")
ZEROS = (
    "注文者郵便番号1", "注文者郵便番号2", "注文者電話番号1", "注文者電話番号2", "注文者電話番号3",
    "送付先郵便番号1", "送付先郵便番号2", "送付先電話番号1", "送付先電話番号2", "送付先電話番号3",
)  # fmt: skip


def file(sales: Sequence[Sale], **how: Any) -> bytes:
    """The file; `how` as in `files.csv_file`. RMS quotes every cell."""
    return csv_file(HEADER, rows(sales), **{"quote_all": True, **how})


def rows(sales: Sequence[Sale]) -> list[dict[str, object]]:
    return [row for nth, sale in enumerate(sales, 1) for row in order_rows(sale, nth)]


def order_rows(sale: Sale, nth: int = 1) -> list[dict[str, object]]:
    shared = _order(sale) | _person("注文者", sale.buyer) | _taxes(sale)
    return [
        shared | _destination(sale, at, nth) | _line(line, nth * 1000 + at)
        for at, line in enumerate(sale.lines)
    ]


def _order(sale: Sale) -> dict[str, object]:
    moment = sale.at.strftime("%Y-%m-%d %H:%M:%S")
    later = sale.pay in ("cod", "deferred")
    status = STATUSES.get(sale.status) or ("300" if sale.settled or later else "100")
    return {
        "注文番号": sale.number, "ステータス": status, "注文日時": moment, "注文日": moment[:10], "注文時間": moment[11:],
        "注文確認日時": moment, "注文確定日時": moment if status == "300" else "", "支払方法名": PAYS[sale.pay],
        "発送完了報告日時": moment if status == "500" else "", "配送方法": "宅配便", "注文種別": "1",
        "複数送付先フラグ": "1" if sale.others else "0", "送付先一致フラグ": "1" if sale.buyer == sale.to else "0",
        "離島フラグ": "0", "楽天確認中フラグ": "0", "警告表示タイプ": "0", "楽天会員フラグ": "1",
        "購入履歴修正有無フラグ": "0", "商品合計金額": sale.goods, "消費税合計": "0", "送料合計": sale.shipping,
        "代引料合計": sale.cod_fee, "請求金額": sale.total, "合計金額": sale.goods + sale.shipping + sale.cod_fee,
        "ポイント利用額": sale.points or "", "クーポン利用総額": sale.discount, "店舗発行クーポン利用額": sale.coupon,
        "楽天発行クーポン利用額": sale.mall_coupon, "注文者性別": "", "お届け時間帯": SLOTS.get(sale.slot, sale.slot),
        "お届け日指定": str(sale.on or ""), "ギフト配送希望": "1" if sale.gift else "0", "のし": sale.gift,
        "コメント": f"[配送日時指定:]\n\n[備考:]\n{sale.note}" if sale.note else "[配送日時指定:]\n",
        "利用端末": "0", "決済手数料": sale.fee, "注文者負担金合計": "0", "店舗負担金合計": "0", "外税合計": "0",
        "決済手数料税率": "0.1", "ラッピング料金1": sale.wrapping or "", "ラッピング税込別1": "1" if sale.wrapping else "",
        "購入時配送会社": "1001", "あす楽希望フラグ": "0", "医薬品受注フラグ": "0",
    }  # fmt: skip


def _person(who: str, person: Person) -> dict[str, object]:
    phone = [*person.phone.split("-"), "", ""]
    return {
        f"{who}郵便番号1": person.postal[:3], f"{who}郵便番号2": person.postal[3:],
        f"{who}住所都道府県": person.prefecture, f"{who}住所郡市区": person.city,
        f"{who}住所それ以降の住所": f"{person.street} {person.building}".strip(), f"{who}姓": person.last,
        f"{who}名": person.first, f"{who}姓カナ": person.last_kana, f"{who}名カナ": person.first_kana,
        f"{who}電話番号1": phone[0], f"{who}電話番号2": phone[1], f"{who}電話番号3": phone[2],
    } | ({"注文者メールアドレス": person.email} if who == "注文者" else {})  # fmt: skip


def _destination(sale: Sale, at: int, nth: int) -> dict[str, object]:
    place = min(at, len(sale.others))
    return _person("送付先", sale.destination(at)) | {
        "送付先ID": str(900_000_000 + nth * 10 + place), "送付先送料": sale.shipping if place == 0 else 0,
        "送付先商品合計金額": sale.goods, "送付先送料税率": "0.1", "送付先代引料税率": "0.1",
    }  # fmt: skip


def _line(line: Sold, detail: int) -> dict[str, object]:
    return {
        "商品明細ID": str(710_000_000 + detail), "商品ID": "10000042", "商品名": line.name, "商品番号": "",
        "商品管理番号": line.code.lower(), "単価": line.bare if line.bare is not None else line.price,
        "個数": line.quantity, "送料込別": "0", "税込別": "0" if line.bare is not None else "1", "代引手数料込別": "0",
        "項目・選択肢": line.options, "ポイント倍率": "1", "在庫タイプ": "1", "商品税率": f"0.{line.rate:02d}".rstrip("0"),
        "商品毎税込価格": line.price, "単品配送フラグ": "0", "SKU管理番号": "normal-inventory",
        "システム連携用SKU番号": line.code, "SKU情報": "",
    }  # fmt: skip


def _taxes(sale: Sale) -> dict[str, object]:
    cells: dict[str, object] = {}
    for rate, amount in sale.charged().items():
        cells |= {
            f"{rate}%税率": f"{rate / 100:g}", f"{rate}%請求金額": amount,
            f"{rate}%請求額に対する税額": amount * rate // (100 + rate),
        }  # fmt: skip
    return cells
