"""共有の画像: what messengers show of a page that has no picture of its own: that of the shop's first page."""

from __future__ import annotations

from django.core.cache import cache

from akinai.content.addresses import absolute
from akinai.content.models import HomePage, Picture

# What messengers draw: 1200 by 630, in a format that all of them read.
SHARE = "fill-1200x630|format-jpeg"
KEY, SECONDS = "content.share_picture", 300


def address_of(picture: Picture | None) -> str:
    """Where the picture lies in the size of messengers, drawn when it is first asked for; "" without one or when its file is gone."""
    if picture is None:
        return ""
    try:
        return absolute(picture.get_rendition(SHARE).url)
    except (OSError, ValueError):
        return ""


def of_the_shop() -> str:
    """Asked once in five minutes, not for each page."""
    kept: str | None = cache.get(KEY)
    if kept is None:
        home = HomePage.objects.live().select_related("share_picture", "picture").first()
        kept = address_of((home.share_picture or home.picture) if home else None)
        cache.set(KEY, kept, SECONDS)
    return kept
