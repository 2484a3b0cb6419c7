"""届いたメール and 受信箱 as lists."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from akinai.support import queries
from akinai.support.models import MailReceipt, MailSource
from akinai.support.services.polling import FROM_FOLDER, FROM_UPLOAD
from akinai.support.states import ReceiptOutcome
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Worklist, YesNo, pill

R = ReceiptOutcome
TONES = {"受信中": "good", "受信できません": "bad", "確認待ち": "info", "一時停止": "mute"}


def boxes(_request: HttpRequest) -> list[tuple[str, str]]:
    """Where mails come from."""
    names = [*MailSource.objects.order_by("name").values_list("name", flat=True), FROM_FOLDER, FROM_UPLOAD]
    return [(name, name) for name in names]


class MailReceiptList(Worklist):
    """届いたメール: every mail that ever came, and what became of it."""

    page = "support.mails"
    title = "届いたメール"
    permission = "support.view_mailreceipt"
    is_personal = True
    columns = [
        Column("subject", "件名", link=True, card="title", value=lambda row: row.subject or "（件名なし）"),
        Column("outcome", "行き先", format="badge", card="badge"),
        Column("ticket", "問い合わせ", value=lambda row: row.ticket.number if row.ticket else ""),
        Column("why", "理由", card="plain"),
        Column("sender", "差出人", sort="sender"),
        Column("came_from", "受信箱", sort="came_from"),
        Column("at", "受信", format="datetime", sort="at"),
        Column("size", "大きさ（バイト）", format="number", sort="size", visible=False),
        Column("message_id", "Message-ID", visible=False),
        Column("digest", "ハッシュ", visible=False),
    ]
    tabs = [
        Tab("aside", "問い合わせ以外", ~Q(outcome=R.TICKET), count=True),
        Tab("refused", "読めない", Q(outcome=R.REFUSED), count=True, tone="warn"),
        Tab("bounce", "不達", Q(outcome=R.BOUNCE)),
        Tab("auto", "自動応答", Q(outcome=R.AUTO)),
        Tab("ticket", "問い合わせ", Q(outcome=R.TICKET)),
    ]
    filters = [
        MultiChoice("outcome", "行き先", choices=R.choices),
        Choice("box", "受信箱", choices=boxes, field="came_from"),
        DateRange("at", "受信日", field="at"),
    ]
    search_hint = "件名・差出人・Message-ID・問い合わせ番号"
    default_sort = "-at"
    export_name = "届いたメール"
    empty = {
        "icon": "mail", "title": "届いたメールはありません",
        "text": "受信箱を登録すると、2 分ごとに受信します。.eml ファイルも取り込めます。",
        "url_name": "support:mailboxes", "label": "受信箱",
    }  # fmt: skip
    template_name = "support/mails.html"

    def queryset(self, request: HttpRequest) -> QuerySet[MailReceipt]:
        return MailReceipt.objects.select_related("ticket")

    def search(self, queryset: QuerySet[MailReceipt], text: str) -> QuerySet[MailReceipt]:
        return queries.mails_found(queryset, text)

    def row_url(self, row: MailReceipt) -> str:
        return reverse("support:mail", args=[row.pk])


def _condition(row: Any, value: Any, request: HttpRequest) -> SafeString:
    return pill(row.condition, TONES[row.condition])


class MailSourceList(Worklist):
    """受信箱."""

    page = "support.mailboxes"
    title = "受信箱"
    permission = "support.view_mailsource"
    columns = [
        Column("name", "名前", sort="name", link=True, card="title"),
        Column("condition", "状態", draw=_condition, export=lambda row: row.condition, card="badge"),
        Column("user", "ユーザー名", sort="user"),
        Column("host", "サーバー", value=lambda row: f"{row.host}:{row.port}"),
        Column("folder", "フォルダー"),
        Column("channel", "店舗", value=lambda row: str(row.channel or "–")),
        Column("checked_at", "最後の確認", format="datetime", sort="checked_at"),
        Column("taken_at", "最後の取り込み", format="datetime", sort="taken_at"),
        Column("last_error", "失敗の理由", card="plain"),
    ]
    tabs = [
        Tab("active", "使用中", Q(is_active=True), count=True),
        Tab("broken", "受信できない", Q(is_active=True, failures__gt=0), count=True, tone="bad"),
        Tab("paused", "一時停止", Q(is_active=False)),
    ]
    filters = [YesNo("active", "使用中", field="is_active")]
    search_hint = "名前・ユーザー名・サーバー"
    default_sort = "name"
    export_name = "受信箱"
    empty = {
        "icon": "inbox", "title": "受信箱はまだありません",
        "text": "メールサーバーの受信箱（IMAP）を登録すると、届いたメールが 2 分ごとに問い合わせになります。",
        "url_name": "support:new_mailbox", "label": "受信箱を登録する",
    }  # fmt: skip
    template_name = "support/mailboxes.html"

    def queryset(self, request: HttpRequest) -> QuerySet[MailSource]:
        return MailSource.objects.select_related("channel")

    def search(self, queryset: QuerySet[MailSource], text: str) -> QuerySet[MailSource]:
        told = text.strip()
        if "\0" in told:
            return queryset.none()
        return queryset.filter(Q(name__icontains=told) | Q(user__icontains=told) | Q(host__icontains=told))

    def row_url(self, row: MailSource) -> str:
        return reverse("support:mailbox", args=[row.pk])

    def row_tone(self, row: MailSource) -> str:
        return "bad" if row.is_active and row.failures else ""
