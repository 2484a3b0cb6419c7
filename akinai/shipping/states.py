"""States of a shipment (出荷の状態)."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class ShipmentState(TextChoices):
    INSTRUCTED = "instructed", "出荷指示"
    PACKED = "packed", "梱包済"
    SHIPPED = "shipped", "出荷済"
    DELIVERED = "delivered", "配達完了"
    WITHDRAWN = "withdrawn", "指示取消"


class Notice(TextChoices):
    """出荷通知: how far the shipping mail got. Beside the state, because goods leave without it."""

    NONE = "none", "未通知"
    QUEUED = "queued", "送信待ち"
    SENT = "sent", "通知済"
    FAILED = "failed", "送信失敗"
    NOT_NEEDED = "not_needed", "不要（モールが送信）"
    NO_ADDRESS = "no_address", "メールアドレスなし"
    BY_HAND = "by_hand", "電話・書面で連絡済"


class Temperature(TextChoices):
    """温度帯. The empty one is 常温."""

    NORMAL = "", "常温"
    CHILLED = "chilled", "冷蔵"
    FROZEN = "frozen", "冷凍"


class Service(TextChoices):
    """届け方 as the carrier's file names it; 代引 follows from the amount to be collected."""

    PARCEL = "parcel", "宅配便"
    COD = "cod", "宅配便（代引）"
    COMPACT = "compact", "コンパクト"
    MAIL = "mail", "ポスト投函"


S = ShipmentState
MOVES = moves(
    ("pack", {S.INSTRUCTED}, S.PACKED),
    ("unpack", {S.PACKED}, S.INSTRUCTED),
    ("ship", {S.INSTRUCTED, S.PACKED}, S.SHIPPED),
    ("deliver", {S.SHIPPED}, S.DELIVERED),
    ("unship", {S.SHIPPED}, S.WITHDRAWN),
    ("withdraw", {S.INSTRUCTED, S.PACKED}, S.WITHDRAWN),
)
