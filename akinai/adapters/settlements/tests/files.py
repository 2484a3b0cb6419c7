"""One payout of every provider, as its file tells it: sales 1,080 and 2,160, a fee on each, and what else is usual."""

from __future__ import annotations

from collections.abc import Sequence

from akinai.adapters.settlements.writing import table

RAKUTEN = (
    "注文番号",
    "決済日",
    "決済金額",
    "ポイント利用額",
    "決済手数料",
    "精算金額",
    "入金日",
    "精算番号",
    "振込金額",
)
YAHOO = ("利用日", "注文ID", "利用項目", "備考", "金額(税込)", "振込日", "明細番号")
PAYPAY = (
    "取引番号",
    "加盟店ID",
    "取引ステータス",
    "取引日時",
    "取引金額",
    "手数料",
    "入金額",
    "入金日",
    "加盟店決済ID",
)
STRIPE = (
    "automatic_payout_id", "automatic_payout_effective_at", "balance_transaction_id", "created", "currency", "gross", "fee",
    "net", "reporting_category", "source_id", "description", "charge_id", "payment_intent_id", "payment_metadata[order_no]",
)  # fmt: skip
AMAZON = (
    "settlement-id", "settlement-start-date", "settlement-end-date", "deposit-date", "total-amount", "currency",
    "transaction-type", "order-id", "merchant-order-id", "adjustment-id", "shipment-id", "marketplace-name", "amount-type",
    "amount-description", "amount", "fulfillment-id", "posted-date", "posted-date-time", "order-item-code",
    "merchant-order-item-id", "merchant-adjustment-item-id", "sku", "quantity-purchased", "promotion-id",
)  # fmt: skip
PAYPAL = (
    "日付", "時間", "タイムゾーン", "名前", "タイプ", "ステータス", "通貨", "合計", "手数料", "正味", "取引ID", "請求書番号", "残高への影響",
)  # fmt: skip
COLLECT = ("代引金額", "代引手数料", "印紙代", "差引金額", "入金日", "お客様管理番号")


def rakuten(
    *rows: Sequence[object], paid_on: str = "2026/11/20", number: str = "R-1", total: object = ""
) -> bytes:
    """Each row: order number, sale, points, fee, net."""
    told = [
        (no, "2026/11/10", sale, points, fee, net, paid_on, number, total)
        for no, sale, points, fee, net in rows
    ]
    return table(RAKUTEN, told)


def yahoo(*rows: tuple[str, str, int], paid_on: str = "2026/11/20", number: str = "Y-1") -> bytes:
    """Each row: order number, 利用項目, amount."""
    return table(YAHOO, [("2026/11/10", no, item, "", yen, paid_on, number) for no, item, yen in rows])


def paypay(*rows: tuple[str, str, int, int], paid_on: str = "2026/11/20", status: str = "取引完了") -> bytes:
    """Each row: transaction number, our order number, amount, fee."""
    told = [
        (ref, "12345", status, "2026/11/10 19:00:00", yen, fee, yen - fee, paid_on, no)
        for ref, no, yen, fee in rows
    ]
    return table(PAYPAY, told, encoding="utf-8-sig")


def stripe(
    *rows: tuple[str, str, int, int, str, str],
    payout: str = "po_1",
    on: str = "2026-11-20 00:00:00",
    currency: str = "jpy",
) -> bytes:
    """Each row: balance transaction, category, gross, fee, payment intent, our order number."""
    told = [
        (payout, on, txn, "2026-11-10 12:00:00", currency, gross, fee, gross - fee, category, f"ch_{txn}", "", f"ch_{txn}",
         intent, no)
        for txn, category, gross, fee, intent, no in rows
    ]  # fmt: skip
    return table(STRIPE, told, encoding="utf-8")


def amazon(
    *rows: tuple[str, str, str, str, str], total: str, number: str = "11223344", currency: str = "JPY"
) -> bytes:
    """Each row: transaction type, order number, amount type, description, amount."""
    head = (
        number,
        "2026-11-01 00:00:00 UTC",
        "2026-11-15 00:00:00 UTC",
        "2026-11-20 00:00:00 UTC",
        total,
        currency,
    )
    told: list[Sequence[object]] = [(*head, *[""] * 18)]
    for sort, no, kind, what, amount in rows:
        told.append(
            (number, "", "", "", "", "", sort, no, "", "", "", "Amazon.co.jp", kind, what, amount, "AFN", "2026-11-10", "", "",
             "", "", "TEA-1", "1", "")
        )  # fmt: skip
    return table(AMAZON, told, encoding="utf-8", tab=True)


def paypal(
    *rows: tuple[str, str, int, int, str, str], currency: str = "JPY", on: str = "2026/11/10"
) -> bytes:
    """Each row: type, transaction, gross, fee (below 0), our order number, time."""
    told = [
        (
            on,
            time,
            "JST",
            "",
            sort,
            "完了",
            currency,
            gross,
            fee,
            gross + fee,
            txn,
            no,
            "入金" if gross > 0 else "引落し",
        )
        for sort, txn, gross, fee, no, time in rows
    ]
    return table(PAYPAL, told, encoding="utf-8")


def collect(number_column: str, *rows: tuple[str, int, int, int, str], paid_on: str = "2026/11/20") -> bytes:
    """Each row: tracking number, collected, fee, stamp, our order number."""
    told = [
        (tracking, yen, fee, stamp or "", yen - fee - stamp, paid_on, no)
        for tracking, yen, fee, stamp, no in rows
    ]
    return table((number_column, *COLLECT), told)
