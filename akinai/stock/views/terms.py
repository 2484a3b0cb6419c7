"""取り寄せ・予約の条件の画面."""

from __future__ import annotations

from dataclasses import asdict

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.stock import queries
from akinai.stock.forms.terms import TermsForm
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


@office("catalog.change_product")
@once
def terms(request: HttpRequest, sku_id: int) -> HttpResponse:
    """取り寄せ・予約の条件を決める."""
    sku = catalog.sku_rows([sku_id]).get(sku_id)
    if sku is None:
        raise Http404("このSKUはありません。")
    form = TermsForm(request.POST or None, initial=asdict(catalog.own_terms(sku_id)))
    if request.method == "POST" and form.is_valid():
        changed = catalog_services.set_selling_terms(sku_id, **form.cleaned_data, by=clerk(request))
        told = f"{sku.code} の取り寄せ・予約の条件を保存しました。" if changed else "変更はありませんでした。"
        messages.success(request, told)
        return redirect("stock:card", sku_id)
    context = {
        "form": form, "sku": sku, "level": queries.levels([sku_id])[sku_id], "submit_label": "条件を保存する",
        "cancel_url": reverse("stock:card", args=[sku_id]),
    }  # fmt: skip
    return render(request, "stock/terms_form.html", context, status=422 if form.errors else 200)
