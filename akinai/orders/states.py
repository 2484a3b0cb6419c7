"""States of an order (受注の状態) and the words used around them."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves
from akinai.orders.payment_methods import METHODS, PAID_LATER, PREPAID, SETTLED_BY_CHANNEL, PaymentKind

__all__ = [
    "DELIVERY_SLOTS",
    "GOOD_STOPS",
    "METHODS",
    "MOVES",
    "NOT_LEFT",
    "PAID_LATER",
    "PAYMENT_WORDS",
    "PREPAID",
    "SETTLED_BY_CHANNEL",
    "SUBSCRIPTION_MOVES",
    "TELLS_SETTLEMENT",
    "WAITING",
    "CheckAction",
    "CheckOutcome",
    "IntervalKind",
    "IssueCode",
    "OrderState",
    "PaymentKind",
    "Progress",
    "S",
    "SubscriptionState",
    "TurnState",
]


class OrderState(TextChoices):
    """受注状態. The order of the members is the order of the day's work."""

    ON_HOLD = "on_hold", "確認待ち"
    AWAITING_PAYMENT = "awaiting_payment", "入金待ち"
    AWAITING_STOCK = "awaiting_stock", "引当待ち"
    READY = "ready", "出荷待ち"
    PICKING = "picking", "出荷作業中"
    SHIPPED = "shipped", "出荷済"
    COMPLETED = "completed", "完了"
    CANCELLED = "cancelled", "キャンセル"


class Progress(TextChoices):
    """進み具合 beside the state. `exception` is a normal value: a person decides."""

    NONE = "none", "未"
    PARTIAL = "partial", "一部"
    DONE = "done", "済"
    SENT = "sent", "送付済"
    NOT_NEEDED = "not_needed", "不要"
    EXCEPTION = "exception", "要確認"


# Channels whose files say whether a card was authorised. Of all others a card order counts as settled, because a
# shop's own cart lists an order only when it has accepted it.
TELLS_SETTLEMENT = frozenset({"rakuten", "yahoo", "amazon", "shopify", "base", "phone", "own"})


class CheckAction(TextChoices):
    """要確認の規則がすること."""

    HOLD = "hold", "止める"
    WARN = "warn", "注意を出す"


class CheckOutcome(TextChoices):
    """その後: what became of an order that a rule would have stopped."""

    CANCELLED = "cancelled", "キャンセル"
    UNPAID = "unpaid", "未入金"
    RETURNED = "returned", "返品・受取拒否"
    CHANGED = "changed", "直して出荷"
    SHIPPED = "shipped", "そのまま出荷"
    OPEN = "open", "まだ途中"


GOOD_STOPS = (CheckOutcome.CANCELLED, CheckOutcome.UNPAID, CheckOutcome.RETURNED)


class IntervalKind(TextChoices):
    """お届けの間隔の種類."""

    DAYS = "days", "○日ごと"
    WEEKS = "weeks", "○週間ごと"
    MONTH_DAY = "month_day", "毎月○日"
    MONTH_WEEK = "month_week", "毎月第○曜日"


class SubscriptionState(TextChoices):
    """定期購入の状態."""

    ACTIVE = "active", "継続中"
    PAUSED = "paused", "休止中"
    ENDED = "ended", "終了"


SUBSCRIPTION_MOVES = moves(
    ("pause", {SubscriptionState.ACTIVE}, SubscriptionState.PAUSED),
    ("resume", {SubscriptionState.PAUSED}, SubscriptionState.ACTIVE),
    ("end", {SubscriptionState.ACTIVE, SubscriptionState.PAUSED}, SubscriptionState.ENDED),
)


class TurnState(TextChoices):
    """定期購入の回の状態."""

    MADE = "made", "受注済"
    SKIPPED = "skipped", "お休み"
    FAILED = "failed", "つくれない"


class IssueCode(TextChoices):
    """例外の種類: why a person must look at the order before it goes on."""

    UNKNOWN_SKU = "unknown_sku", "商品コード不明"
    TOTAL_MISMATCH = "total_mismatch", "合計金額の不一致"
    TAX_MISMATCH = "tax_mismatch", "税額の不一致"
    BAD_QUANTITY = "bad_quantity", "数量の異常"
    BAD_PRICE = "bad_price", "金額の異常"
    BAD_DATE = "bad_date", "日付の異常"
    BAD_TEXT = "bad_text", "文字の異常"
    CURRENCY = "currency", "円以外の通貨"
    MISSING_COLUMN = "missing_column", "項目の不足"
    MANGLED = "mangled", "Excelによる破損"
    MULTI_SHIP = "multi_ship", "複数送付先"
    DUPLICATE_ROW = "duplicate_row", "明細の重複"
    CANCELLED_LINE = "cancelled_line", "明細の取消"
    MALL_HOLD = "mall_hold", "モール側で確認中"
    OTHER = "other", "その他"


# 支払方法 in a word, where there is little room.
PAYMENT_WORDS = {
    PaymentKind.CARD: "カード", PaymentKind.WALLET: "ID決済", PaymentKind.MALL: "モール", PaymentKind.CONVENIENCE: "コンビニ",
    PaymentKind.BANK_TRANSFER: "振込", PaymentKind.COD: "代引", PaymentKind.DEFERRED: "後払い",
    PaymentKind.CREDIT_TERMS: "掛け", PaymentKind.POINTS: "ポイント", PaymentKind.UNKNOWN: "不明",
}  # fmt: skip
# お届け時間帯 as carriers offer it.
DELIVERY_SLOTS = {
    "am": "午前中", "1214": "12〜14時", "1416": "14〜16時", "1618": "16〜18時", "1820": "18〜20時", "1921": "19〜21時",
    "2021": "20〜21時",
}  # fmt: skip

S = OrderState
WAITING = frozenset({S.ON_HOLD, S.AWAITING_PAYMENT, S.AWAITING_STOCK, S.READY})
NOT_LEFT = WAITING | {S.PICKING}
UNPAID = (S.AWAITING_PAYMENT, S.ON_HOLD)  # where an order may stand whose money has not come
MOVES = moves(
    ("hold", WAITING, S.ON_HOLD),
    ("await_payment", WAITING, S.AWAITING_PAYMENT),
    ("await_stock", WAITING, S.AWAITING_STOCK),
    ("make_ready", WAITING, S.READY),
    ("instruct", {S.READY}, S.PICKING),
    ("withdraw", {S.PICKING}, S.READY),
    ("ship", {S.PICKING}, S.SHIPPED),
    ("complete", {S.SHIPPED}, S.COMPLETED),
    ("reopen", {S.COMPLETED}, S.SHIPPED),
    ("unship", {S.SHIPPED, S.COMPLETED}, S.READY),
    ("ship_outside", WAITING, S.SHIPPED),
    ("drop_rest", WAITING, S.PICKING),
    ("cancel", WAITING, S.CANCELLED),
)
