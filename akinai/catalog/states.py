"""価格の予約の状態."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class ScheduleState(TextChoices):
    WAITING = "waiting", "予約"
    RUNNING = "running", "適用中"
    ENDED = "ended", "終了"
    MISSED = "missed", "未適用"
    CANCELLED = "cancelled", "取消"


S = ScheduleState
SCHEDULE_MOVES = moves(
    ("start", {S.WAITING}, S.RUNNING),
    ("set_for_good", {S.WAITING}, S.ENDED),
    ("end", {S.RUNNING}, S.ENDED),
    ("miss", {S.WAITING}, S.MISSED),
    ("cancel", {S.WAITING}, S.CANCELLED),
)
