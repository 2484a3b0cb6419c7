"""セットの中身の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.catalog import services as catalog_services
from akinai.core.errors import DomainError
from akinai.stock import lines
from akinai.stock.forms.sets import SetForm
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


@office("catalog.change_product")
@once
def compose(request: HttpRequest, sku_id: int) -> HttpResponse:
    """セットの中身を決める."""
    sku = catalog.sku_rows([sku_id]).get(sku_id)
    if sku is None:
        raise Http404("このSKUはありません。")
    parts = catalog.parts_of([sku_id]).get(sku_id, [])
    form = SetForm(
        request.POST or None, initial={"lines": lines.as_text((part.code, part.quantity) for part in parts)}
    )
    if request.method == "POST" and form.is_valid():
        try:
            changed = catalog_services.compose_set(sku_id, form.cleaned_data["lines"], by=clerk(request))
        except DomainError as refusal:
            form.add_error("lines", f"{refusal.message}{refusal.way_out}")
        else:
            told = f"{sku.code} のセットの中身を保存しました。" if changed else "変更はありませんでした。"
            messages.success(request, told)
            return redirect("stock:card", sku_id)
    context = {
        "form": form, "sku": sku, "parts": parts, "submit_label": "セットの中身を保存する",
        "cancel_url": reverse("stock:card", args=[sku_id]),
    }  # fmt: skip
    return render(request, "stock/set_form.html", context, status=422 if form.errors else 200)
