"""送信メールの一覧: what waits, what has left, what failed and why."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.core import mail, masking
from akinai.core.models import OutgoingMail
from akinai.ui.templatetags.personal import SEE
from akinai.ui.worklist import BulkAction, Column, DateRange, Mask, MultiChoice, Tab, Text, Worklist, each
from akinai.ui.worklist.filters import Choice

S = OutgoingMail.State


class SortFilter(Choice):
    """種類, by the first word of the key."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(key__startswith=f"{self.values[0]}:")


def _sorts(_request: HttpRequest) -> list[tuple[str, str]]:
    return list(mail.sorts().items())


class Outbox(Worklist):
    """送信メール."""

    page = "mail.outbox"
    title = "送信メール"
    permission = "core.view_outgoingmail"
    is_personal = True
    template_name = "ui/mail/outbox.html"
    columns = [
        Column("created_at", "作成日時", format="datetime", sort="created_at", link=True),
        Column("state", "状態", format="badge", card="badge"),
        Column("sort", "種類", value=lambda row: mail.sort_of(row.key)[0]),
        Column("to", "宛先", card="plain", mask=Mask(SEE, masking.mail)),
        Column("subject", "件名", card="title", mask=Mask(SEE, masking.words)),
        Column("sent_at", "送信日時", format="datetime", sort="sent_at"),
        Column("last_error", "送れなかった理由", mask=Mask(SEE, masking.words)),
        Column("tries", "試した回数", format="number", visible=False),
        Column("not_before", "次に送る日時", value=lambda row: row.not_before if row.state == S.QUEUED else None, format="datetime", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("failed", "送信失敗", Q(state=S.FAILED), count=True, tone="bad"),
        Tab("waiting", "送信待ち", Q(state__in=[S.QUEUED, S.SENDING]), count=True),
        Tab("sent", "送信済", Q(state=S.SENT)),
    ]
    filters = [
        SortFilter("sort", "種類", choices=_sorts),
        MultiChoice("state", "状態", choices=S.choices),
        DateRange("created", "作成日", field="created_at"),
        Text("to", "宛先", field="to"),
    ]
    search_hint = "宛先・件名・番号"
    default_sort = "-created_at"
    export_name = "送信メール"
    empty = {
        "icon": "mail",
        "title": "メールはまだありません",
        "text": "出荷のお知らせや請求書のメールが、ここに並びます。",
    }
    bulk_actions = [
        BulkAction("again", "再送", run=each(mail.send_again, done="{count} 件を送信待ちに入れました。"), icon="send", primary=True,
                   permission="core.change_outgoingmail", confirm="{count} 件をもう一度送ります。"),
        BulkAction("cancel", "送信を取り消す", run=each(mail.cancel_one, done="{count} 件の送信を取り消しました。"), icon="x", tone="danger",
                   permission="core.change_outgoingmail", confirm="{count} 件の送信を取り消します。"),
    ]  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[OutgoingMail]:
        return OutgoingMail.objects.defer("body", "attachments")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        word = text.strip()
        return queryset.filter(Q(to__icontains=word) | Q(subject__icontains=word) | Q(key__icontains=word))

    def row_url(self, row: Any) -> str:
        return reverse("mail:detail", args=[row.pk])

    def row_tone(self, row: Any) -> str:
        return "bad" if row.state == S.FAILED else ""
