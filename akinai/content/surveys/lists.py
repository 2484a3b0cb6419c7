"""アンケートの一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse

from akinai.content.models import Survey
from akinai.content.surveys import queries
from akinai.ui.worklist import Choice, Column, Tab, Worklist


class SurveyList(Worklist):
    """アンケート."""

    page = "content.surveys"
    title = "アンケート"
    permission = "content.view_survey"
    template_name = "content/surveys/list.html"
    columns = [
        Column("title", "題名", sort="title", link=True, card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("done", "回答", format="number", sort="done", card="amount"),
        Column("begun", "途中", format="number", sort="begun"),
        Column("audience", "答えられる人", value=lambda row: row.get_audience_display()),
        Column("closes_at", "締切", format="datetime", sort="closes_at"),
        Column("slug", "アドレス", value=lambda row: f"/surveys/{row.slug}/"),
        Column("created_at", "作成日時", format="datetime", sort="created_at"),
    ]
    tabs = [
        Tab("open", "受付中", Q(state=Survey.State.OPEN), count=True),
        Tab("draft", "準備中", Q(state=Survey.State.DRAFT)),
        Tab("closed", "終了", Q(state=Survey.State.CLOSED)),
    ]
    filters = [Choice("audience", "答えられる人", choices=Survey.Audience.choices)]
    search_hint = "題名・アドレス"
    default_sort = "-created_at"
    export_name = "アンケート"
    empty = {
        "icon": "chat", "title": "アンケートはまだありません", "text": "設問を並べて公開すると、お客様の声が集計されます。",
        "url_name": "survey_office:add", "label": "アンケートを作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Survey]:
        return queries.seen_by(request.user)

    def search(self, queryset: QuerySet[Survey], text: str) -> QuerySet[Survey]:
        return queryset.filter(Q(title__icontains=text) | Q(slug__icontains=text))

    def row_url(self, row: Any) -> str:
        return reverse("survey_office:survey", args=[row.pk])
