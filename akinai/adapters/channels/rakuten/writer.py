"""A RMS order file from drafts (158 columns, CP932), as the demo shop, tests and benchmarks need it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from akinai.adapters.channels.words.writing import csv_bytes, local, three, two
from akinai.orders.ports import Address, LineDraft, OrderDraft

HEADER = (
    "注文番号", "ステータス", "サブステータスID", "サブステータス", "注文日時", "注文日", "注文時間", "キャンセル期限日", "注文確認日時", "注文確定日時",
    "発送指示日時", "発送完了報告日時", "支払方法名", "クレジットカード支払い方法", "クレジットカード支払い回数", "配送方法", "配送区分", "注文種別", "複数送付先フラグ",
    "送付先一致フラグ", "離島フラグ", "楽天確認中フラグ", "警告表示タイプ", "楽天会員フラグ", "購入履歴修正有無フラグ", "商品合計金額", "消費税合計", "送料合計",
    "代引料合計", "請求金額", "合計金額", "ポイント利用額", "クーポン利用総額", "店舗発行クーポン利用額", "楽天発行クーポン利用額", "注文者郵便番号1", "注文者郵便番号2",
    "注文者住所都道府県", "注文者住所郡市区", "注文者住所それ以降の住所", "注文者姓", "注文者名", "注文者姓カナ", "注文者名カナ", "注文者電話番号1", "注文者電話番号2",
    "注文者電話番号3", "注文者メールアドレス", "注文者性別", "申込番号", "申込お届け回数", "送付先ID", "送付先送料", "送付先代引料", "送付先消費税合計",
    "送付先商品合計金額", "送付先合計金額", "のし", "送付先郵便番号1", "送付先郵便番号2", "送付先住所都道府県", "送付先住所郡市区", "送付先住所それ以降の住所", "送付先姓",
    "送付先名", "送付先姓カナ", "送付先名カナ", "送付先電話番号1", "送付先電話番号2", "送付先電話番号3", "商品明細ID", "商品ID", "商品名", "商品番号",
    "商品管理番号", "単価", "個数", "送料込別", "税込別", "代引手数料込別", "項目・選択肢", "ポイント倍率", "納期情報", "在庫タイプ", "ラッピングタイトル1",
    "ラッピング名1", "ラッピング料金1", "ラッピング税込別1", "ラッピング種類1", "ラッピングタイトル2", "ラッピング名2", "ラッピング料金2", "ラッピング税込別2",
    "ラッピング種類2", "お届け時間帯", "お届け日指定", "担当者", "ひとことメモ", "メール差込文 (お客様へのメッセージ)", "ギフト配送希望", "コメント", "利用端末",
    "メールキャリアコード", "あす楽希望フラグ", "医薬品受注フラグ", "楽天スーパーDEAL商品受注フラグ", "メンバーシッププログラム受注タイプ", "決済手数料", "注文者負担金合計",
    "店舗負担金合計", "外税合計", "決済手数料税率", "ラッピング税率1", "ラッピング税額1", "ラッピング税率2", "ラッピング税額2", "送付先外税合計", "送付先送料税率",
    "送付先代引料税率", "商品税率", "商品毎税込価格", "10%税率", "10%請求金額", "10%請求額に対する税額", "10%合計金額", "10%決済手数料", "10%クーポン割引額",
    "10%利用ポイント数", "8%税率", "8%請求金額", "8%請求額に対する税額", "8%合計金額", "8%決済手数料", "8%クーポン割引額", "8%利用ポイント数", "0%税率",
    "0%請求金額", "0%請求額に対する税額", "0%合計金額", "0%決済手数料", "0%クーポン割引額", "0%利用ポイント数", "単品配送フラグ", "購入時配送会社",
    "領収書発行回数", "領収書初回発行日時", "領収書最終発行日時", "支払い期限日", "支払い方法変更期限日", "返金手続き期限日", "店舗発行クーポンコード", "店舗発行クーポン名",
    "楽天発行クーポンコード", "楽天発行クーポン名", "警告表示タイプ詳細", "SKU管理番号", "システム連携用SKU番号", "SKU情報",
)  # fmt: skip
_STATUS = {"open": "300", "hold": "400", "shipped": "500", "returned": "700", "cancelled": "900"}
_CARRIER = {"yamato": "1001", "sagawa": "1002", "japanpost": "1003", "": "1000"}
_SLOT = {"am": "1"}


def write(orders: Sequence[OrderDraft]) -> bytes:
    """The file for these orders. What RMS has no column for (a second address line, companies) is left out."""
    rows = (row for at, order in enumerate(orders, 1) for row in _rows(order, at))
    return csv_bytes(HEADER, rows, encoding="cp932", quote_all=True)


def _rows(order: OrderDraft, at: int) -> Iterable[dict[str, str | int]]:
    shared = (
        _order(order, at) | _person("注文者", order.buyer) | _person("送付先", order.ship_to) | _taxes(order)
    )
    for line in order.lines:
        yield shared | _line(line)


def _order(order: OrderDraft, at: int) -> dict[str, str | int]:
    moment = local(order.ordered_at)
    status = (
        "100" if order.mall_status == "open" and not order.payment_settled else _STATUS[order.mall_status]
    )
    return {
        "注文番号": order.channel_order_no,
        "ステータス": status,
        "注文日時": moment.strftime("%Y-%m-%d %H:%M:%S"),
        "注文日": moment.strftime("%Y-%m-%d"),
        "注文時間": moment.strftime("%H:%M:%S"),
        "発送完了報告日時": f"{order.shipped_on} 12:00:00" if order.shipped_on else "",
        "支払方法名": order.payment_label,
        "配送方法": order.delivery_method,
        "複数送付先フラグ": "0",
        "離島フラグ": "1" if order.is_remote_island else "0",
        "楽天確認中フラグ": "0",
        "警告表示タイプ": "0",
        "商品合計金額": order.goods_yen,
        "消費税合計": "0",
        "送料合計": order.shipping_yen,
        "代引料合計": order.cod_fee_yen,
        "請求金額": order.total_yen,
        "合計金額": order.goods_yen + order.shipping_yen,
        "ポイント利用額": order.points_yen or "",
        "クーポン利用総額": order.discount_yen,
        "店舗発行クーポン利用額": order.discount_yen,
        "楽天発行クーポン利用額": "0",
        "送付先ID": order.ship_to_id or 700_000_000 + at,
        "送付先送料": order.shipping_yen,
        "送付先代引料": order.cod_fee_yen,
        "送付先商品合計金額": order.goods_yen,
        "のし": order.gift_note,
        "お届け時間帯": _SLOT.get(order.delivery_slot, order.delivery_slot),
        "お届け日指定": str(order.delivery_on or ""),
        "ひとことメモ": order.shop_note,
        "ギフト配送希望": "1" if order.gift_note else "0",
        "コメント": order.customer_note,
        "決済手数料": order.payment_fee_yen,
        "注文者負担金合計": order.adjustment_yen,
        "外税合計": order.outer_tax_yen,
        "ラッピング料金1": order.wrapping_yen or "",
        "ラッピング税込別1": "1" if order.wrapping_yen else "",
        "購入時配送会社": _CARRIER.get(order.carrier, "1000"),
    }


def _person(who: str, address: Address) -> dict[str, str | int]:
    last, first = two(address.name)
    last_kana, first_kana = two(address.kana)
    phone = three(address.phone)
    cells: dict[str, str | int] = {
        f"{who}郵便番号1": address.postal_code[:3],
        f"{who}郵便番号2": address.postal_code[3:],
        f"{who}住所都道府県": address.prefecture,
        f"{who}住所郡市区": address.city,
        f"{who}住所それ以降の住所": address.line1 + address.line2,
        f"{who}姓": last,
        f"{who}名": first,
        f"{who}姓カナ": last_kana,
        f"{who}名カナ": first_kana,
        "注文者メールアドレス": address.email,
        **{f"{who}電話番号{number}": piece for number, piece in enumerate(phone, 1)},
    }
    return cells if who == "注文者" else {name: cell for name, cell in cells.items() if name.startswith(who)}


def _line(line: LineDraft) -> dict[str, str | int]:
    others = (*line.alternative_codes, line.sku_code, line.sku_code)
    return {
        "商品明細ID": line.channel_line_no,
        "商品名": line.name,
        "商品番号": others[0],
        "商品管理番号": others[1],
        "単価": line.unit_price_yen,
        "個数": line.quantity,
        "送料込別": "0",
        "税込別": "1" if line.price_includes_tax else "0",
        "代引手数料込別": "0",
        "項目・選択肢": line.options,
        "商品税率": f"{line.tax_rate / 100:g}",
        "商品毎税込価格": line.unit_price_yen,
        "SKU管理番号": "normal-inventory",
        "システム連携用SKU番号": line.sku_code,
    }


def _taxes(order: OrderDraft) -> dict[str, str | int]:
    cells: dict[str, str | int] = {}
    for tax in order.taxes:
        cells[f"{tax.rate}%税率"] = f"{tax.rate / 100:g}"
        cells[f"{tax.rate}%請求金額"] = tax.charged_yen
        cells[f"{tax.rate}%請求額に対する税額"] = tax.tax_yen
    return cells
