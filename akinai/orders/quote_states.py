"""States of a quote (見積の状態)."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class QuoteState(TextChoices):
    """見積の状態."""

    DRAFT = "draft", "作成中"
    SENT = "sent", "提出済"
    ACCEPTED = "accepted", "成約"
    DECLINED = "declined", "失注"
    EXPIRED = "expired", "期限切れ"
    CANCELLED = "cancelled", "取消"


S = QuoteState
MOVES = moves(
    ("submit", {S.DRAFT, S.SENT}, S.SENT),
    ("accept", {S.SENT}, S.ACCEPTED),
    ("decline", {S.SENT}, S.DECLINED),
    ("expire", {S.SENT}, S.EXPIRED),
    ("withdraw_quote", {S.DRAFT, S.SENT}, S.CANCELLED),
)
