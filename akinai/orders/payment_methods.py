"""支払方法: what is true of each kind, in one table: when goods may leave, who brings the money, and until when.

Sales are booked when the goods leave, whatever the kind; the books read that from the shipment.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.db.models import TextChoices


class PaymentKind(TextChoices):
    """支払方法の種類: decides when the goods may leave and whether the bank must show the money."""

    CARD = "card", "クレジットカード"
    WALLET = "wallet", "ID・ウォレット決済"
    MALL = "mall", "モール決済"
    CONVENIENCE = "convenience", "コンビニ・前払い"
    BANK_TRANSFER = "bank_transfer", "銀行振込（前払い）"
    COD = "cod", "代金引換"
    DEFERRED = "deferred", "後払い"
    CREDIT_TERMS = "credit_terms", "掛け払い"
    POINTS = "points", "全額ポイント・クーポン"
    UNKNOWN = "unknown", "不明"


class ShipsWhen(StrEnum):
    """出荷してよい時."""

    PAID = "入金を確認したら"
    AUTHORISED = "与信・決済が通ったら"
    AT_ONCE = "すぐに"


class Brings(StrEnum):
    """お金を届ける者."""

    BUYER = "お客様"
    PROVIDER = "決済会社・モール"
    CARRIER = "運送会社"
    NOBODY = "なし"


@dataclass(frozen=True, slots=True)
class PaymentMethod:
    """One kind. Days are counted from the order (`pay_within_days`) and from the authorisation (`authorised_days`)."""

    kind: PaymentKind
    ships_when: ShipsWhen
    brings: Brings
    has_request: bool = False  # a 決済 with states of its own stands behind it
    pay_within_days: int | None = None
    authorised_days: int | None = None
    is_chased: bool = False  # 督促 by us: the buyer owes it to us and nobody else asks him


K, W, B = PaymentKind, ShipsWhen, Brings
METHODS = {
    method.kind: method
    for method in (
        PaymentMethod(K.CARD, W.AUTHORISED, B.PROVIDER, has_request=True, authorised_days=60),
        PaymentMethod(K.WALLET, W.AUTHORISED, B.PROVIDER, has_request=True, authorised_days=30),
        PaymentMethod(K.MALL, W.AUTHORISED, B.PROVIDER),
        PaymentMethod(K.CONVENIENCE, W.PAID, B.PROVIDER, has_request=True, pay_within_days=7, is_chased=True),
        PaymentMethod(K.BANK_TRANSFER, W.PAID, B.BUYER, pay_within_days=7, is_chased=True),
        PaymentMethod(K.COD, W.AT_ONCE, B.CARRIER),
        PaymentMethod(
            K.DEFERRED, W.AT_ONCE, B.PROVIDER, has_request=True, authorised_days=60, is_chased=True
        ),
        PaymentMethod(K.CREDIT_TERMS, W.AT_ONCE, B.BUYER, is_chased=True),
        PaymentMethod(K.POINTS, W.AT_ONCE, B.NOBODY),
        PaymentMethod(K.UNKNOWN, W.AT_ONCE, B.NOBODY),
    )
}
PREPAID = frozenset(kind for kind, method in METHODS.items() if method.ships_when is W.PAID)
SETTLED_BY_CHANNEL = frozenset(kind for kind, method in METHODS.items() if method.ships_when is W.AUTHORISED)
PAID_LATER = frozenset(
    kind
    for kind, method in METHODS.items()
    if method.ships_when is W.AT_ONCE and method.brings is not B.NOBODY
)
