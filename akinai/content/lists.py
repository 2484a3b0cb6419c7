"""コンテンツの一覧: pages, bundles, 注意することば."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from wagtail.models import Page, get_page_models

from akinai.content import page_queries as queries
from akinai.content.models import LegalWord, Release, ShopPage
from akinai.core import clock
from akinai.core.kana import search_key
from akinai.ui.worklist import Choice, Column, DateRange, MultiChoice, Tab, Worklist, YesNo, pill


def kinds(_request: HttpRequest) -> list[tuple[str, str]]:
    return [
        (m._meta.model_name or "", str(m._meta.verbose_name))
        for m in get_page_models()
        if issubclass(m, ShopPage)
    ]


def _kind(page: Page) -> str:
    return str(page.cached_content_type.name)


def _state(page: Page, _value: Any, _request: HttpRequest) -> Any:
    return pill(*queries.standing(page))


def _writer(page: Page) -> str:
    revision = page.latest_revision
    return str(revision.user) if revision and revision.user else ""


class PageList(Worklist):
    """ページ: what is written, what waits for the 店長, what goes out when."""

    page = "content.pages"
    title = "ページ"
    permission = "wagtailadmin.access_admin"
    template_name = "content/office/pages.html"
    columns = [
        Column("title", "題名", value="draft_title", sort="draft_title", link=True, card="title"),
        Column("kind", "種類", value=_kind),
        Column("state", "状態", value=lambda page: queries.standing(page)[0], draw=_state, card="badge"),
        Column("go_live_at", "公開日時", format="datetime", sort="go_live_at"),
        Column("expire_at", "公開終了", format="datetime", sort="expire_at", visible=False),
        Column("writer", "書いた人", value=_writer),
        Column("latest_revision_created_at", "更新", format="datetime", sort="latest_revision_created_at"),
        Column("url_path", "アドレス", value=lambda page: page.url or "", visible=False),
    ]
    tabs = [
        Tab("asked", "承認待ち", queries.IS_ASKED, count=True),
        Tab("planned", "公開予約", queries.IS_PLANNED),
        Tab("live", "公開中", Q(live=True)),
        Tab("draft", "下書き", Q(live=False)),
    ]
    filters = [
        MultiChoice("kind", "種類", choices=kinds, field="content_type__model"),
        YesNo("changed", "公開していない下書き", field="has_unpublished_changes"),
        DateRange("updated", "更新日", field="latest_revision_created_at"),
    ]
    search_hint = "題名・アドレス"
    default_sort = "-latest_revision_created_at"
    export_name = "ページ"
    empty = {
        "icon": "edit",
        "title": "ページはまだありません",
        "text": "編集画面で、特集やブログを書きます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Page]:
        return queries.pages()

    def extra_context(self, request: HttpRequest) -> dict[str, Any]:
        return {"to_write": queries.to_write()}

    def search(self, queryset: QuerySet[Page], text: str) -> QuerySet[Page]:
        for word in text.split():
            queryset = queryset.filter(Q(draft_title__icontains=word) | Q(slug__icontains=word))
        return queryset

    def row_url(self, row: Page) -> str:
        return reverse("wagtailadmin_pages:edit", args=[row.pk])


class ReleaseList(Worklist):
    """公開の束."""

    page = "content.releases"
    title = "公開の束"
    permission = "content.view_release"
    template_name = "content/office/releases.html"
    columns = [
        Column("number", "番号", sort="number", link=True, card="line"),
        Column("name", "名前", sort="name", card="title"),
        Column("due_at", "公開日時", format="datetime", sort="due_at"),
        Column("state", "状態", format="badge", card="badge"),
        Column("count", "中身", format="number", value="count"),
        Column("created_by", "作った人", value="created_by.display_name"),
        Column("result", "結果", visible=False),
    ]
    tabs = [
        Tab("waiting", "公開待ち", Q(state=Release.State.WAITING), count=True),
        Tab("draft", "準備中", Q(state=Release.State.DRAFT)),
        Tab("failed", "公開できず", Q(state=Release.State.FAILED), count=True),
        Tab(
            "done",
            "終わったもの",
            Q(state__in=[Release.State.APPLIED, Release.State.ROLLED_BACK, Release.State.CANCELLED]),
        ),
    ]
    filters = [
        MultiChoice("state", "状態", choices=Release.State.choices),
        DateRange("due", "公開日", field="due_at"),
    ]
    search_hint = "番号・名前"
    default_sort = "-due_at"
    export_name = "公開の束"
    empty = {
        "icon": "layers", "title": "公開の束はまだありません",
        "text": "特集・価格・お知らせの帯・メールを、ひとつの時刻にそろえて公開できます。",
        "url_name": "content:new_release", "label": "束を作る",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[Release]:
        return Release.objects.select_related("created_by").annotate(count=Count("items"))

    def search(self, queryset: QuerySet[Release], text: str) -> QuerySet[Release]:
        for word in text.split():
            queryset = queryset.filter(Q(name__icontains=word) | Q(number__icontains=word))
        return queryset

    def row_url(self, row: Release) -> str:
        return reverse("content:release", args=[row.number])

    def row_tone(self, row: Release) -> str:
        if row.state == Release.State.FAILED:
            return "bad"
        late = row.state == Release.State.WAITING and row.due_at < clock.now() - timedelta(minutes=5)
        return "warn" if late else ""


class WordList(Worklist):
    """注意することば."""

    page = "content.words"
    title = "注意することば"
    permission = "content.view_legalword"
    template_name = "content/office/words.html"
    columns = [
        Column("word", "ことば", sort="word", link=True, card="title"),
        Column("law", "法律", format="badge", sort="law", card="line"),
        Column("level", "扱い", format="badge", sort="level", card="badge"),
        Column("why", "なぜ"),
        Column("instead", "言いかえ"),
        Column("whole_word", "単語としてだけ", format="bool", visible=False),
        Column("except_in", "数えない言い方", visible=False),
        Column("is_active", "使う", format="bool"),
        Column("updated_at", "更新", format="datetime", sort="updated_at", visible=False),
    ]
    tabs = [
        Tab("stop", "公開できない", Q(level=LegalWord.Level.STOP)),
        Tab("warn", "確認が必要", Q(level=LegalWord.Level.WARN)),
        Tab("off", "使わない", Q(is_active=False)),
    ]
    filters = [
        MultiChoice("law", "法律", choices=LegalWord.Law.choices),
        Choice("level", "扱い", choices=lambda _request: list(LegalWord.Level.choices)),
        YesNo("active", "使う", field="is_active"),
    ]
    search_hint = "ことば・なぜ・言いかえ"
    default_sort = "word"
    export_name = "注意することば"
    empty = {"icon": "search", "title": "該当することばがありません", "text": "別のことばで探してください。"}

    def queryset(self, request: HttpRequest) -> QuerySet[LegalWord]:
        return LegalWord.objects.all()

    def search(self, queryset: QuerySet[LegalWord], text: str) -> QuerySet[LegalWord]:
        for word in text.split():
            queryset = queryset.filter(
                Q(key__contains=search_key(word)) | Q(why__icontains=word) | Q(instead__icontains=word)
            )
        return queryset

    def row_url(self, row: LegalWord) -> str:
        return reverse("content:word", args=[row.pk])
