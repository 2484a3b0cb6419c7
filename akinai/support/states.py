"""States of サポート: tickets, messages and where they come from."""

from __future__ import annotations

from django.db.models import IntegerChoices, TextChoices

from akinai.core.transitions import moves


class TicketState(TextChoices):
    """問い合わせの状態. Our clock runs in `new` and `open`; in the others we wait for somebody else, or for nobody."""

    NEW = "new", "未対応"
    OPEN = "open", "対応中"
    WAITING = "waiting", "お客様待ち"
    SNOOZED = "snoozed", "保留"
    SOLVED = "solved", "解決"
    CLOSED = "closed", "完了"
    MERGED = "merged", "統合済"
    SPAM = "spam", "対象外"


S = TicketState
RUNNING = (S.NEW, S.OPEN)  # the clock runs
ALIVE = (S.NEW, S.OPEN, S.WAITING, S.SNOOZED)  # something is still to be done
ENDED = (S.SOLVED, S.CLOSED)
CLOSED_TO_ALL = (S.MERGED, S.SPAM)  # nothing is done here any more

TICKET_MOVES = moves(
    ("begin", {S.NEW}, S.OPEN),
    ("wait", {S.NEW, S.OPEN, S.SNOOZED}, S.WAITING),
    ("snooze", {S.NEW, S.OPEN, S.WAITING}, S.SNOOZED),
    ("wake", {S.SNOOZED, S.WAITING}, S.OPEN),
    ("solve", {S.NEW, S.OPEN, S.WAITING, S.SNOOZED}, S.SOLVED),
    ("reopen", {S.SOLVED, S.CLOSED, S.SPAM}, S.OPEN),
    ("close", {S.SOLVED}, S.CLOSED),
    ("merge", {S.NEW, S.OPEN, S.WAITING, S.SNOOZED, S.SOLVED}, S.MERGED),
    ("dismiss", {S.NEW, S.OPEN, S.WAITING, S.SNOOZED}, S.SPAM),
)


class Source(TextChoices):
    """受付の経路."""

    MAIL = "mail", "メール"
    FORM = "form", "フォーム"
    PHONE = "phone", "電話"
    MALL = "mall", "モール"
    MANUAL = "manual", "手入力"


# 種類 of a matter: by it letters are shared out, promised and counted.
CATEGORIES = {
    "": "選ばない", "goods": "商品について", "order": "ご注文・お届け", "return": "返品・交換", "cancel": "キャンセル",
    "invoice": "請求書・領収書", "complaint": "クレーム", "other": "その他",
}  # fmt: skip


class Priority(IntegerChoices):
    """優先度: the smaller, the sooner."""

    URGENT = 1, "至急"
    HIGH = 2, "高"
    NORMAL = 3, "通常"
    LOW = 4, "低"


class Direction(TextChoices):
    """やり取りの向き."""

    IN = "in", "受信"
    OUT = "out", "送信"
    NOTE = "note", "社内メモ"
    CALL = "call", "電話メモ"
    ACT = "act", "操作"


SPOKEN = (Direction.IN, Direction.OUT)  # what was heard or said; notes, calls and acts are our own


class FileState(TextChoices):
    """添付の扱い."""

    KEPT = "kept", "保存"
    REFUSED = "refused", "受け取らない"


class ReceiptOutcome(TextChoices):
    """届いたメールの行き先."""

    TICKET = "ticket", "問い合わせ"
    BOUNCE = "bounce", "不達の通知"
    AUTO = "auto", "自動応答"
    IGNORED = "ignored", "対象外"
    REFUSED = "refused", "読めない"


class ArticleState(TextChoices):
    """よくある質問の記事: of the text that is being written. What the public reads stands in the version that went out last."""

    DRAFT = "draft", "下書き"
    REVIEW = "review", "承認待ち"
    PUBLISHED = "published", "公開中"
    RETIRED = "retired", "取り下げ"


A = ArticleState
ARTICLE_MOVES = moves(
    ("submit", {A.DRAFT}, A.REVIEW),
    ("send_back", {A.REVIEW}, A.DRAFT),
    ("publish", {A.DRAFT, A.REVIEW}, A.PUBLISHED),
    ("rewrite", {A.PUBLISHED, A.RETIRED, A.REVIEW}, A.DRAFT),
    ("retire", {A.DRAFT, A.REVIEW, A.PUBLISHED}, A.RETIRED),
)


class Audience(TextChoices):
    """だれが読むか."""

    PUBLIC = "public", "お客様と担当者"
    STAFF = "staff", "担当者だけ"


class HitKind(TextChoices):
    """記事の使われ方."""

    SHOWN = "shown", "表示"
    OPENED = "opened", "開いた"
    HELPED = "helped", "役に立った"
    NOT_HELPED = "not_helped", "役に立たなかった"
    SOLVED = "solved", "解決した"
    ASKED = "asked", "問い合わせた"
    INSERTED = "inserted", "返信に使った"
