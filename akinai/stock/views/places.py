"""在庫場所の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.stock import queries, services
from akinai.stock.forms.places import PlaceForm
from akinai.stock.models import Location
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


@office("stock.view_stocklevel")
def places(request: HttpRequest) -> HttpResponse:
    """在庫場所の一覧: what lies where."""
    return render(request, "stock/places.html", {"places": queries.places()})


@office("stock.change_location")
@once
def place_add(request: HttpRequest) -> HttpResponse:
    """在庫場所の登録."""
    return _saved(request, Location(), "在庫場所の登録")


@office("stock.change_location")
@once
def place(request: HttpRequest, code: str) -> HttpResponse:
    """在庫場所の変更."""
    found = get_object_or_404(Location, code=code)
    return _saved(request, found, found.name)


def _saved(request: HttpRequest, found: Location, title: str) -> HttpResponse:
    form = PlaceForm(request.POST or None, instance=found)
    if request.method == "POST" and form.is_valid():
        made = services.save_location(form.save(commit=False), by=clerk(request))
        messages.success(request, f"在庫場所「{made.name}」を保存しました。")
        return redirect("stock:places")
    context = {"form": form, "page_title": title, "cancel_url": reverse("stock:places")}
    return render(request, "stock/place.html", context, status=422 if form.is_bound else 200)
