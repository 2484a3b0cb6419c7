"""効果の一覧: pages with what they bring, and what is wrong with them today."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from akinai.content import effect_queries as queries
from akinai.content.models import PageFault, SeenPage
from akinai.ui.worklist import Choice, Column, MultiChoice, Tab, Worklist, YenRange, pill

TONES = {
    "sold_out": "bad",
    "hidden": "bad",
    "broken": "bad",
    "slow": "warn",
    "orphan": "info",
    "thin": "info",
}


class Period(Choice):
    """期間: it narrows no rows, it says of which days the sums are."""

    def apply(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset


def _percent(row: Any) -> str:
    return "–" if row.bounce_rate is None else f"{row.bounce_rate:.1f}%"


def _problems(row: Any, _value: Any, _request: HttpRequest) -> str:
    return pill(f"{row.problems} 件", "warn") if row.problems else "–"


class EffectList(Worklist):
    """コンテンツの効果."""

    page = "content.effect"
    title = "コンテンツの効果"
    permission = "content.view_seenpage"
    template_name = "effect/list.html"
    columns = [
        Column("title", "ページ", sort="title", link=True, card="title"),
        Column("path", "アドレス", sort="path", card="plain"),
        Column("kind", "種類", format="badge", card="badge"),
        Column("views", "閲覧数", format="number", sort="views"),
        Column("sessions", "セッション", format="number", sort="sessions"),
        Column("bounce_rate", "直帰率", value=_percent, sort="bounce_rate", align="end"),
        Column("orders", "貢献した受注", format="number", sort="orders"),
        Column("assisted_yen", "貢献額", format="yen", sort="assisted_yen", card="amount"),
        Column("problems", "問題", draw=_problems, sort="problems"),
        Column("entries", "入口になった数", format="number", sort="entries", visible=False),
        Column("bounces", "直帰", format="number", sort="bounces", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("written", "読みもの", Q(kind__in=["home", "written"])),
        Tab("product", "商品", Q(kind="product")),
        Tab("trouble", "問題あり", Q(problems__gt=0), count=True),
    ]
    filters = [
        Period("period", "期間", choices=queries.PERIODS), MultiChoice("kind", "種類", choices=SeenPage.Kind.choices),
        YenRange("assisted", "貢献額", field="assisted_yen"),
    ]  # fmt: skip
    search_hint = "題名・アドレス"
    default_sort = "-views"
    export_name = "コンテンツの効果"
    empty = {
        "icon": "chart",
        "title": "まだ閲覧がありません",
        "text": "店舗のページが見られると、10 分ごとに集計されて並びます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return queries.pages(queries.period_of(request.GET.get("f.period", "")))

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(Q(title__icontains=text.strip()) | Q(path__icontains=text.strip()))

    def row_url(self, row: Any) -> str:
        period = self.request.GET.get("f.period", "")
        return reverse("effect:page", args=[row.pk]) + (
            f"?f.period={period}" if period in dict(queries.PERIODS) else ""
        )


def _kind(row: Any, _value: Any, _request: HttpRequest) -> str:
    return pill(row.get_kind_display(), TONES[row.kind])


def _fix(row: Any, _value: Any, _request: HttpRequest) -> str:
    return format_html(
        '<a href="{}">{}</a>', row.fix_url or reverse("effect:page", args=[row.page_id]), row.fix
    )


class FaultList(Worklist):
    """いま損をしているページ."""

    page = "content.faults"
    title = "いま損をしているページ"
    permission = "content.view_seenpage"
    template_name = "effect/faults.html"
    columns = [
        Column("page", "ページ", value="page.title", link=True, card="title"),
        Column("kind", "問題", value=lambda row: row.get_kind_display(), draw=_kind, sort="kind", card="badge"),
        Column("what", "内容", card="plain"),
        Column("fix", "次にすること", draw=_fix, card="plain"),
        Column("views", "7 日間の閲覧", format="number", sort="views"),
        Column("lost_yen", "失っている見込み（週）", format="yen", sort="lost_yen", card="amount"),
        Column("path", "アドレス", value="page.path", visible=False),
        Column("found_at", "調べた日時", format="datetime", visible=False),
    ]  # fmt: skip
    tabs = [
        Tab("money", "売り逃し", Q(kind__in=["sold_out", "hidden", "broken"]), count=True),
        Tab("reading", "読まれにくい", Q(kind__in=["slow", "orphan", "thin"])),
    ]
    filters = [MultiChoice("kind", "問題", choices=PageFault.Kind.choices)]
    search_hint = "ページ・内容"
    default_sort = "-views"
    export_name = "ページの問題"
    empty = {"icon": "check", "title": "問題は見つかっていません", "text": "1 時間ごとに調べています。"}

    def queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return PageFault.objects.select_related("page")

    def search(self, queryset: QuerySet[Any], text: str) -> QuerySet[Any]:
        return queryset.filter(Q(page__title__icontains=text.strip()) | Q(what__icontains=text.strip()))

    def row_url(self, row: Any) -> str:
        return reverse("effect:page", args=[row.page_id])
