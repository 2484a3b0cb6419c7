"""登録マニュアルの画面."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.forms import formset_factory
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import services
from akinai.catalog.models import Category, Manual
from akinai.catalog.services.manuals import Step, speed_of, speeds_by_version
from akinai.ui.access import office
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MOST = 40


class StepForm(forms.Form):
    """手順の1つ; a blank title leaves it out."""

    title = forms.CharField(label="手順", max_length=100, required=False)
    body = forms.CharField(
        label="説明", max_length=2_000, required=False, widget=forms.Textarea(attrs={"rows": 1})
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("body") and not data.get("title"):
            self.add_error("title", "手順の名前を入れてください。")
        return data


class NoteForm(forms.Form):
    """What is new in this version, and which one it was written from."""

    note = forms.CharField(label="変えたこと", max_length=200, required=False)
    after = forms.IntegerField(min_value=0, widget=forms.HiddenInput)


def _steps(data: QueryDict | None, manual: Manual | None) -> Any:
    initial = manual.steps if manual else []
    return formset_factory(StepForm, extra=4, max_num=MOST, absolute_max=MOST)(
        data, initial=initial, prefix="step"
    )


@office("catalog.change_category")
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """マニュアルを直す: publishing makes a new version (category 0: for all goods)."""
    category = get_object_or_404(Category, pk=pk) if pk else None
    last = Manual.objects.filter(category=category).order_by("-version").first()
    steps = _steps(request.POST or None, last)
    form = NoteForm(request.POST or None, initial={"after": last.version if last else 0})
    if request.method == "POST" and all([form.is_valid(), steps.is_valid()]):
        by: Staff = request.user  # type: ignore[assignment]
        rows = [
            Step(row["title"].strip(), row["body"].strip()) for row in steps.cleaned_data if row.get("title")
        ]
        data = form.cleaned_data
        manual = services.publish_manual(category, rows, after=data["after"], note=data["note"], by=by)
        messages.success(request, f"登録マニュアル {manual} を公開しました。")
        return redirect("catalog:manual", pk)
    context = {"category": category, "pk": pk, "steps": steps, "form": form, "last": last, "submit_label": "新しい版を公開する",
               "cancel_url": reverse("catalog:manual", args=[pk])}  # fmt: skip
    return render(request, "catalog/manual_form.html", context, status=422 if form.is_bound else 200)


@office("catalog.view_category")
def manual(request: HttpRequest, pk: int) -> HttpResponse:
    """登録マニュアル: a version (`?version=2`, else the newest), all versions, and what registering took with each."""
    category = get_object_or_404(Category, pk=pk) if pk else None
    versions = list(Manual.objects.filter(category=category).select_related("by").order_by("-version"))
    wanted = request.GET.get("version", "")
    shown = next((one for one in versions if not wanted or str(one.version) == wanted), None)
    if wanted and shown is None:
        raise Http404
    speeds = {speed.version: speed for speed in speeds_by_version(category)}
    context = {
        "category": category, "pk": pk, "shown": shown, "rows": [(one, speeds.get(one.version)) for one in versions],
        "speed": speed_of(category), "is_newest": bool(versions) and shown is versions[0],
    }  # fmt: skip
    return render(request, "catalog/manual.html", context)
