"""States of the papers of purchasing (仕入の状態)."""

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


class OrderState(TextChoices):
    """発注書."""

    DRAFT = "draft", "下書き"
    WAITING_APPROVAL = "waiting_approval", "承認待ち"
    APPROVED = "approved", "承認済"
    SENT = "sent", "発注済"
    CONFIRMED = "confirmed", "受注確認済"
    CLOSED = "closed", "完了"
    CANCELLED = "cancelled", "取消"


O = OrderState  # noqa: E741
PLACED = {O.SENT, O.CONFIRMED}  # the supplier knows of it, goods may come
ORDER_MOVES = moves(
    ("submit", {O.DRAFT}, O.WAITING_APPROVAL),
    ("pass", {O.DRAFT}, O.APPROVED),
    ("approve", {O.WAITING_APPROVAL}, O.APPROVED),
    ("send_back", {O.WAITING_APPROVAL, O.APPROVED}, O.DRAFT),
    ("send", {O.APPROVED}, O.SENT),
    ("take_over", {O.DRAFT}, O.SENT),
    ("confirm", {O.SENT}, O.CONFIRMED),
    ("close", PLACED, O.CLOSED),
    ("reopen", {O.CLOSED}, O.CONFIRMED),
    ("cancel", {O.DRAFT, O.WAITING_APPROVAL, O.APPROVED, *PLACED}, O.CANCELLED),
)


class Progress(TextChoices):
    """入荷の進み具合 of a purchase order, counted from its lines."""

    NONE = "none", "未入荷"
    PARTIAL = "partial", "一部入荷"
    DONE = "done", "入荷済"


class DiscrepancyState(TextChoices):
    """不一致."""

    OPEN = "open", "未解決"
    SETTLED = "settled", "解決済"
    VOID = "void", "取消"


D = DiscrepancyState
DISCREPANCY_MOVES = moves(
    ("settle", {D.OPEN}, D.SETTLED),
    ("void", {D.OPEN, D.SETTLED}, D.VOID),
)


class BillState(TextChoices):
    """仕入先請求書."""

    DRAFT = "draft", "下書き"
    POSTED = "posted", "計上済"
    REVERSED = "reversed", "取消済"
    DISCARDED = "discarded", "破棄"


B = BillState
BILL_MOVES = moves(
    ("post", {B.DRAFT}, B.POSTED),
    ("reverse", {B.POSTED}, B.REVERSED),
    ("discard", {B.DRAFT}, B.DISCARDED),
)


class RunState(TextChoices):
    """支払."""

    DRAFT = "draft", "準備中"
    WRITTEN = "written", "ファイル作成済"
    PAID = "paid", "支払済"
    CANCELLED = "cancelled", "取消"


P = RunState
RUN_MOVES = moves(
    ("write", {P.DRAFT}, P.WRITTEN),
    ("pay", {P.WRITTEN}, P.PAID),
    ("cancel", {P.DRAFT, P.WRITTEN}, P.CANCELLED),
)


class CorrectionState(TextChoices):
    """買掛の訂正."""

    WAITING = "waiting", "承認待ち"
    POSTED = "posted", "計上済"
    REFUSED = "refused", "却下"
    REVERSED = "reversed", "取消済"


C = CorrectionState
CORRECTION_MOVES = moves(
    ("post", {C.WAITING}, C.POSTED),
    ("refuse", {C.WAITING}, C.REFUSED),
    ("reverse", {C.POSTED}, C.REVERSED),
)


class LandedState(TextChoices):
    """付帯費用."""

    POSTED = "posted", "計上済"
    REVERSED = "reversed", "取消済"


LANDED_MOVES = moves(("reverse", {LandedState.POSTED}, LandedState.REVERSED))


class ReturnState(TextChoices):
    """仕入返品."""

    POSTED = "posted", "計上済"
    REVERSED = "reversed", "取消済"


RETURN_MOVES = moves(("reverse", {ReturnState.POSTED}, ReturnState.REVERSED))
