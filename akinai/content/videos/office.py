"""動画の画面 (管理画面)."""

from __future__ import annotations

from datetime import timedelta

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.content.models import Video, VideoSeries
from akinai.content.videos import queries, services
from akinai.content.videos.forms import SeriesForm, VideoForm
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

DAYS = 28


@office("content.add_video")
@once
def add(request: HttpRequest) -> HttpResponse:
    """動画を載せる."""
    return _video(request, Video(), "動画を載せる")


@office("content.change_video")
@once
def video(request: HttpRequest, pk: int) -> HttpResponse:
    """動画を直す."""
    found = get_object_or_404(queries.seen_by(request.user), pk=pk)
    return _video(request, found, found.title)


def _video(request: HttpRequest, found: Video, title: str) -> HttpResponse:
    form = VideoForm(request.POST or None, request.FILES or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = services.save_video(
                form.save(commit=False), form.cleaned_data["parts"], by=clerk(request)
            )
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"動画「{saved.title}」を保存しました。")
            return redirect("video_office:list")
    context = {
        "form": form, "video": found, "title": title, "cancel_url": reverse("video_office:list"), "multipart": True,
        "plays": _plays(found) if found.pk else [],
    }  # fmt: skip
    return render(request, "content/videos/form.html", context, status=422 if form.is_bound else 200)


def _plays(found: Video) -> list[tuple[str, int]]:
    """再生 of the last four weeks, day by day."""
    since = clock.today() - timedelta(days=DAYS - 1)
    counted = dict(found.days.filter(on__gte=since).values_list("on", "plays"))
    days = [since + timedelta(days=n) for n in range(DAYS)]
    return [(f"{day.month}/{day.day}", counted.get(day, 0)) for day in days]


@office_post("content.delete_video")
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(queries.seen_by(request.user), pk=pk)
    services.remove_video(found, by=clerk(request))
    messages.success(request, f"動画「{found.title}」を削除しました。")
    return redirect("video_office:list")


@office("content.add_videoseries")
@once
def add_series(request: HttpRequest) -> HttpResponse:
    """シリーズを作る."""
    return _series(request, VideoSeries(), "シリーズを作る")


@office("content.change_videoseries")
@once
def series(request: HttpRequest, pk: int) -> HttpResponse:
    """シリーズを直す."""
    found = get_object_or_404(VideoSeries, pk=pk)
    return _series(request, found, found.title)


def _series(request: HttpRequest, found: VideoSeries, title: str) -> HttpResponse:
    form = SeriesForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        try:
            services.save_series(form.save(commit=False), by=clerk(request))
        except DomainError as refusal:
            form.add_error("slug", f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"シリーズ「{form.instance.title}」を保存しました。")
            return redirect("video_office:series_list")
    context = {
        "form": form,
        "series": found,
        "title": title,
        "cancel_url": reverse("video_office:series_list"),
    }
    return render(request, "content/videos/series_form.html", context, status=422 if form.is_bound else 200)


@office_post("content.delete_videoseries")
def remove_series(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_object_or_404(VideoSeries, pk=pk)
    services.remove_series(found, by=clerk(request))
    messages.success(request, f"シリーズ「{found.title}」を削除しました。動画は残っています。")
    return redirect("video_office:series_list")
