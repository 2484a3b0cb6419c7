"""States and kinds of settlements (入金精算の状態と種類)."""

from __future__ import annotations

from django.db.models import TextChoices


class SettlementState(TextChoices):
    """精算の状態."""

    LIVE = "live", "計上済"
    REVERSED = "reversed", "取消"


class LineKind(TextChoices):
    """精算明細の種類."""

    SALE = "sale", "売上"
    REFUND = "refund", "返金"
    POINTS = "points", "ポイント・クーポン"
    FEE = "fee", "手数料"
    ADJUSTMENT = "adjustment", "調整"
    CHARGEBACK = "chargeback", "チャージバック"
    RESERVE = "reserve", "留保・繰越"
    TRANSFER = "transfer", "口座間の移動"


# They tell of an order's money.
OF_AN_ORDER = frozenset({LineKind.SALE, LineKind.REFUND, LineKind.POINTS, LineKind.CHARGEBACK})


class LineState(TextChoices):
    """明細の説明."""

    OPEN = "open", "未説明"
    EXPLAINED = "explained", "説明済"


class How(TextChoices):
    """何で説明がついたか."""

    PAID = "paid", "受注の入金"
    REFUNDED = "refunded", "受注の返金"
    KNOWN = "known", "記録済みの入金・返金"
    OFFSET = "offset", "キャンセルと相殺"
    POINTS = "points", "ポイントの精算"
    KEPT = "kept", "留保・繰越"
    BOOKED = "booked", "科目"
    DIFFERENCE = "difference", "差額を認めた"


class Why(TextChoices):
    """なぜ説明がつかないか."""

    UNKNOWN_ORDER = "unknown_order", "受注が見つかりません"
    SEVERAL_ORDERS = "several_orders", "当てはまる受注がいくつもあります"
    SHORT = "short", "受注の金額より少ない"
    OVER = "over", "受注の金額より多い"
    ALREADY_PAID = "already_paid", "受注はすでに入金済みです"
    DOUBLE = "double", "ほかの精算にもある明細です"
    CANCELLED = "cancelled", "キャンセルした受注です"
    AMOUNT_UNKNOWN = "amount_unknown", "受注の金額が分かっていません"
    NO_RETURN = "no_return", "返品・キャンセルの記録がない返金です"
    BEYOND = "beyond", "受注の入金額を超える返金です"
    CHARGEBACK = "chargeback", "チャージバックの扱いが決まっていません"
    UNKNOWN_KIND = "unknown_kind", "何のお金か分かりません"
    MOVED = "moved", "処理の間に受注が変わりました"
    BY_HAND = "by_hand", "担当者が説明を取り消しました"


# Accounts to which a person may book a line, by their role in the books.
ROLES = {
    "fees": "支払手数料", "promotion": "販売促進費", "freight": "荷造運賃", "ads": "広告宣伝費", "short": "雑損失", "gain": "雑収入",
    "cuts": "売上値引・返品", "lost_tax": "租税公課", "suspense": "仮受金",
}  # fmt: skip
# Roles whose yen contain deductible tax.
TAXED = frozenset({"fees", "promotion", "freight", "ads"})
