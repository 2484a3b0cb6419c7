"""States of クレーム, 補償 and 再発防止."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices

from akinai.core.transitions import moves


class ComplaintState(TextChoices):
    """クレームの状態."""

    OPEN = "open", "受付"
    CHECKING = "checking", "事実確認中"
    ANSWERING = "answering", "対応中"
    SETTLED = "settled", "決着"
    WITHDRAWN = "withdrawn", "取り下げ"


C = ComplaintState
LIVE = (C.OPEN, C.CHECKING, C.ANSWERING)
COMPLAINT_MOVES = moves(
    ("check", {C.OPEN}, C.CHECKING),
    ("answer", {C.OPEN, C.CHECKING}, C.ANSWERING),
    ("settle", {C.CHECKING, C.ANSWERING}, C.SETTLED),
    ("withdraw", set(LIVE), C.WITHDRAWN),
    ("reopen", {C.SETTLED, C.WITHDRAWN}, C.CHECKING),
)


class Severity(IntegerChoices):
    """重さ: what each demands stands in rules.complaints."""

    LIGHT = 1, "軽微"
    MIDDLE = 2, "中"
    GRAVE = 3, "重大"


class Side(TextChoices):
    """責任の所在."""

    UNKNOWN = "unknown", "未確定"
    GOODS = "goods", "商品・仕入先"
    WAREHOUSE = "warehouse", "倉庫（出荷）"
    CARRIER = "carrier", "運送会社"
    PAGE = "page", "商品ページ・表示"
    DESK = "desk", "受注・応対"
    MONEY = "money", "請求・返金"
    CUSTOMER = "customer", "お客様のご都合"
    NOBODY = "nobody", "不可抗力"


class CompensationKind(TextChoices):
    """補償の種類."""

    DISCOUNT = "discount", "値引"
    REFUND = "refund", "返金"
    RESHIP = "reship", "再送"
    COUPON = "coupon", "クーポン"
    POINTS = "points", "ポイント"


# Bounded by the order; the others are presents, bounded by the shop's own limit.
OF_ORDER = (CompensationKind.DISCOUNT, CompensationKind.REFUND, CompensationKind.RESHIP)


class CompensationState(TextChoices):
    """補償の状態."""

    WAITING = "waiting", "承認待ち"
    DONE = "done", "実行済"
    REFUSED = "refused", "却下"
    REVERSED = "reversed", "取消済"


P = CompensationState
COUNTED = (P.WAITING, P.DONE)
COMPENSATION_MOVES = moves(
    ("carry", {P.WAITING}, P.DONE),
    ("refuse", {P.WAITING}, P.REFUSED),
    ("reverse", {P.DONE}, P.REVERSED),
)


class PreventionState(TextChoices):
    """再発防止の状態."""

    PLANNED = "planned", "計画"
    WATCHING = "watching", "効果を確認中"
    CLOSED = "closed", "完了"
    DROPPED = "dropped", "中止"


V = PreventionState
PREVENTION_MOVES = moves(
    ("put_in_place", {V.PLANNED}, V.WATCHING),
    ("close", {V.WATCHING}, V.CLOSED),
    ("drop", {V.PLANNED, V.WATCHING}, V.DROPPED),
    ("resume", {V.CLOSED, V.DROPPED, V.WATCHING}, V.PLANNED),
)
