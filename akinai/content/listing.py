"""ページの一覧: what index pages, the home page and blog posts list of other pages."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.core.paginator import InvalidPage, Paginator
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest
from taggit.models import Tag
from wagtail.models import Page

from akinai.content.surroundings import public

if TYPE_CHECKING:
    from akinai.content.models import BlogPage, IndexPage


@dataclass(frozen=True, slots=True)
class Choice:
    """A way to narrow the list. `query` is what stands behind the ? of its address."""

    name: str
    query: str
    is_chosen: bool
    count: int = 0


def of(index: IndexPage, request: HttpRequest) -> dict[str, Any]:
    """`stories` (a page of them), `choices` and what is chosen. 404 for a page number that is not there."""
    children = stories_under(index)
    choices, found = _narrowed(index, children, request)
    try:
        pages = Paginator(found, index.per_page).page(request.GET.get("p") or 1)
    except InvalidPage as error:
        raise Http404("このページはありません。") from error
    chosen = next((one for one in choices if one.is_chosen), None)
    return {"stories": pages, "choices": choices, "chosen": chosen}


def stories_under(index: IndexPage) -> QuerySet[Any]:
    """The public children of their one kind, newest first, with picture."""
    kind = next(model for model in index.allowed_subpage_models())
    return _newest_first(kind.objects.child_of(index))


def _newest_first(pages: Any) -> QuerySet[Any]:
    """Those that everybody may read, newest first, with picture."""
    order = "-dated_on" if hasattr(pages.model, "dated_on") else "-first_published_at"
    found = public(pages.live()).order_by(order, "-pk")
    return found.select_related("picture").prefetch_related("picture__renditions")


def _narrowed(
    index: IndexPage, children: QuerySet[Any], request: HttpRequest
) -> tuple[list[Choice], QuerySet[Any]]:
    kind = children.model
    if hasattr(kind, "theme"):
        return _by_theme(children, request.GET.get("theme", "")[:30])
    if hasattr(kind, "tags"):
        return _by_tag(children, request.GET.get("tag", "")[:100])
    return [], children


def _by_theme(children: QuerySet[Any], asked: str) -> tuple[list[Choice], QuerySet[Any]]:
    themes = children.exclude(theme="").order_by("theme").values_list("theme").annotate(Count("pk"))
    choices = [Choice(name, f"theme={name}", name == asked, count) for name, count in themes]
    return choices, children.filter(theme=asked) if asked else children


def _by_tag(children: QuerySet[Any], asked: str) -> tuple[list[Choice], QuerySet[Any]]:
    tags = (
        Tag.objects.filter(content_blogtag_items__content_object__in=children.order_by().values("pk"))
        .annotate(count=Count("pk"))
        .order_by("-count", "name")[:20]
    )
    choices = [Choice(tag.name, f"tag={tag.slug}", tag.slug == asked, tag.count) for tag in tags]
    return choices, children.filter(tags__slug=asked).distinct() if asked else children


def related(post: BlogPage, tags: Sequence[int], most: int = 3) -> Sequence[Any]:
    """Posts that share most of these tags, newest first among equals; the newest where none does. One query."""
    from akinai.content.models import BlogPage

    others = public(BlogPage.objects.sibling_of(post, inclusive=False).live()).select_related("picture")
    if not tags:
        return list(others.order_by("-dated_on", "-pk")[:most])
    shared = Count("tagged_items", filter=Q(tagged_items__tag__in=tags))
    return list(others.annotate(shared=shared).order_by("-shared", "-dated_on", "-pk")[:most])


def newest(kind: str, most: int, *, without: int | None = None) -> dict[str, Any]:
    """`stories`: the newest public pages of this kind but one, and `index`, the list they stand in. Two queries."""
    from akinai.content import models

    pages: Any = getattr(models, kind)
    stories = list(_newest_first(pages.objects.exclude(pk=without))[:most])
    index = Page.objects.filter(path=stories[0].path[: -Page.steplen]).first() if stories else None
    return {"stories": stories, "index": index}


def latest_news(most: int = 3) -> list[Any]:
    """お知らせ of the home page: what is important first, then the newest. One query."""
    from akinai.content.models import NewsPage

    return list(public(NewsPage.objects.live()).order_by("-is_important", "-dated_on", "-pk")[:most])
