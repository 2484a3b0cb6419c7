"""An EC-CUBE 4 order file from drafts (CP932), for the demo shop, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from akinai.adapters.channels.eccube.parser import DISCOUNT, FEE, GOODS, KINDS, POINTS, SHIPPING
from akinai.adapters.channels.words.writing import csv_bytes, local, two
from akinai.orders.ports import Address, LineDraft, OrderDraft

HEADER = (
    "注文ID", "注文番号", "会員ID", "お名前(姓)", "お名前(名)", "お名前(セイ)", "お名前(メイ)", "会社名", "郵便番号",
    "都道府県(ID)", "都道府県(名称)", "住所1", "住所2", "メールアドレス", "TEL", "性別(ID)", "性別(名称)", "職業(ID)",
    "職業(名称)", "誕生日", "ショップ用メモ欄", "小計", "値引き", "送料", "税金", "合計", "支払合計", "対応状況(ID)",
    "対応状況(名称)", "支払方法(ID)", "支払方法(名称)", "受注日", "入金日", "注文詳細ID", "商品ID", "商品規格ID", "商品名",
    "商品コード", "規格名1", "規格名2", "規格分類名1", "規格分類名2", "価格", "個数", "税率", "税率ルール(ID)",
    "明細区分(ID)", "明細区分(名称)", "出荷ID", "配送先_お名前(姓)", "配送先_お名前(名)", "配送先_お名前(セイ)",
    "配送先_お名前(メイ)", "配送先_会社名", "配送先_郵便番号", "配送先_都道府県(ID)", "配送先_都道府県(名称)", "配送先_住所1",
    "配送先_住所2", "配送先_TEL", "配送業者(ID)", "配送業者(名称)", "お届け時間ID", "お届け時間(名称)", "お届け希望日",
    "発送日", "出荷伝票番号", "配達用メモ", "出荷メール送信日",
)  # fmt: skip
_NAMES = {number: name for name, number in reversed(KINDS.items())}
_STATUS = {"open": ("1", "新規受付"), "hold": ("7", "決済処理中"), "shipped": ("5", "発送済み"),
           "cancelled": ("3", "注文取消し"), "returned": ("9", "返品")}  # fmt: skip
Cells = dict[str, str | int]


def write(orders: Sequence[OrderDraft]) -> bytes:
    """The file for these orders: goods first, then rows for 送料, 手数料, 割引 and ポイント."""
    rows = (row for at, order in enumerate(orders, 1) for row in _rows(order, at))
    return csv_bytes(HEADER, rows, encoding="cp932", quote_all=True)


def _rows(order: OrderDraft, at: int) -> Iterable[Cells]:
    shared = _order(order, at) | _person("", order.buyer) | _person("配送先_", order.ship_to)
    prices = _without_tax(order.lines)
    for line, price in zip(order.lines, prices, strict=True):
        yield shared | _kind(GOODS) | _line(line, price)
    others = {SHIPPING: order.shipping_yen, FEE: order.cod_fee_yen + order.payment_fee_yen,
              DISCOUNT: -order.discount_yen, POINTS: -order.points_yen}  # fmt: skip
    for number, (kind, amount) in enumerate(others.items(), 1):
        if amount:
            name = _NAMES[kind]
            yield (
                shared
                | _kind(kind)
                | {"注文詳細ID": f"{at}90{number}", "商品名": name, "価格": amount, "個数": 1, "税率": 10}
            )


def _kind(kind: str) -> Cells:
    return {"明細区分(ID)": kind, "明細区分(名称)": _NAMES[kind]}


def _order(order: OrderDraft, at: int) -> Cells:
    number, name = _STATUS[order.mall_status]
    return {
        "注文ID": at,
        "注文番号": order.channel_order_no,
        "ショップ用メモ欄": order.shop_note,
        "小計": order.goods_yen,
        "値引き": order.discount_yen + order.points_yen,
        "送料": order.shipping_yen,
        "合計": order.total_yen,
        "支払合計": order.total_yen,
        "対応状況(ID)": number,
        "対応状況(名称)": name,
        "支払方法(名称)": order.payment_label,
        "受注日": _moment(order.ordered_at),
        "入金日": _moment(order.paid_at) if order.paid_at else "",
        "出荷ID": order.ship_to_id or at,
        "配送業者(名称)": order.delivery_method,
        "お届け時間(名称)": _slot(order.delivery_slot),
        "お届け希望日": str(order.delivery_on or ""),
        "発送日": f"{order.shipped_on} 12:00:00" if order.shipped_on else "",
        "出荷伝票番号": order.tracking_no,
    }


def _moment(moment: datetime) -> str:
    return local(moment).strftime("%Y-%m-%d %H:%M:%S")


def _person(prefix: str, address: Address) -> Cells:
    last, first = two(address.name)
    last_kana, first_kana = two(address.kana)
    return {
        f"{prefix}お名前(姓)": last,
        f"{prefix}お名前(名)": first,
        f"{prefix}お名前(セイ)": last_kana,
        f"{prefix}お名前(メイ)": first_kana,
        f"{prefix}会社名": address.company,
        f"{prefix}郵便番号": address.postal_code,
        f"{prefix}都道府県(名称)": address.prefecture,
        f"{prefix}住所1": address.city + address.line1,
        f"{prefix}住所2": address.line2,
        f"{prefix}TEL": address.phone,
        **({} if prefix else {"メールアドレス": address.email}),
    }


def _line(line: LineDraft, price: int) -> Cells:
    return {
        "注文詳細ID": line.channel_line_no,
        "商品名": line.name,
        "商品コード": line.sku_code,
        "価格": price,
        "個数": line.quantity,
        "税率": line.tax_rate,
        "税率ルール(ID)": 1,
    }


def _without_tax(lines: Sequence[LineDraft]) -> list[int]:
    """税抜 prices that round (四捨五入) back to the 税込 ones; all 税込 when one of them cannot be reached."""
    found = []
    for line in lines:
        guess = line.unit_price_yen * 100 // (100 + line.tax_rate)
        fits = [
            p
            for p in (guess, guess + 1, guess - 1)
            if p + (p * line.tax_rate + 50) // 100 == line.unit_price_yen
        ]
        if not fits:
            return [line.unit_price_yen for line in lines]
        found.append(fits[0])
    return found


def _slot(code: str) -> str:
    return "午前中" if code == "am" else f"{int(code[:2])}時～{int(code[2:])}時" if code else ""
