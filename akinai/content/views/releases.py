"""公開の束の画面."""

from __future__ import annotations

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.content import release_items
from akinai.content.forms import ITEM_FORMS, ReleaseForm
from akinai.content.models import LegalNote, Release, ReleaseItem
from akinai.content.services import releases, words
from akinai.core import transitions
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("content.view_release")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """1 つの束: what it changes, what stands against it, and the next act."""
    release = get_object_or_404(Release.objects.select_related("created_by"), number=number)
    items = releases.items_of(release)
    is_open = release.state in (Release.State.DRAFT, Release.State.WAITING)
    looked = (
        words.look_through([passage for item in items for passage in release_items.passages(item)])
        if is_open
        else None
    )
    context = {
        "object": release, "release": release, "kinds": ReleaseItem.Kind.choices, "is_open": is_open,
        "rows": list(zip(items, release_items.differences(items) if is_open else [[] for _ in items], strict=True)),
        "problems": releases.problems(release, items) if release.state == Release.State.DRAFT else [],
        "looked": looked, "notes": LegalNote.objects.filter(release=release).select_related("by"),
        "can": {verb: transitions.can(release, verb) for verb in Release.MOVES},
    }  # fmt: skip
    return render(request, "content/office/release.html", context)


@office("content.add_release")
@once
def create(request: HttpRequest) -> HttpResponse:
    """束を作る."""
    form = ReleaseForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = releases.create(**form.cleaned_data, by=clerk(request))
        messages.success(request, f"{made} を作りました。中身を入れてください。")
        return redirect("content:release", made.number)
    context = {
        "form": form,
        "title": "公開の束を作る",
        "cancel_url": reverse("content:releases"),
        "submit_label": "作る",
    }
    return render(request, "content/office/release_form.html", context, status=422 if form.is_bound else 200)


@office("content.change_release")
@once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """名前と公開日時を直す."""
    release = get_object_or_404(Release, number=number)
    start = {"name": release.name, "at": release.due_at, "memo": release.memo}
    form = ReleaseForm(request.POST or None, initial=start)
    if request.method == "POST" and form.is_valid():
        releases.change(release, **form.cleaned_data, by=clerk(request))
        return redirect("content:release", number)
    where = reverse("content:release", args=[number])
    context = {"form": form, "title": f"{release} を直す", "cancel_url": where, "submit_label": "保存する"}
    return render(request, "content/office/release_form.html", context, status=422 if form.is_bound else 200)


@office("content.change_release")
@once
def add_item(request: HttpRequest, number: str, kind: str) -> HttpResponse:
    """束に入れる."""
    release = get_object_or_404(Release, number=number)
    if kind not in ITEM_FORMS:
        raise Http404
    form = ITEM_FORMS[kind](request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            item = releases.add_item(release, kind=kind, **form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"{item.label} を束に入れました。")
            return redirect("content:release", number)
    title = f"{dict(ReleaseItem.Kind.choices)[kind]}: 束に入れる"
    context = {
        "form": form, "title": title, "release": release, "cancel_url": reverse("content:release", args=[number]),
        "submit_label": "束に入れる",
    }  # fmt: skip
    return render(request, "content/office/release_form.html", context, status=422 if form.is_bound else 200)


@office_post("content.change_release")
def remove_item(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    item = get_object_or_404(ReleaseItem.objects.select_related("release"), pk=pk, release__number=number)
    releases.remove_item(item, by=clerk(request))
    messages.success(request, f"{item.label} を外しました。")
    return redirect("content:release", number)


@office_post("content.publish_release")
def schedule(request: HttpRequest, number: str) -> HttpResponse:
    release = get_object_or_404(Release, number=number)
    releases.schedule(release, acknowledged=bool(request.POST.get("acknowledged")), by=clerk(request))
    messages.success(request, f"{release_items.moment(release.due_at)} に公開します。")
    return redirect("content:release", number)


ACTS = {
    "withdraw": releases.withdraw,
    "cancel": releases.cancel,
    "reopen": releases.reopen,
    "roll_back": releases.roll_back,
}
DONE = {
    "withdraw": "準備中に戻しました。", "cancel": "取り消しました。", "reopen": "準備中に戻しました。",
    "roll_back": "束の中身を、公開する前に戻しました。",
}  # fmt: skip


@office_post("content.publish_release")
def act(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """The moves that need no more than a word."""
    if verb not in ACTS:
        raise PermissionDenied
    release = get_object_or_404(Release, number=number)
    ACTS[verb](release, by=clerk(request))
    messages.success(request, DONE[verb])
    return redirect("content:release", number)
