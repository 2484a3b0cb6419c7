"""States and kinds of money (入金の状態と種類)."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class BankLineState(TextChoices):
    """入金明細の状態."""

    OPEN = "open", "未消込"
    PROPOSED = "proposed", "候補あり"
    PARTIAL = "partial", "一部消込"
    MATCHED = "matched", "消込済"
    SET_ASIDE = "set_aside", "対象外"


# A person has to look at these; auto matching does too.
TO_DO = (BankLineState.OPEN, BankLineState.PROPOSED, BankLineState.PARTIAL)


class AsideReason(TextChoices):
    """対象外の理由: why a credit is no customer's payment."""

    INTEREST = "interest", "利息・還付"
    OWN_TRANSFER = "own_transfer", "自社の口座間の移動"
    SETTLEMENT = "settlement", "モール・決済会社・運送会社からの入金"
    RETURNED = "returned", "組戻・振込取消（お返しした）"
    OTHER = "other", "その他"


class PaymentSource(TextChoices):
    """入金の種類: where the yen came from, or why they count as received."""

    BANK = "bank", "銀行入金"
    FEE = "fee", "振込手数料（当社負担）"
    SHORT = "short", "不足分の値引"
    CREDIT = "credit", "預り金（過入金）"
    CREDIT_USED = "credit_used", "預り金の充当"
    CARRIER = "carrier", "代引回収"
    CHANNEL = "channel", "モール・決済会社"
    CASH = "cash", "現金・その他"
    CREDIT_NOTE = "credit_note", "返品・値引（返還請求書）"
    REFUND = "refund", "返金"


# Yen that come out of a bank line; the others close an order without it.
FROM_THE_LINE = frozenset({PaymentSource.BANK, PaymentSource.CREDIT})
# Yen a clerk may write down without a bank line.
BY_HAND = (PaymentSource.CARRIER, PaymentSource.CHANNEL, PaymentSource.CASH, PaymentSource.SHORT)


class RefundMethod(TextChoices):
    """返金の方法."""

    TRANSFER = "transfer", "銀行振込"
    CHANNEL = "channel", "モール・決済会社の返金"
    CASH = "cash", "現金・現金書留"
    OFFSET = "offset", "相殺・その他"


class DueKind(TextChoices):
    """期限のある未入金の種類: each has a ladder of its own."""

    BANK_TRANSFER = "bank_transfer", "銀行振込（前払い）"
    CONVENIENCE = "convenience", "コンビニ・前払い"
    DEFERRED = "deferred", "後払い"
    CREDIT_TERMS = "credit_terms", "掛け（都度の請求書）"
    STATEMENT = "statement", "掛け（合計請求書）"


# Paid by the bank: before anybody is written to, the bank's own lines must have been read.
PAID_BY_BANK = frozenset({DueKind.BANK_TRANSFER, DueKind.DEFERRED, DueKind.CREDIT_TERMS, DueKind.STATEMENT})
# Not shipped yet: the order can be cancelled and its goods go back to the shelf.
NOT_SHIPPED = frozenset({DueKind.BANK_TRANSFER, DueKind.CONVENIENCE})


class DunningWay(TextChoices):
    """督促の方法."""

    MAIL = "mail", "メール"
    PHONE = "phone", "電話"
    LETTER = "letter", "書面"
    CANCEL = "cancel", "自動キャンセル"


# A person does these; the step waits on the list until the result is written down.
BY_PERSON = (DunningWay.PHONE, DunningWay.LETTER)


class CallResult(TextChoices):
    """電話・書面の結果."""

    REACHED = "reached", "話した・届いた"
    ABSENT = "absent", "留守・不達"
    PROMISED = "promised", "支払の約束"
    DISPUTED = "disputed", "支払に納得されていない"


class RequestState(TextChoices):
    """決済の状態."""

    REQUESTED = "requested", "申込中"
    AUTHORISED = "authorised", "与信済"
    CAPTURED = "captured", "売上確定"
    PARTLY_REFUNDED = "partly_refunded", "一部返金"
    REFUNDED = "refunded", "返金済"
    CANCELLED = "cancelled", "取消"
    EXPIRED = "expired", "期限切れ"
    FAILED = "failed", "不成立"
    DISPUTED = "disputed", "異議申立"
    LOST = "lost", "異議で返金"


class CallVerb(TextChoices):
    """決済会社への依頼の種類."""

    CAPTURE = "capture", "売上確定"
    RELEASE = "release", "与信の取消"
    REFUND = "refund", "返金"
    CLOSE = "close", "決済ページを閉じる"
    CHARGE = "charge", "登録カードへの請求"


class CallState(TextChoices):
    """決済会社への依頼の状態."""

    WAITING = "waiting", "依頼待ち"
    ASKING = "asking", "依頼中"
    DONE = "done", "完了"
    REFUSED = "refused", "断られた"
    FAILED = "failed", "あとで失敗"
    RESOLVED = "resolved", "解決済"
    DECLINED = "declined", "カードが通らない"  # the buyer is asked, nobody here


# A person has to look at these.
CALL_OPEN = (CallState.REFUSED, CallState.FAILED)
# Under way, or done.
CALL_LIVE = (CallState.WAITING, CallState.ASKING, CallState.DONE)


class EventState(TextChoices):
    """知らせの状態."""

    RECEIVED = "received", "処理待ち"
    HANDLED = "handled", "処理済"
    IGNORED = "ignored", "関係なし"
    FAILED = "failed", "要確認"


class CardState(TextChoices):
    """定期便のカードの状態."""

    ASKED = "asked", "登録の途中"
    KEPT = "kept", "登録済"
    LEAVING = "leaving", "削除中"  # not used any more; the provider has not forgotten it yet
    GONE = "gone", "削除済"


class ChargeState(TextChoices):
    """定期便の請求の状態."""

    DUE = "due", "請求待ち"
    CHARGING = "charging", "請求中"
    WAITING = "waiting", "お客様待ち"  # declined, or there is no card: he was written to
    HELD = "held", "済"
    GIVEN_UP = "given_up", "見送り"


CHARGES_GOING = (ChargeState.DUE, ChargeState.CHARGING, ChargeState.WAITING)


R = RequestState
HELD = (R.AUTHORISED, R.CAPTURED, R.PARTLY_REFUNDED)
OVER = (R.CANCELLED, R.EXPIRED, R.FAILED)  # given up before any money was taken
REQUEST_MOVES = moves(
    ("authorise", {R.REQUESTED}, R.AUTHORISED),
    ("renew", {R.AUTHORISED}, R.AUTHORISED),
    # A コンビニ payment and a wallet may come in at once, without an authorisation before.
    ("capture", {R.REQUESTED, R.AUTHORISED}, R.CAPTURED),
    ("refund", {R.CAPTURED, R.PARTLY_REFUNDED}, R.PARTLY_REFUNDED),
    ("refund_all", {R.CAPTURED, R.PARTLY_REFUNDED}, R.REFUNDED),
    ("cancel", {R.REQUESTED, R.AUTHORISED}, R.CANCELLED),
    ("expire", {R.REQUESTED, R.AUTHORISED}, R.EXPIRED),
    ("fail", {R.REQUESTED}, R.FAILED),
    ("dispute", {R.CAPTURED, R.PARTLY_REFUNDED}, R.DISPUTED),
    ("win", {R.DISPUTED}, R.CAPTURED),
    ("lose", {R.DISPUTED}, R.LOST),
)
