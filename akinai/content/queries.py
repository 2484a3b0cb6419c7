"""What other rooms may ask of content (コンテンツの照会)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet
from wagtail.models import Page, get_page_models

from akinai.content import texts
from akinai.content.models import FaqPage, ShopPage, SlugRedirect
from akinai.content.surroundings import public


def moved_product(old: str) -> int | None:
    """The product that stood at this address before."""
    found = SlugRedirect.objects.filter(kind=SlugRedirect.Kind.PRODUCT, old_slug=old)
    return found.values_list("product_id", flat=True).first()


def moved_category(old: str) -> int | None:
    """The category that stood at this address before."""
    found = SlugRedirect.objects.filter(kind=SlugRedirect.Kind.CATEGORY, old_slug=old)
    return found.values_list("category_id", flat=True).first()


def live_pages() -> list[tuple[str, datetime | None]]:
    """(path, last published) of every public page of the tree that search engines may show."""
    home = Page.objects.filter(depth=2).first()
    if home is None:
        return []
    rows = public(Page.objects.live().descendant_of(home, inclusive=True).order_by("path"))
    for kind in get_page_models():
        if issubclass(kind, ShopPage):
            rows = rows.exclude(pk__in=kind.objects.filter(no_index=True).values("pk"))
    rest = len(home.url_path)
    return [(f"/{path[rest:]}", at) for path, at in rows.values_list("url_path", "last_published_at")]


@dataclass(frozen=True, slots=True)
class PageTold:
    """店舗のページ, as other rooms name it. `version` changes whenever another text of it is published."""

    pk: int
    title: str
    path: str
    is_live: bool
    version: str


def pages_told(ids: Sequence[int] | None = None) -> list[PageTold]:
    """Pages by id, or every public page by title."""
    home = Page.objects.filter(depth=2).first()
    if home is None:
        return []
    rows = Page.objects.descendant_of(home, inclusive=True)
    rows = rows.live().order_by("title", "pk")[:500] if ids is None else rows.filter(pk__in=ids)
    rest = len(home.url_path)
    told = rows.values_list("pk", "title", "url_path", "live", "live_revision_id", "last_published_at")
    return [
        PageTold(pk, title, f"/{path[rest:]}", live, f"{at:%Y-%m-%d %H:%M}" if at else str(revision or ""))
        for pk, title, path, live, revision, at in told
    ]


@dataclass(frozen=True, slots=True)
class PageQuestion:
    """質問と答え that stand on a page of the shop. `url` leads to its group on the page."""

    page_id: int
    group: str
    question: str
    answer: str
    url: str


_asked_pages: dict[int, tuple[object, tuple[PageQuestion, ...]]] = {}


def page_questions() -> list[PageQuestion]:
    """Every question of the public FAQ pages: one query while none of them has changed."""
    found: list[PageQuestion] = []
    for pk, version in _faqs().values_list("pk", "last_published_at"):
        kept = _asked_pages.get(pk)
        if kept is None or kept[0] != version or version is None:
            kept = _asked_pages[pk] = (version, tuple(_questions_of(FaqPage.objects.get(pk=pk))))
        found += kept[1]
    return found


def _questions_of(page: FaqPage) -> Iterator[PageQuestion]:
    path = page.get_url() or "/"
    for nth, group in enumerate(page.questions, 1):
        for one in group.value.get("items", ()):
            yield PageQuestion(
                page.pk, group.value.get("title", ""), one["question"], texts.plain(one["answer"].source), f"{path}#q{nth}"
            )  # fmt: skip


def _faqs() -> QuerySet[FaqPage]:
    return public(FaqPage.objects.live().order_by("path"))


def faq_path() -> str:
    """The address of the shop's FAQ page, "" while there is none."""
    page = _faqs().first()
    return (page.get_url() or "") if page else ""
