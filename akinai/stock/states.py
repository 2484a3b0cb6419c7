"""States of the papers of stock (在庫の書類の状態)."""

from __future__ import annotations

from django.db.models import TextChoices

from akinai.core.transitions import moves


class TransferState(TextChoices):
    """在庫移動の状態."""

    DRAFT = "draft", "下書き"
    SENT = "sent", "移動中"
    RECEIVED = "received", "受領済"
    CANCELLED = "cancelled", "取消"


T = TransferState
TRANSFER_MOVES = moves(
    ("dispatch", {T.DRAFT}, T.SENT),
    ("arrive", {T.SENT}, T.RECEIVED),
    ("take_back", {T.SENT, T.RECEIVED}, T.SENT),
    ("cancel", {T.DRAFT, T.SENT}, T.CANCELLED),
)


class KeepState(TextChoices):
    """取置の状態."""

    KEPT = "kept", "取置中"
    USED = "used", "使用済"
    EXPIRED = "expired", "期限切れ"
    RELEASED = "released", "解除"


P = KeepState
KEEP_MOVES = moves(
    ("use", {P.KEPT}, P.USED),
    ("expire", {P.KEPT}, P.EXPIRED),
    ("release", {P.KEPT}, P.RELEASED),
)


class StocktakeState(TextChoices):
    """棚卸の状態."""

    OPEN = "open", "数えています"
    COUNTED = "counted", "計上待ち"
    POSTED = "posted", "計上済"
    REVERSED = "reversed", "取消済"
    CANCELLED = "cancelled", "中止"


K = StocktakeState
STOCKTAKE_MOVES = moves(
    ("close_counts", {K.OPEN}, K.COUNTED),
    ("open_again", {K.COUNTED}, K.OPEN),
    ("post", {K.COUNTED}, K.POSTED),
    ("reverse", {K.POSTED}, K.REVERSED),
    ("cancel", {K.OPEN, K.COUNTED}, K.CANCELLED),
)


class WriteDownState(TextChoices):
    """評価損の状態."""

    POSTED = "posted", "計上済"
    REVERSED = "reversed", "取消済"


W = WriteDownState
WRITE_DOWN_MOVES = moves(("reverse", {W.POSTED}, W.REVERSED))
