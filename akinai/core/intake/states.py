"""States of one intake (取込の状態)."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class IntakeState(TextChoices):
    """取込状態."""

    PREVIEWED = "previewed", "確認中"
    APPLYING = "applying", "取込中"
    APPLIED = "applied", "取込済"
    REFUSED = "refused", "受付不可"
    UNDONE = "undone", "取消済"


S = IntakeState
MOVES = moves(
    ("queue", {S.PREVIEWED}, S.APPLYING),
    ("apply", {S.PREVIEWED, S.APPLYING}, S.APPLIED),
    ("refuse", {S.PREVIEWED, S.APPLYING}, S.REFUSED),
    ("read_again", {S.PREVIEWED, S.REFUSED}, S.PREVIEWED),
    ("give_back", {S.APPLYING}, S.PREVIEWED),
    ("undo", {S.APPLIED}, S.UNDONE),
)
