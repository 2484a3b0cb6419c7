"""動画の一覧 (管理画面)."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.content.models import Video, VideoSeries
from akinai.content.videos import queries
from akinai.ui.worklist import Column, MultiChoice, Tab, Worklist


def _state(row: Any) -> tuple[str, str]:
    return ("公開中", "good") if row.is_public else ("下書き", "mute")


class VideoList(Worklist):
    """動画."""

    page = "content.videos"
    title = "動画"
    permission = "content.view_video"
    template_name = "content/videos/office_list.html"
    columns = [
        Column("title", "題名", sort="title", link=True, card="title"),
        Column("state", "状態", value=_state, format="badge", card="badge"),
        Column("series", "シリーズ", value="series.title"),
        Column("source", "動画の場所", value=lambda row: row.get_source_display()),
        Column("plays", "再生", value="total", format="number", sort="total", card="amount"),
        Column("captions", "字幕", value=lambda row: "あり" if row.captions else "", card="hide"),
        Column("published_at", "公開日時", format="datetime", sort="published_at"),
        Column("created_at", "登録日時", format="datetime", sort="created_at"),
    ]
    tabs = [
        Tab("public", "公開中", Q(is_public=True)),
        Tab("draft", "下書き", Q(is_public=False)),
    ]
    filters = [MultiChoice("source", "動画の場所", choices=Video.Source.choices)]
    search_fields = ("search_grams", "search_text")
    search_hint = "題名・説明・話している内容"
    default_sort = "-created_at"
    export_name = "動画"
    empty = {
        "icon": "play", "title": "動画はまだありません", "text": "ファイルを選ぶか、YouTube・Vimeo のリンクを貼って載せます。",
        "url_name": "video_office:add", "label": "動画を載せる",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Video]:
        return queries.seen_by(request.user)

    def row_url(self, row: Any) -> str:
        return reverse("video_office:video", args=[row.pk])


class SeriesList(Worklist):
    """シリーズ."""

    page = "content.videoseries"
    title = "動画のシリーズ"
    permission = "content.view_videoseries"
    template_name = "content/videos/office_series.html"
    columns = [
        Column("title", "シリーズ名", sort="title", link=True, card="title"),
        Column("count", "動画", format="number", sort="count", card="amount"),
        Column("slug", "アドレス", value=lambda row: f"/videos/series/{row.slug}/"),
        Column("position", "順番", format="number", sort="position"),
    ]
    search_hint = "シリーズ名"
    default_sort = "position"
    empty = {
        "icon": "layers", "title": "シリーズはまだありません", "text": "続きものの動画を、再生リストにまとめます。",
        "url_name": "video_office:add_series", "label": "シリーズを作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[VideoSeries]:
        return queries.series_seen_by(request.user)

    def search(self, queryset: QuerySet[VideoSeries], text: str) -> QuerySet[VideoSeries]:
        return queryset.filter(Q(title__icontains=text) | Q(slug__icontains=text))

    def row_url(self, row: Any) -> str:
        return reverse("video_office:series", args=[row.pk])
