"""ポイントの画面: correct, settings."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.marketing.forms import CorrectionForm, PointSettingsForm
from akinai.marketing.services import keeping, points
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


@office("marketing.add_pointentry")
@once
def correct(request: HttpRequest) -> HttpResponse:
    """ポイントの訂正."""
    form = CorrectionForm(request.POST or None, initial={"customer": request.GET.get("customer", "")[:20]})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            points.correct(data["customer"], data["points"], reason=data["reason"], by=clerk(request))
        except DomainError as refusal:
            form.add_error("points", f"{refusal.message}{refusal.way_out}")
        else:
            left = points.balance(data["customer"])
            messages.success(
                request, f"ポイントを {data['points']:+,} 訂正しました。残高は {left:,} ポイントです。"
            )
            return redirect("marketing:point_entries")
    context = {"form": form, "submit_label": "訂正する", "cancel_url": reverse("marketing:points")}
    return render(request, "marketing/correct.html", context, status=422 if form.is_bound else 200)


@office("marketing.change_pointsettings")
@once
def settings(request: HttpRequest) -> HttpResponse:
    """ポイントの決まり."""
    row = points.terms()
    form = PointSettingsForm(request.POST or None, instance=row)
    if request.method == "POST" and form.is_valid():
        keeping.save_settings(form, by=clerk(request))
        messages.success(request, "ポイントの決まりを保存しました。これから付くポイントに使われます。")
        return redirect("marketing:points")
    context = {
        "form": form,
        "cancel_url": reverse("marketing:points"),
        "object": row if row.version > 1 else None,
    }
    return render(request, "marketing/point_settings.html", context, status=422 if form.is_bound else 200)
