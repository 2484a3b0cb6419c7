"""公開の束の状態."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class ReleaseState(TextChoices):
    DRAFT = "draft", "準備中"
    WAITING = "waiting", "公開待ち"
    APPLIED = "applied", "公開済み"
    ROLLED_BACK = "rolled_back", "戻した"
    FAILED = "failed", "公開できず"
    CANCELLED = "cancelled", "取消"


S = ReleaseState
RELEASE_MOVES = moves(
    ("schedule", {S.DRAFT}, S.WAITING),
    ("withdraw", {S.WAITING}, S.DRAFT),
    ("apply", {S.WAITING}, S.APPLIED),
    ("fail", {S.WAITING}, S.FAILED),
    ("reopen", {S.FAILED}, S.DRAFT),
    ("roll_back", {S.APPLIED}, S.ROLLED_BACK),
    ("cancel", {S.DRAFT, S.WAITING, S.FAILED}, S.CANCELLED),
)
