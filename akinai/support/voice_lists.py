"""Lists of お客様の声."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.safestring import SafeString

from akinai.support.models import Csat, ImportedTicket, Spike
from akinai.support.services.csat import FACES
from akinai.support.services.voice import minutes_in_words
from akinai.ui.worklist import Choice, Column, DateRange, FromIntake, Tab, Text, Worklist, YesNo, pill


def _reply(row: ImportedTicket) -> str:
    return minutes_in_words(row.first_reply_minutes)


def _resolution(row: ImportedTicket) -> str:
    return minutes_in_words(None if row.resolution_hours is None else row.resolution_hours * 60)


def _mark(row: Any, value: Any, request: HttpRequest) -> SafeString:
    if not row.score:
        return pill("未回答", "mute")
    return pill(
        f"{row.score} {FACES[row.score]}", "good" if row.score >= 4 else "bad" if row.score <= 2 else ""
    )


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
    template_name = "support/marks.html"
    empty = {
        "icon": "chat", "title": "取り込んだ問い合わせはありません",
        "text": "前の問い合わせ管理から書き出した一覧を取り込むと、同じ集計で比べられます。", "url_name": "intake:new", "label": "取り込む",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[ImportedTicket]:
        return ImportedTicket.objects.defer("more")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(number__istartswith=text.strip())


class MarkList(Worklist):
    """満足度: answers of customers, low ones first in line for a person."""

    page = "support.marks"
    title = "満足度"
    permission = "support.view_csat"
    columns = [
        Column("ticket", "問い合わせ", value=lambda row: row.ticket.number, link=True, card="title"),
        Column("score", "評価", draw=_mark, export=lambda row: row.score or "", sort="score", card="badge"),
        Column("words", "ことば", card="plain"),
        Column("answered_at", "回答", format="datetime", sort="answered_at"),
        Column("asked_at", "聞いた日時", format="datetime", sort="asked_at"),
        Column("assignee", "担当", value=lambda row: str(row.ticket.assignee or "–")),
        Column("seen_note", "どうしたか"),
        Column("seen_by", "確かめた人", value=lambda row: str(row.seen_by or "")),
    ]  # fmt: skip
    tabs = [
        Tab("low", "低い評価（未確認）", Q(is_low=True, seen_at=None), count=True, tone="bad"),
        Tab("answered", "回答あり", Q(score__isnull=False)),
        Tab("open", "回答待ち", Q(score=None)),
    ]
    filters = [
        Choice("score", "評価", choices=[(str(score), f"{score} {word}") for score, word in FACES.items()]),
        DateRange("answered", "回答日", field="answered_at"),
    ]
    search_hint = "問い合わせの番号・ことば"
    default_sort = "-asked_at"
    export_name = "満足度"
    empty = {
        "icon": "star", "title": "満足度の回答はまだありません",
        "text": "設定で「解決のあとに満足度を聞く」をオンにすると、解決したお客様にメールで聞きます。",
        "url_name": "support:voice_settings", "label": "設定を開く",
    }  # fmt: skip
    template_name = "support/marks.html"

    def queryset(self, request: HttpRequest) -> QuerySet[Csat]:
        return Csat.objects.select_related("ticket__assignee", "seen_by")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        told = text.strip()
        return queryset.filter(Q(ticket__number__istartswith=told) | Q(words__icontains=told))

    def row_tone(self, row: Csat) -> str:
        return "bad" if row.is_low and row.seen_at is None else ""

    def row_url(self, row: Csat) -> str:
        return reverse("support:see_mark", args=[row.pk])


class SpikeList(Worklist):
    """急増."""

    page = "support.spikes"
    title = "問い合わせの急増"
    permission = "support.view_spike"
    columns = [
        Column("title", "対象", link=True, card="title"),
        Column("kind", "種類", format="badge", card="badge"),
        Column("count", "件数", format="number", sort="count"),
        Column("usual", "ふだん", value=lambda row: f"{row.usual:.1f}", sort="usual"),
        Column("limit", "知らせる件数", format="number"),
        Column("began_on", "始まり", format="date", sort="began_on"),
        Column("ended_on", "終わり", format="date", sort="ended_on"),
        Column("seen_note", "どうしたか"),
    ]
    tabs = [
        Tab("now", "続いている", Q(ended_on=None), count=True, tone="bad"),
        Tab("new", "未確認", Q(seen_at=None), count=True, tone="warn"),
    ]
    filters = [
        Choice("kind", "種類", choices=Spike.Kind.choices),
        DateRange("began", "始まり", field="began_on"),
    ]
    search_hint = "対象"
    default_sort = "-began_on"
    export_name = "問い合わせの急増"
    template_name = "support/marks.html"
    empty = {
        "icon": "check", "title": "急増はありません",
        "text": "毎朝、商品・ロット・運送会社・ページごとに、直近 7 日の件数をその前の 56 日と比べます。",
        "url_name": "support:reports", "label": "応対の集計を見る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Spike]:
        return Spike.objects.all()

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(title__icontains=text.strip())

    def row_tone(self, row: Spike) -> str:
        return "warn" if row.seen_at is None else ""

    def row_url(self, row: Spike) -> str:
        return reverse("support:spike", args=[row.pk])
