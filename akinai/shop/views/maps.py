"""検索エンジンのための道案内: sitemap.xml (an index and its parts) and robots.txt."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import escape
from django.views.decorators.http import require_safe

from akinai.catalog import public
from akinai.content.addresses import absolute
from akinai.content.queries import live_pages
from akinai.shop.categories import address, place_of

PART = 5_000
HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
SPACE = "http://www.sitemaps.org/schemas/sitemap/0.9"
type Entry = tuple[str, datetime | None]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """sitemap.xml: one part for the pages, one for the categories, one per 5,000 goods."""
    parts = max(1, -(-public.products().count() // PART))
    names = [("pages", 1), ("categories", 1), *(("products", at + 1) for at in range(parts))]
    rows = "".join(
        f"<sitemap><loc>{escape(absolute(reverse('shop:sitemap', args=names_)))}</loc></sitemap>"
        for names_ in names
    )
    return _xml(f'<sitemapindex xmlns="{SPACE}">{rows}</sitemapindex>')


@require_safe
def part(request: HttpRequest, kind: str, number: int) -> HttpResponse:
    """One part. 404 for one that is not there."""
    found = list(PARTS[kind](number)) if kind in PARTS and (number == 1 or kind == "products") else []
    if not found and number > 1:
        raise Http404
    return _xml(f'<urlset xmlns="{SPACE}">{"".join(map(_row, found))}</urlset>')


def _row(entry: Entry) -> str:
    path, at = entry
    changed = f"<lastmod>{at.date().isoformat()}</lastmod>" if at else ""
    return f"<url><loc>{escape(absolute(path))}</loc>{changed}</url>"


def _products(number: int) -> Iterable[Entry]:
    rows = public.products().order_by("pk").only("slug", "number", "updated_at")
    for one in rows[(number - 1) * PART : number * PART]:
        yield reverse("shop:product", args=[public.key_of(one)]), one.updated_at


def _categories(_number: int) -> Iterable[Entry]:
    tree = list(public.categories())
    return [(address(one), None) for one in tree if place_of(one, tree)]


def _pages(_number: int) -> Iterable[Entry]:
    own = [(reverse(f"shop:{name}"), None) for name in ("guide", "law", "privacy", "terms")]
    return [*live_pages(), *own]


PARTS = {"products": _products, "categories": _categories, "pages": _pages}


def _xml(body: str) -> HttpResponse:
    return HttpResponse(HEAD + body, content_type="application/xml; charset=utf-8")


NOT_FOR_ROBOTS = (
    "/office/",
    "/cms/",
    "/accounts/",
    "/cart/",
    "/checkout/",
    "/mypage/",
    "/receipts/",
    "/pay/",
    "/*?*look=",
)


@require_safe
def robots(request: HttpRequest) -> HttpResponse:
    """robots.txt."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in NOT_FOR_ROBOTS), f"Sitemap: {absolute(reverse('shop:sitemap_index'))}"]  # fmt: skip
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; charset=utf-8")
