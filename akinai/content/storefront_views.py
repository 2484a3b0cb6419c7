"""店舗の設定の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render

from akinai.content import looks, storefront
from akinai.content.storefront_forms import StorefrontForm
from akinai.ui.access import clerk, office
from akinai.ui.forms import once

MAY_EDIT = looks.MAY_EDIT


@office(MAY_EDIT)
@once
def settings(request: HttpRequest) -> HttpResponse:
    """店舗の設定: name, logo, colours, what the law wants to be told."""
    row = storefront.current()
    form = StorefrontForm(request.POST or None, request.FILES or None, instance=row)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        storefront.save_storefront(
            form.values(), logo=data["logo_file"], without_logo=data["without_logo"], by=clerk(request)
        )
        messages.success(request, "店舗の設定を保存しました。")
        return redirect("storefront:settings")
    context = {
        "form": form,
        "row": storefront.current(),
        "multipart": True,
        "submit_label": "保存する",
        "object": row,
    }
    return render(request, "content/storefront_settings.html", context, status=422 if form.is_bound else 200)


@office(MAY_EDIT)
def preview(request: HttpRequest) -> HttpResponse:
    """プレビュー: the home page as it would look, for staff only; nothing is kept."""
    form = StorefrontForm(request.POST or None, instance=storefront.current())
    if not form.is_valid():
        messages.error(
            request,
            str(next(iter(form.errors.values()))[0]) if form.errors else "設定の画面から開いてください。",
        )
        return redirect("storefront:settings")
    return redirect(f"/?{looks.PREVIEW}={looks.preview_of(form.values())}")
