"""運送会社の設定の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.shipping import queries, services
from akinai.shipping.forms import (
    PREFIX,
    AccountForm,
)
from akinai.shipping.models import CarrierAccount
from akinai.shipping.ports import CARRIERS, settings_of
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


@office("shipping.change_carrieraccount")
def carriers(request: HttpRequest) -> HttpResponse:
    """運送会社の設定: one card per carrier with what is kept."""
    return render(request, "shipping/carriers.html", {"cards": queries.carrier_cards()})


@office("shipping.change_carrieraccount")
@once
def carrier(request: HttpRequest, code: str) -> HttpResponse:
    """One carrier's settings."""
    account = CarrierAccount.objects.filter(carrier=code).first()
    if account is None and code not in CARRIERS:
        return redirect("shipping:carriers")
    form = AccountForm(request.POST or None, declared=settings_of(code), initial=_initial(account))
    if request.method == "POST" and form.is_valid():
        services.save_account(
            carrier=code,
            settings=form.settings,
            tracking_url=form.cleaned_data["tracking_url"],
            is_default=form.cleaned_data["is_default"],
            by=clerk(request),
        )
        messages.success(request, f"{queries.title_of(code)} の設定を保存しました。")
        return redirect("shipping:carriers")
    context = {"form": form, "title": queries.title_of(code), "cancel_url": reverse("shipping:carriers")}
    return render(request, "shipping/carrier.html", context, status=422 if form.is_bound else 200)


def _initial(account: CarrierAccount | None) -> dict[str, Any]:
    if account is None:
        return {"is_default": not CarrierAccount.objects.filter(is_default=True).exists()}
    kept = {PREFIX + name: value for name, value in account.settings.items()}
    return {"tracking_url": account.tracking_url, "is_default": account.is_default, **kept}
