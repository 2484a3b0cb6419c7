"""What may be asked of content (コンテンツの照会)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from wagtail.models import Page, Revision, WorkflowState

from akinai.catalog import queries as catalog
from akinai.content import texts
from akinai.content.models import Release, ReleaseItem
from akinai.content.moments import Moment
from akinai.content.services import words


def pages() -> QuerySet[Page]:
    """店舗のページ below the root, with what is going on with each."""
    mine = Cast(OuterRef("pk"), CharField())
    asked = WorkflowState.objects.filter(object_id=mine, status=WorkflowState.STATUS_IN_PROGRESS)
    # Wagtail looks the kinds of pages up in the database when this is built: never while a module is read.
    planned = Revision.page_revisions.filter(object_id=mine, approved_go_live_at__isnull=False)
    found = Page.objects.filter(depth__gt=1).select_related("content_type", "latest_revision__user")
    return found.annotate(is_asked=Exists(asked), is_planned=Exists(planned))


def standing(page: Any) -> tuple[str, str]:
    """(状態, tone) of a page of `pages`."""
    if page.is_asked:
        return "承認待ち", "warn"
    if page.is_planned:
        return "公開予約", "info"
    if page.live:
        return ("公開中（下書きあり）", "accent") if page.has_unpublished_changes else ("公開中", "good")
    return ("公開終了", "mute") if page.expired else ("下書き", "mute")


IS_ASKED, IS_PLANNED = Q(is_asked=True), Q(is_planned=True)


# 種類 → under which list a new one is written.
WRITTEN = (
    ("featurepage", "featureindexpage"),
    ("blogpage", "blogindexpage"),
    ("newspage", "newsindexpage"),
    ("landingpage", "homepage"),
)


def to_write() -> list[tuple[str, str]]:
    """(種類, address of the form) of every kind of page that can be begun: one query."""
    from django.apps import apps

    above = dict(WRITTEN)
    rows = Page.objects.filter(
        content_type__app_label="content", content_type__model__in=above.values(), depth__lte=3
    )
    places = dict(rows.order_by("-path").values_list("content_type__model", "pk"))
    return [
        (
            str(apps.get_model("content", kind)._meta.verbose_name),
            reverse("wagtailadmin_pages:add", args=["content", kind, places[parent]]),
        )
        for kind, parent in WRITTEN
        if parent in places
    ]


def moment_of(page: Page, at: datetime, segment: str) -> tuple[Moment, Page]:
    """How the shop stands then, and this page as it will be: by bundles that wait, by plans, else as it is written now."""
    releases = list(
        Release.objects.filter(state=Release.State.WAITING, due_at__lte=at).order_by("due_at", "pk")
    )
    items = (
        ReleaseItem.objects.filter(release__in=releases)
        .select_related("revision", "release")
        .order_by("release__due_at", "pk")
    )
    prices, announcement, revision = catalog.prices_planned(at), None, None
    for item in items:
        if item.kind == ReleaseItem.Kind.PRICES:
            prices.update({pk: yen for pk, _code, yen in item.told["prices"]})
        elif item.kind == ReleaseItem.Kind.ANNOUNCEMENT:
            announcement = item.told["text"]
        elif item.kind == ReleaseItem.Kind.PAGE and item.page_id == page.pk:
            revision = item.revision
    revision = revision or _planned_revision(page, at)
    shown = revision.as_object() if revision else page.get_latest_revision_as_object()
    return Moment(at, segment, prices, announcement), shown


def _planned_revision(page: Page, at: datetime) -> Revision | None:
    return page.revisions.filter(approved_go_live_at__lte=at).order_by("-approved_go_live_at").first()


def product_hits(most: int = 500) -> tuple[list[tuple[str, str, words.Hit]], int]:
    """(商品番号, 商品コード, hit) in names and texts of goods, at most so many, and how many products were read."""
    known = words.active()
    found: list[tuple[str, str, words.Hit]] = []
    read = 0
    for number, code, name, description in catalog.texts_to_read():
        read += 1
        passages = (
            texts.Passage("name", "商品名", name),
            texts.Passage("description", "商品説明", description),
        )
        looked = words.look_through((one for one in passages if one.text), known)
        found += [(number, code, hit) for hit in looked.hits]
        if len(found) >= most:
            break
    return found[:most], read


def drafts_to_release() -> list[tuple[int, str]]:
    """Pages that have something to publish."""
    rows = Page.objects.filter(depth__gt=1).filter(Q(live=False) | Q(has_unpublished_changes=True))
    return list(rows.order_by("-latest_revision_created_at").values_list("pk", "draft_title")[:300])


def live_pages() -> list[tuple[int, str]]:
    """Pages that can be taken off; the home page stays."""
    return list(
        Page.objects.filter(depth__gt=2, live=True).order_by("title").values_list("pk", "title")[:500]
    )
