"""記事の一覧: what is written, what waits, what has grown old, and what it brings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Case, F, FloatField, Q, QuerySet, When
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from akinai.core import clock
from akinai.support.forms import KINDS
from akinai.support.models import Article
from akinai.support.queries import knowledge as queries
from akinai.support.states import ArticleState, Audience
from akinai.ui.tones import tone_of
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Worklist, YesNo

COUNTED_DAYS = 90
KIND_NAMES = dict(KINDS)
# Of those who said yes or no; articles nobody spoke of come last.
HELPFUL = Case(
    When(
        Q(helped__gt=0) | Q(not_helped__gt=0) | Q(solved__gt=0),
        then=100.0 * (F("helped") + F("solved")) / (F("helped") + F("solved") + F("not_helped")),
    ),
    output_field=FloatField(),
)


def _state_cell(row: Any, value: Any, request: HttpRequest) -> SafeString | str:
    mark = format_html(
        '<span class="badge" data-tone="{}">{}</span>',
        tone_of("support.article.state", row.state),
        row.get_state_display(),
    )
    if row.live_id and row.state != ArticleState.PUBLISHED:
        mark = format_html('{} <span class="muted">前の版を公開中</span>', mark)
    if row.stale_since:
        mark = format_html('{} <span class="badge" data-tone="warn">要見直し</span>', mark)
    return mark


class ArticleList(Worklist):
    """よくある質問の記事."""

    page = "support.articles"
    title = "よくある質問の記事"
    permission = "support.view_article"
    columns = [
        Column("number", "番号", sort="number", link=True, card="line"),
        Column("question", "質問", sort="question", link=True, card="title"),
        Column("state", "状態", draw=_state_cell, export=lambda row: row.get_state_display(), card="badge"),
        Column("category", "種類", value=lambda row: KIND_NAMES.get(row.category, "") if row.category else "", sort="category"),
        Column("audience", "読む人", value="get_audience_display", visible=False),
        Column("opened", "開いた", format="number", sort="opened"),
        Column("helpful", "役に立った率", format="percent", sort="helpful"),
        Column("asked", "その後問合せ", format="number", sort="asked"),
        Column("inserted", "返信に使用", format="number", sort="inserted"),
        Column("changed_at", "変更", format="datetime", sort="changed_at"),
        Column("stale_since", "要見直し", format="datetime", sort="stale_since", visible=False),
        Column("shown", "表示", format="number", sort="shown", visible=False),
        Column("solved", "解決した", format="number", sort="solved", visible=False),
        Column("not_helped", "役に立たなかった", format="number", sort="not_helped", visible=False),
        Column("published_at", "公開", format="datetime", sort="published_at", visible=False),
        Column("changed_by", "変更した人", value=lambda row: str(row.changed_by or ""), visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("stale", "要見直し", Q(stale_since__isnull=False), count=True, tone="warn"),
        Tab("review", "承認待ち", Q(state=ArticleState.REVIEW), count=True, tone="info"),
        Tab("draft", "下書き", Q(state=ArticleState.DRAFT)),
        Tab("live", "公開中", Q(live__isnull=False)),
        Tab("retired", "取り下げ", Q(state=ArticleState.RETIRED)),
    ]
    filters = [
        MultiChoice("state", "状態", choices=ArticleState.choices),
        Choice("category", "種類", choices=[one for one in KINDS if one[0]]),
        Choice("audience", "読む人", choices=Audience.choices),
        YesNo("stale", "要見直し", yes=Q(stale_since__isnull=False)),
        DateRange("changed", "変更日", field="changed_at"),
    ]
    search_fields = ("search_grams", "search_text")
    search_hint = "番号・質問・答え・言いかえ"
    default_sort = "-changed_at"
    export_name = "よくある質問"
    empty = {
        "icon": "book", "title": "記事はまだありません",
        "text": "解決した問い合わせから作るか、新しく書いてください。",
        "url_name": "support:article_new", "label": "記事を書く",
    }  # fmt: skip
    template_name = "support/articles.html"

    def queryset(self, request: HttpRequest) -> QuerySet[Article]:
        since = clock.now() - timedelta(days=COUNTED_DAYS)
        return queries.for_list(since).annotate(helpful=HELPFUL)

    def row_url(self, row: Article) -> str:
        return reverse("support:article", args=[row.number])

    def row_tone(self, row: Article) -> str:
        return "warn" if row.stale_since else ""
