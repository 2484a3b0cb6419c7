"""付帯費用の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.purchasing.forms.landed import LandedForm
from akinai.purchasing.models import LandedCost
from akinai.purchasing.services import landing
from akinai.purchasing.states import LandedState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("purchasing.add_landedcost")
@once
def landed_add(request: HttpRequest) -> HttpResponse:
    """付帯費用の計上. `?receipt=GR-…` names the first delivery."""
    first = {"on": clock.today(), "receipts": request.GET.get("receipt", "")[:30]}
    form = LandedForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        data = dict(form.cleaned_data)
        try:
            made = landing.land(data.pop("receipts"), **data, by=clerk(request))
            messages.success(request, f"{made.number} を計上し、商品の原価に入れました。")
            return redirect("purchasing:landed", made.number)
        except DomainError as refusal:
            form.add_error("by_what", f"{refusal.message}{refusal.way_out}")
    context = {"form": form, "cancel_url": reverse("purchasing:landed_list"), "submit_label": "計上する"}
    return render(request, "purchasing/landed_form.html", context, status=422 if form.errors else 200)


def _cost(number: str) -> LandedCost:
    return get_object_or_404(LandedCost.objects.select_related("created_by"), number=number)


@office("purchasing.view_landedcost")
def landed(request: HttpRequest, number: str) -> HttpResponse:
    """付帯費用: who bears how much, and what of it lies in stock or went to 売上原価."""
    found = _cost(number)
    rows = found.lines.select_related("receipt_line__receipt", "receipt_line__sku__product", "value_entry")
    context = {
        "object": found, "cost": found, "lines": list(rows.order_by("receipt_line__receipt_id", "receipt_line__line_no")),
        "is_posted": found.state == LandedState.POSTED, "panels_page": "purchasing.landed",
    }  # fmt: skip
    return render(request, "purchasing/landed.html", context)


@office_post("purchasing.change_landedcost")
@once
def landed_reverse(request: HttpRequest, number: str) -> HttpResponse:
    """取消."""
    landing.take_back(_cost(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を取り消しました。")
    return redirect("purchasing:landed", number)
