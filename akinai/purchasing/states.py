"""States of a goods receipt (仕入伝票の状態)."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class ReceiptState(TextChoices):
    DRAFT = "draft", "下書き"
    POSTED = "posted", "計上済"
    REVERSED = "reversed", "取消済"
    DISCARDED = "discarded", "破棄"


S = ReceiptState
RECEIPT_MOVES = moves(
    ("post", {S.DRAFT}, S.POSTED),
    ("reverse", {S.POSTED}, S.REVERSED),
    ("discard", {S.DRAFT}, S.DISCARDED),
)
