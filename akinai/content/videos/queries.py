"""動画の照会."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db.models import Count, Prefetch, QuerySet, Sum
from django.db.models.functions import Coalesce

from akinai.content.models import Chapter, Video, VideoSeries
from akinai.content.videos.chapters import Told
from akinai.core import clock
from akinai.core.search import search

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from akinai.staff.models import Staff


def public() -> QuerySet[Video]:
    """公開中, newest first."""
    rows = Video.objects.filter(is_public=True, published_at__lte=clock.now()).select_related("series")
    return rows.order_by("-published_at", "-pk")


def by_slug(slug: str) -> Video | None:
    return public().filter(slug=slug).first()


def choices() -> list[tuple[str, str]]:
    """(address, title) of what may stand in a page, the newest first."""
    return list(public().values_list("slug", "title")[:500])


def found(words: str) -> QuerySet[Video]:
    """公開中 that say every word, in the title, the description, a chapter or the spoken text."""
    return search(public(), words)


def series() -> list[VideoSeries]:
    """Series that have something to see, with their films in order. Two queries."""
    films = public().order_by("position", "published_at", "pk")
    rows = VideoSeries.objects.order_by("position", "pk").prefetch_related(
        Prefetch("videos", films, to_attr="films")
    )
    return [one for one in rows if one.films]  # type: ignore[attr-defined]


def films_of(one: VideoSeries) -> list[Video]:
    return list(public().filter(series=one).order_by("position", "published_at", "pk"))


def chapters_of(video: Video) -> list[Chapter]:
    """Chapters with their goods. Two queries."""
    return list(video.chapters.order_by("second").prefetch_related("products"))


def told_chapters(video: Video) -> list[Told]:
    return [
        Told(one.second, one.title, tuple(product.code for product in one.products.all()))
        for one in chapters_of(video)
    ]


def showing(product_id: int) -> list[Video]:
    """Films in which this product is seen, newest first."""
    return list(public().filter(chapters__products=product_id).distinct()[:4])


def plays(video: Video) -> int:
    return video.days.aggregate(total=Sum("plays"))["total"] or 0


def seen_by(user: Staff | AnonymousUser) -> QuerySet[Video]:
    """Films with how often they were played."""
    rows = Video.objects.select_related("series").annotate(total=Coalesce(Sum("days__plays"), 0))
    return rows if user.has_perm("content.view_video") else rows.none()


def series_seen_by(user: Staff | AnonymousUser) -> QuerySet[VideoSeries]:
    rows = VideoSeries.objects.annotate(count=Count("videos"))
    return rows if user.has_perm("content.view_videoseries") else rows.none()
