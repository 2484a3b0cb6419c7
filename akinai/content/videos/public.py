"""動画チャンネルのページ. Nothing of another service is asked for before somebody presses play."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.text import Truncator
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST, require_safe

from akinai.catalog import public as catalog
from akinai.content.addresses import absolute
from akinai.content.cards import Card, cards
from akinai.content.jsonld import in_script
from akinai.content.models import Chapter, Video, VideoSeries
from akinai.content.videos import chapters, files, links, queries, services
from akinai.core import tries

PER_PAGE = 24


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """動画の一覧: series, what belongs to none, and what was searched for."""
    words = request.GET.get("q", "").strip()[:100]
    rows = queries.found(words) if words else queries.public().filter(series=None)
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "q": words,
        "page": page,
        "videos": page.object_list,
        "series": [] if words else queries.series(),
        "crumbs": _crumbs(),
        "title": "動画",
        "canonical": absolute(reverse("videos:index") + (f"?page={page.number}" if page.number > 1 else "")),
        "noindex": bool(words),
    }
    return render(request, "content/videos/index.html", context)


@require_safe
def series(request: HttpRequest, slug: str) -> HttpResponse:
    """シリーズ: a playlist."""
    found = get_object_or_404(VideoSeries, slug=slug)
    videos = queries.films_of(found)
    if not videos:
        raise Http404("このシリーズは、いまは公開していません。")
    context = {
        "series": found, "videos": videos, "crumbs": _crumbs((found.title, "")), "title": found.title, "description": found.lead,
        "canonical": absolute(reverse("videos:series", args=[slug])), "og_image": next(filter(None, map(_poster, videos)), ""),
    }  # fmt: skip
    return render(request, "content/videos/series.html", context)


def _crumbs(*below: tuple[str, str]) -> list[tuple[str, str]]:
    return [("動画", reverse("videos:index")), *below]


def _poster(video: Video) -> str:
    return absolute(reverse("media", args=[video.poster])) if video.poster else ""


def _of_series(found: Video) -> list[tuple[str, str]]:
    if found.series is None:
        return []
    return [(found.series.title, reverse("videos:series", args=[found.series.slug]))]


def _found(request: HttpRequest, slug: str) -> Video:
    """The film; also one that is not public yet for who may change it."""
    video = queries.by_slug(slug)
    if video is None and request.user.has_perm("content.change_video"):
        video = Video.objects.select_related("series").filter(slug=slug).first()
    if video is None:
        raise Http404("この動画は、いまは公開していません。")
    return video


@require_safe
def video(request: HttpRequest, slug: str) -> HttpResponse:
    """動画のページ."""
    found = _found(request, slug)
    wished = request.GET.get("t", "")
    second = int(wished) if wished.isdecimal() and len(wished) < 6 else 0
    parts = queries.chapters_of(found)
    context = {
        "video": found, "second": second, "plays_now": bool(request.GET.get("play")), "chapters": _with_cards(parts),
        "embed": links.embed(found.source, found.external_id, second) if found.external_id else "",
        "elsewhere": links.page(found.source, found.external_id) if found.external_id else "",
        "playlist": queries.films_of(found.series) if found.series else [], "jsonld": jsonld(found, parts),
        "crumbs": _crumbs(*_of_series(found), (found.title, "")),
        "here": absolute(reverse("videos:video", args=[found.slug])), "poster": _poster(found), "is_draft": not found.is_public,
        "description": Truncator(found.lead).chars(120),
    }  # fmt: skip
    response = render(request, "content/videos/video.html", context)
    if found.external_id:
        # The frame of this one service, on this one page.
        policy = {**settings.SECURE_CSP, "frame-src": [links.HOSTS[found.source]]}
        response._csp_config = policy  # type: ignore[attr-defined]
    return response


def _with_cards(parts: list[Chapter]) -> list[tuple[Chapter, str, list[Card]]]:
    """Chapters with their time and their goods as they stand now: three queries for all of them."""
    ids = {product.pk for part in parts for product in part.products.all()}
    shown = {
        card.shown.product_id: card for card in cards(catalog.shown(catalog.products().filter(pk__in=ids)))
    }
    return [
        (part, chapters.clock(part.second), [shown[one.pk] for one in part.products.all() if one.pk in shown])
        for part in parts
    ]


@require_safe
def file(request: HttpRequest, slug: str) -> HttpResponseBase:
    """自社の動画, in the parts a player asks for."""
    found = _found(request, slug)
    if not found.file:
        raise Http404
    try:
        return files.send(request, found.file, found.content_type)
    except FileNotFoundError:
        raise Http404("この動画のファイルがありません。") from None


@require_safe
def captions(request: HttpRequest, slug: str) -> HttpResponse:
    """字幕."""
    found = _found(request, slug)
    if not found.captions:
        raise Http404
    return HttpResponse(found.captions, content_type="text/vtt; charset=utf-8")


@csrf_exempt  # a beacon carries no token; it counts one play of a public film, at most one an address in ten minutes
@require_POST
def played(request: HttpRequest, slug: str) -> HttpResponse:
    """再生された."""
    found = queries.by_slug(slug)
    if found is not None and tries.count(f"play:{found.pk}:{tries.address_of(request)}") == 1:
        services.count_play(found)
    return HttpResponse(status=204)


def jsonld(video: Video, parts: list[Chapter]) -> Any:
    """schema.org VideoObject with its chapters as clips."""
    address = absolute(reverse("videos:video", args=[video.slug]))
    told: dict[str, Any] = {
        "@context": "https://schema.org", "@type": "VideoObject", "@id": f"{address}#video", "name": video.title,
        "description": video.lead or video.title, "uploadDate": (video.published_at or video.created_at).isoformat(),
    }  # fmt: skip
    if poster := _poster(video):
        told["thumbnailUrl"] = [poster]
    if video.seconds:
        told["duration"] = f"PT{video.seconds // 60}M{video.seconds % 60}S"
    if video.file:
        told["contentUrl"] = absolute(reverse("videos:file", args=[video.slug]))
    else:
        told["embedUrl"] = links.embed(video.source, video.external_id).partition("?")[0]
    if video.transcript:
        told["transcript"] = video.transcript[:5000]
    if parts:
        told["hasPart"] = [_clip(address, part) for part in parts]
    return in_script(told)


def _clip(address: str, part: Chapter) -> dict[str, Any]:
    return {
        "@type": "Clip",
        "name": part.title,
        "startOffset": part.second,
        "url": f"{address}?t={part.second}",
    }
