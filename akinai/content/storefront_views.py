"""店舗の設定の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render

from akinai.content import looks, storefront
from akinai.content.storefront_forms import StorefrontForm
from akinai.ui.access import clerk, office, office_post
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
    kept = storefront.current()
    context = {
        "form": form,
        "row": kept,
        "look_address": looks.address_of({name: getattr(kept, name) for name in looks.SHOWN}),
        "look_fields": " ".join(looks.SHOWN),
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
    return redirect(looks.address_of(form.values()))


@office_post(MAY_EDIT)
def look(request: HttpRequest) -> HttpResponse:
    """下見: where the frame beside the form finds the shop with what is typed, and why a colour is not taken.

    What cannot be read stays as it is kept, so that the frame always shows a shop that could be.
    """
    form = StorefrontForm(request.POST, instance=storefront.current())
    form.is_valid()
    values = {name: form.cleaned_data.get(name, form.initial[name]) for name in looks.SHOWN}
    refusals = [str(one) for name in looks.SHOWN for one in form.errors.get(name, [])]
    return JsonResponse({"address": looks.address_of(values), "refusal": "\n".join(refusals)})
