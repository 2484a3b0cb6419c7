"""A BASE order file from drafts (CP932, the newer form), for the demo shop, tests and benchmarks."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.channels.words.writing import csv_bytes, local, two
from akinai.orders.ports import Address, LineDraft, OrderDraft

OLDER_HEADER = (
    "注文ID", "注文日時", "氏(請求先)", "名(請求先)", "郵便番号(請求先)", "都道府県(請求先)", "住所(請求先)", "住所2(請求先)",
    "電話番号(請求先)", "メールアドレス(請求先)", "氏(配送先)", "名(配送先)", "郵便番号(配送先)", "都道府県(配送先)",
    "住所(配送先)", "住所2(配送先)", "電話番号(配送先)", "備考", "商品名", "バリエーション", "価格", "税率", "数量", "合計金額",
    "送料", "支払い方法", "代引き手数料", "発送状況", "商品ID", "種類ID", "購入元", "配送日", "配送時間帯", "注文メモ", "調整金額",
)  # fmt: skip
HEADER = (*OLDER_HEADER, "商品コード", "種類コード", "JAN / GTIN")
_STATUS = {
    "open": "未対応",
    "hold": "一部対応",
    "shipped": "対応済",
    "cancelled": "キャンセル",
    "returned": "キャンセル",
}
Cells = dict[str, str | int]


def write(orders: Sequence[OrderDraft], *, header: Sequence[str] = HEADER) -> bytes:
    """The file for these orders. Discounts and points have no column of their own; 調整金額 carries them."""
    rows = (_row(order, line) for order in orders for line in order.lines)
    return csv_bytes(header, rows, encoding="cp932", quote_all=True)


def _row(order: OrderDraft, line: LineDraft) -> Cells:
    is_unpaid = order.mall_status == "open" and not order.payment_settled
    others = (*line.alternative_codes, "", "")
    return {
        "注文ID": order.channel_order_no,
        "注文日時": local(order.ordered_at).strftime("%Y-%m-%d %H:%M:%S"),
        **_person("請求先", order.buyer),
        **_person("配送先", order.ship_to),
        "メールアドレス(請求先)": order.buyer.email,
        "備考": order.customer_note,
        "商品名": line.name,
        "バリエーション": line.options,
        "価格": line.unit_price_yen,
        "税率": f"{line.tax_rate}%",
        "数量": line.quantity,
        "合計金額": order.total_yen,
        "送料": order.shipping_yen,
        "支払い方法": order.payment_label,
        "代引き手数料": order.cod_fee_yen,
        "発送状況": "未入金" if is_unpaid and order.payment != "cod" else _STATUS[order.mall_status],
        "商品ID": others[1],
        "種類ID": others[0],
        "購入元": "ショップ",
        "配送日": str(order.delivery_on or ""),
        "配送時間帯": _slot(order.delivery_slot),
        "注文メモ": order.shop_note,
        "調整金額": order.adjustment_yen - order.discount_yen - order.points_yen or "",
        "種類コード": line.sku_code,
        "JAN / GTIN": line.jan,
    }


def _person(who: str, address: Address) -> Cells:
    last, first = two(address.name)
    return {
        f"氏({who})": last,
        f"名({who})": first,
        f"郵便番号({who})": address.postal_code,
        f"都道府県({who})": address.prefecture,
        f"住所({who})": address.city + address.line1,
        f"住所2({who})": address.line2,
        f"電話番号({who})": address.phone,
    }


def _slot(code: str) -> str:
    return "午前中" if code == "am" else f"{code[:2]}:00-{code[2:]}:00" if code else ""
