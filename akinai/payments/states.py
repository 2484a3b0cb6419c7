"""States of a bank line (入金明細の状態)."""

from __future__ import annotations

from django.db.models import TextChoices


class BankLineState(TextChoices):
    OPEN = "open", "未消込"
    PROPOSED = "proposed", "候補あり"
    MATCHED = "matched", "消込済"
    PARTIAL = "partial", "一部消込"
    SET_ASIDE = "set_aside", "対象外"


class PaymentSource(TextChoices):
    """入金の種類: where the yen came from, or why they count as received."""

    BANK = "bank", "銀行入金"
    FEE = "fee", "振込手数料（当社負担・値引）"
    SHORT = "short", "不足分の値引"
    CREDIT = "credit", "預り金（過入金）"
    CREDIT_USED = "credit_used", "預り金の充当"
    CARRIER = "carrier", "代引回収"
    CHANNEL = "channel", "モール・決済会社"
    CASH = "cash", "現金・その他"
    REFUND = "refund", "返金"
