"""読みもの: what stands in the foot of every public page besides goods: the lists of pages that are in the menu, and the films."""

from __future__ import annotations

from django.core.cache import cache
from django.urls import reverse
from wagtail.models import Page

from akinai.content.surroundings import public
from akinai.content.videos import queries as videos

KEY, SECONDS = "content.reading", 60
type Link = tuple[str, str]


def links() -> list[Link]:
    """(title, address) in the order of the tree. A new page may take a minute to appear here."""
    kept: list[Link] | None = cache.get(KEY)
    if kept is None:
        kept = _asked()
        cache.set(KEY, kept, SECONDS)
    return kept


def _asked() -> list[Link]:
    pages = public(Page.objects.live().filter(depth=3, show_in_menus=True)).order_by("path")
    found = [(page.title, address) for page in pages if (address := page.get_url())]
    return [*found, ("動画", reverse("videos:index"))] if videos.public().exists() else found
