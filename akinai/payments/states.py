"""States and kinds of money (入金の状態と種類)."""

from __future__ import annotations

from django.db.models import TextChoices


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
