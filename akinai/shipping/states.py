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


class MallNotice(TextChoices):
    """モールへの出荷報告: whether the mall knows the parcel. Beside 出荷通知, which is the customer's."""

    NONE = "none", "不要"
    WAITING = "waiting", "未報告"
    TOLD = "told", "報告済"
    REFUSED = "refused", "モールが受け付けず"
    BY_HAND = "by_hand", "モールの画面で登録済"


MALL_UNTOLD = (MallNotice.WAITING, MallNotice.REFUSED)


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


class ReturnState(TextChoices):
    """返品の状態."""

    REQUESTED = "requested", "返送待ち"
    ARRIVED = "arrived", "到着・検品待ち"
    INSPECTED = "inspected", "検品済・精算待ち"
    SETTLED = "settled", "完了"
    REFUSED = "refused", "お断り"
    CANCELLED = "cancelled", "取消"


class ReturnReason(TextChoices):
    """返品の理由."""

    DEFECT = "defect", "不良・破損"
    WRONG_ITEM = "wrong_item", "商品違い・数量違い"
    NOT_AS_TOLD = "not_as_told", "説明と違う"
    MIND = "mind", "お客様都合"
    NOT_DELIVERED = "not_delivered", "受取拒否・長期不在"
    LATE = "late", "到着遅れ"
    OTHER = "other", "その他"


class Condition(TextChoices):
    """戻った商品の状態."""

    NEW = "new", "未使用・そのまま売れる"
    OPENED = "opened", "開封済"
    DAMAGED = "damaged", "破損・汚れ"
    FAULTY = "faulty", "動作不良"
    GONE = "gone", "戻っていない"


class Outcome(TextChoices):
    """戻った商品の行き先."""

    RESTOCK = "restock", "在庫に戻す"
    HOLD = "hold", "保留の場所に置く"
    SUPPLIER = "supplier", "仕入先に返す（保留の場所に置く）"
    SCRAP = "scrap", "廃棄する"
    NOTHING = "nothing", "戻らない（お客様の手元）"


class Remedy(TextChoices):
    """お客様への対応."""

    REFUND = "refund", "返金する"
    CREDIT = "credit", "預り金にする"
    RESHIP = "reship", "同じ商品を送り直す"
    EXCHANGE = "exchange", "別の商品と交換する"
    NONE = "none", "何もしない"


class ShippingPayer(TextChoices):
    """返送料の負担."""

    SHOP = "shop", "当店（着払い）"
    CUSTOMER = "customer", "お客様（元払い）"


class RefundWay(TextChoices):
    """返金の方法."""

    CHANNEL = "channel", "モール・決済会社の画面で返金する"
    TRANSFER = "transfer", "銀行振込で返金する"
    CASH = "cash", "現金・現金書留で返金する"
    STATEMENT = "statement", "合計請求書で差し引く（月締め）"


R = ReturnState
RETURN_MOVES = moves(
    ("arrive", {R.REQUESTED}, R.ARRIVED),
    ("unarrive", {R.ARRIVED}, R.REQUESTED),
    ("waive", {R.REQUESTED}, R.INSPECTED),
    ("inspect", {R.ARRIVED}, R.INSPECTED),
    ("reinspect", {R.INSPECTED}, R.ARRIVED),
    ("settle", {R.INSPECTED}, R.SETTLED),
    ("unsettle", {R.SETTLED}, R.INSPECTED),
    ("refuse", {R.REQUESTED, R.ARRIVED, R.INSPECTED}, R.REFUSED),
    ("cancel", {R.REQUESTED}, R.CANCELLED),
    ("reopen", {R.REFUSED, R.CANCELLED}, R.REQUESTED),
)
OPEN_RETURNS = (R.REQUESTED, R.ARRIVED, R.INSPECTED)
