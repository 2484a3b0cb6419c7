"""Doorways of the shell (共通の画面): palette, search, badges, saved views, chosen columns."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme

from akinai.core.kana import search_key
from akinai.ui import navigation, search, trail
from akinai.ui.access import office, office_post
from akinai.ui.models import SavedView
from akinai.ui.sample import sample_context


@office(None)
def palette(request: HttpRequest) -> HttpResponse:
    """The palette's list: menu lines and finds for the typed text (htmx part)."""
    text = request.GET.get("q", "").strip()[:100]
    wanted = search_key(text)
    places = [
        link
        for link in navigation.links(request)
        if wanted in search_key(f"{link.item.title}{link.item.words}")
    ]
    groups = search.find(request, text) if len(text) > 1 else []
    return render(request, "ui/palette_list.html", {"places": places, "groups": groups, "text": text})


@office(None)
def search_page(request: HttpRequest) -> HttpResponseBase:
    """Search over everything; a single find is opened at once (a scanned number)."""
    text = request.GET.get("q", "").strip()[:100]
    groups = search.find(request, text)
    hits = [hit for group in groups for hit in group.hits]
    if len(hits) == 1 and not any(group.more for group in groups):
        return redirect(hits[0].url)
    return render(request, "ui/search.html", {"text": text, "groups": groups})


@office(None)
def badges(request: HttpRequest) -> JsonResponse:
    """Numbers beside the menu lines."""
    return JsonResponse(navigation.badges(request))


@office_post(None)
def save_view(request: HttpRequest) -> HttpResponseBase:
    """条件の保存: under the same name it replaces the own earlier one."""
    page, name = request.POST.get("page", "")[:60], request.POST.get("name", "").strip()[:40]
    if not page or not name:
        messages.error(request, "条件の名前を入力してください。")
        return redirect(_back(request))
    SavedView.objects.update_or_create(
        owner_id=request.user.pk,
        page=page,
        name=name,
        defaults={
            "query": request.POST.get("query", "")[:2000],
            "is_shared": request.POST.get("is_shared") == "1",
        },
    )
    messages.success(request, f"条件「{name}」を保存しました。")
    return redirect(_back(request))


@office_post(None)
def delete_view(request: HttpRequest, pk: int) -> HttpResponseBase:
    """Own views only; somebody else's is as if it were not there."""
    gone, _ = SavedView.objects.filter(pk=pk, owner_id=request.user.pk).delete()
    if not gone:
        raise Http404("保存した条件がありません。")
    messages.success(request, "保存した条件を削除しました。")
    return redirect(_back(request))


@office_post(None)
def choose_columns(request: HttpRequest) -> HttpResponseBase:
    """表示する列 of one list, per person. Without any column the list shows its default again."""
    page = request.POST.get("page", "")[:60]
    keys = [] if "reset" in request.POST else [key[:40] for key in request.POST.getlist("column")[:100]]
    SavedView.objects.update_or_create(
        owner_id=request.user.pk, page=page, name="", defaults={"columns": keys}
    )
    return redirect(_back(request))


@office_post(None)
def leave_trail(request: HttpRequest) -> HttpResponseBase:
    """戻り道を消す."""
    trail.end(request)
    return redirect(_back(request))


@office(None)
def sample(request: HttpRequest) -> HttpResponse:
    """部品見本: every component on one page. For development and tests only."""
    if not (settings.DEBUG or getattr(settings, "UI_SAMPLE", False)):
        raise Http404
    return render(request, "ui/sample.html", sample_context())


def _back(request: HttpRequest) -> str:
    """The page the person came from, when it is one of ours."""
    wanted = request.POST.get("next", "")
    if url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
        return wanted
    return "/office/"
