"""What other rooms may ask of content (コンテンツの照会)."""

from __future__ import annotations

from datetime import datetime

from wagtail.models import Page

from akinai.content.models import SlugRedirect


def moved_product(old: str) -> int | None:
    """The product that stood at this address before."""
    found = SlugRedirect.objects.filter(kind=SlugRedirect.Kind.PRODUCT, old_slug=old)
    return found.values_list("product_id", flat=True).first()


def moved_category(old: str) -> int | None:
    """The category that stood at this address before."""
    found = SlugRedirect.objects.filter(kind=SlugRedirect.Kind.CATEGORY, old_slug=old)
    return found.values_list("category_id", flat=True).first()


def live_pages() -> list[tuple[str, datetime | None]]:
    """(path, last published) of every public page of the tree, for search engines."""
    home = Page.objects.filter(depth=2).first()
    if home is None:
        return []
    rows = Page.objects.live().public().descendant_of(home, inclusive=True).order_by("path")
    rest = len(home.url_path)
    return [(f"/{path[rest:]}", at) for path, at in rows.values_list("url_path", "last_published_at")]
