"""Lists of お客様の声."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest

from akinai.support.models import ImportedTicket
from akinai.support.services.voice import minutes_in_words
from akinai.ui.worklist import Column, DateRange, FromIntake, Text, Worklist, YesNo


def _reply(row: ImportedTicket) -> str:
    return minutes_in_words(row.first_reply_minutes)


def _resolution(row: ImportedTicket) -> str:
    return minutes_in_words(None if row.resolution_hours is None else row.resolution_hours * 60)


class HistoryList(Worklist):
    """問い合わせの履歴 (imported)."""

    page = "support.history"
    title = "取り込んだ問い合わせ"
    permission = "support.view_importedticket"
    columns = [
        Column("number", "番号", sort="number", card="title"),
        Column("opened_at", "受付", format="datetime", sort="opened_at"),
        Column("channel", "経路", sort="channel"),
        Column("category", "種類", sort="category"),
        Column("priority", "優先度"),
        Column("agent", "担当", sort="agent"),
        Column("state", "状態"),
        Column("first_reply", "初回返信", value=_reply, sort="first_reply_minutes", export=lambda row: row.first_reply_minutes),
        Column("first_reply_kept", "返信の約束", format="bool"),
        Column("resolution", "解決まで", value=_resolution, sort="resolution_hours", export=lambda row: row.resolution_hours),
        Column("resolution_kept", "解決の約束", format="bool"),
        Column("score", "満足度", sort="score", card="badge"),
    ]  # fmt: skip
    filters = [
        DateRange("opened", "受付日", field="opened_at"),
        Text("channel", "経路", field="channel"),
        Text("category", "種類", field="category"),
        Text("agent", "担当", field="agent"),
        YesNo("reply", "返信の約束", field="first_reply_kept"),
        FromIntake("intake", "取込", field="intake_file"),
    ]
    search_hint = "番号"
    default_sort = "-opened_at"
    export_name = "問い合わせの履歴"
    empty = {
        "icon": "chat", "title": "取り込んだ問い合わせはありません",
        "text": "前の問い合わせ管理から書き出した一覧を取り込むと、同じ集計で比べられます。", "url_name": "intake:new", "label": "取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[ImportedTicket]:
        return ImportedTicket.objects.defer("more")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(number__istartswith=text.strip())
