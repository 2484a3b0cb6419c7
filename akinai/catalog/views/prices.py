"""価格の予約の画面."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import chosen, services
from akinai.catalog.price_forms import ScheduleForm
from akinai.catalog.services.prices import Plan, warnings
from akinai.ui.access import office
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.staff.models import Staff

SHOWN = 50


@office("catalog.add_priceschedule")
@once
def schedule(request: HttpRequest) -> HttpResponse:
    """価格の予約 for the chosen SKUs: what becomes of each is shown with the warnings before it is kept."""
    skus = chosen.skus_of(request)
    if not skus:
        messages.info(request, "価格を予約する商品を、一覧で選んでください。")
        return redirect("catalog:list")
    form = ScheduleForm(request.POST or None, skus=skus)
    plans: list[Plan] = []
    told: list[str] = []
    if request.method == "POST" and form.is_valid():
        plans, moments = form.plans, {name: form.cleaned_data[name] for name in ("starts_at", "ends_at")}
        told = warnings(plans, **moments)
        if not told or form.cleaned_data["is_checked"]:
            by: Staff = request.user  # type: ignore[assignment]
            services.schedule_prices(plans, **moments, reason=form.cleaned_data["reason"], by=by)
            messages.success(request, f"{len(plans)} 件の価格を予約しました。")
            return redirect("catalog:schedules")
    context = {
        "form": form, "skus": skus, "rows": _rows(plans, skus), "told": told[:SHOWN], "told_count": len(told),
        "rest": max(0, len(skus) - SHOWN), "cancel_url": reverse("catalog:list"), "submit_label": "この価格を予約する",
    }  # fmt: skip
    return render(request, "catalog/schedule.html", context, status=422 if form.is_bound else 200)


def _rows(plans: list[Plan], skus: list) -> list[tuple]:  # type: ignore[type-arg]
    """(SKU, new price or None) of the first ones."""
    new = {plan.sku.pk: plan.price_yen for plan in plans}
    return [(sku, new.get(sku.pk)) for sku in skus[:SHOWN]]
