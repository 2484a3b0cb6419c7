"""レビューと質問の一覧."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils.html import format_html

from akinai.content.models import ProductQuestion, Review
from akinai.content.reviews import queries, services
from akinai.ui.worklist import BulkAction, Column, DateRange, MultiChoice, Tab, Text, Worklist, YesNo, each

STARS = [(str(n), "★" * n + "☆" * (5 - n)) for n in (5, 4, 3, 2, 1)]


def flags_of(row: Any) -> str:
    return "・".join(row.flags)


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1]}…"


def _whole_words(row: Any, value: Any, request: HttpRequest) -> str:
    """The goods' name in a column that is never squeezed to a letter a line."""
    return format_html('<span class="clip">{}</span>', value)


class ReviewList(Worklist):
    """レビューの確認."""

    page = "content.reviews"
    title = "レビュー"
    permission = "content.view_review"
    template_name = "content/reviews/office_list.html"
    columns = [
        Column(
            "title", "レビュー", value=lambda row: row.title or _short(row.text, 22), link=True, card="title"
        ),
        Column("stars", "評価", value="star_text", sort="stars", card="amount"),
        Column("state", "状態", format="badge", card="badge"),
        Column("product", "商品", value="product.name", sort="product__name", draw=_whole_words),
        Column("flags", "気を付けるところ", value=flags_of, card="plain"),
        Column("nickname", "ニックネーム", card="hide", visible=False),
        Column(
            "rewarded",
            "お礼",
            value=lambda row: "あり" if row.is_rewarded else "",
            card="hide",
            visible=False,
        ),
        Column("helpful", "参考", format="number", sort="helpful", card="hide"),
        Column("replied", "返信", value=lambda row: "済" if row.reply else "", card="hide"),
        Column("created_at", "投稿日時", format="datetime", sort="created_at"),
    ]
    tabs = [
        Tab("waiting", "確認待ち", Q(state=Review.State.WAITING), count=True),
        Tab("published", "公開中", Q(state=Review.State.PUBLISHED)),
        Tab("hidden", "非公開", Q(state=Review.State.HIDDEN)),
    ]
    filters = [
        MultiChoice("stars", "評価", choices=STARS), DateRange("created", "投稿日", field="created_at"),
        Text("product", "商品コード", field="product__code"), YesNo("rewarded", "お礼あり", field="is_rewarded"),
    ]  # fmt: skip
    search_hint = "本文・題名・商品名"
    default_sort = "-created_at"
    export_name = "レビュー"
    bulk_actions = [
        BulkAction("publish", "公開する", run=each(services.publish), permission="content.change_review",
                   confirm="{count} 件を公開します。書かれたとおりに表示します。", icon="check")
    ]  # fmt: skip
    empty = {
        "icon": "star",
        "title": "レビューはまだありません",
        "text": "お買い上げの方がレビューを書くと、ここで確かめてから公開します。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[Review]:
        return queries.seen_by(request.user)

    def search(self, queryset: QuerySet[Review], text: str) -> QuerySet[Review]:
        found = Q(text__icontains=text) | Q(title__icontains=text) | Q(product__name__icontains=text)
        return queryset.filter(found | Q(nickname__icontains=text))

    def row_url(self, row: Any) -> str:
        return reverse("review_office:review", args=[row.pk])

    def row_tone(self, row: Any) -> str:
        return "warn" if row.flags and row.state == Review.State.WAITING else ""


class QuestionList(Worklist):
    """商品の質問."""

    page = "content.questions"
    title = "商品の質問"
    permission = "content.view_productquestion"
    template_name = "content/reviews/office_questions.html"
    columns = [
        Column("text", "質問", value=lambda row: _short(row.text, 30), link=True, card="title"),
        Column("state", "状態", format="badge", card="badge"),
        Column("product", "商品", value="product.name", sort="product__name", draw=_whole_words),
        Column("flags", "気を付けるところ", value=flags_of, card="plain"),
        Column("nickname", "ニックネーム", card="hide", visible=False),
        Column("mail", "メール", value=lambda row: "希望" if row.email else "", card="hide"),
        Column("created_at", "質問日時", format="datetime", sort="created_at"),
        Column("answered_at", "回答日時", format="datetime", sort="answered_at", card="hide"),
    ]
    tabs = [
        Tab("waiting", "回答待ち", Q(state=ProductQuestion.State.WAITING), count=True),
        Tab("answered", "公開中", Q(state=ProductQuestion.State.ANSWERED)),
        Tab("private", "本人にだけ", Q(state=ProductQuestion.State.PRIVATE)),
        Tab("hidden", "非公開", Q(state=ProductQuestion.State.HIDDEN)),
    ]
    filters = [
        DateRange("created", "質問日", field="created_at"),
        Text("product", "商品コード", field="product__code"),
    ]
    search_hint = "質問・回答・商品名"
    default_sort = "-created_at"
    export_name = "商品の質問"
    empty = {
        "icon": "help",
        "title": "質問はまだありません",
        "text": "商品のページからの質問が、ここに届きます。",
    }

    def queryset(self, request: HttpRequest) -> QuerySet[ProductQuestion]:
        return queries.questions_seen_by(request.user)

    def search(self, queryset: QuerySet[ProductQuestion], text: str) -> QuerySet[ProductQuestion]:
        found = Q(text__icontains=text) | Q(answer__icontains=text) | Q(product__name__icontains=text)
        return queryset.filter(found)

    def row_url(self, row: Any) -> str:
        return reverse("review_office:question", args=[row.pk])
