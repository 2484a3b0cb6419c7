"""保存期間 of payments: of a card that is not used any more not even the last digits are kept for long."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from akinai.party.ports import Timer, register_timer
from akinai.payments.models import KeptCard
from akinai.payments.states import CardState


def _gone(before: datetime) -> QuerySet[KeptCard]:
    return KeptCard.objects.filter(state=CardState.GONE, gone_at__lt=before)


def register() -> None:
    register_timer(Timer("cards", "使わなくなった定期便のカード（ブランド・下4けた・有効期限）", "お問い合わせに答えるための期間が過ぎたもの。カード番号は初めからありません（個人情報保護法 第22条）", 180, _gone, QuerySet.delete))  # fmt: skip
