"""定期便の管理画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.shop.models import PlanOffer
from akinai.shop.plan_forms import PlanOfferForm
from akinai.shop.services.plan_offers import save_offer
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


@office("shop.add_planoffer")
@once
def new(request: HttpRequest) -> HttpResponse:
    """定期便を登録する."""
    return _form(request, PlanOffer(), "定期便を登録する")


@office("shop.change_planoffer")
@once
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    """定期便を変える."""
    offer = get_object_or_404(PlanOffer.objects.select_related("product"), pk=pk)
    return _form(request, offer, f"定期便 {offer.product.name}")


def _form(request: HttpRequest, offer: PlanOffer, title: str) -> HttpResponse:
    form = PlanOfferForm(request.POST or None, instance=offer)
    if request.method == "POST" and form.is_valid():
        saved = save_offer(form.save(commit=False), by=clerk(request))
        messages.success(request, f"「{saved.product.name}」の定期便を保存しました。")
        return redirect("shop_office:plans")
    context = {
        "form": form, "title": title, "cancel_url": reverse("shop_office:plans"), "object": offer if offer.pk else None,
    }  # fmt: skip
    return render(request, "shop/office/plan_form.html", context, status=422 if form.is_bound else 200)
