"""取置の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import queries as catalog
from akinai.core.errors import DomainError
from akinai.stock import queries, services
from akinai.stock.forms.keeping import ExtendForm, KeepForm
from akinai.stock.queries.keeping import kept_asides
from akinai.stock.states import KeepState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("stock.add_keepaside")
@once
def keep(request: HttpRequest, sku_id: int) -> HttpResponse:
    """取り置く."""
    sku = catalog.sku_rows([sku_id]).get(sku_id)
    if sku is None:
        raise Http404("このSKUはありません。")
    form = KeepForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = services.keep_aside(
                sku_id=sku_id, location_id=queries.location_ids()[told["location"]], quantity=told["quantity"],
                until_on=told["until_on"], purpose=told["purpose"], customer_id=told["customer"], by=clerk(request),
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error(
                "quantity" if refusal.code == "out_of_stock" else "until_on",
                f"{refusal.message}{refusal.way_out}",
            )
        else:
            messages.success(request, f"{made.number} で {made.quantity:,} 点を取り置きました。")
            return redirect("stock:kept", made.number)
    context = {
        "form": form, "sku": sku, "level": queries.levels([sku_id])[sku_id], "submit_label": "取り置く",
        "cancel_url": reverse("stock:card", args=[sku_id]),
    }  # fmt: skip
    return render(request, "stock/keep_form.html", context, status=422 if form.errors else 200)


@office("stock.view_keepaside")
def kept(request: HttpRequest, number: str) -> HttpResponse:
    """取置の詳細."""
    found = get_object_or_404(kept_asides(), number=number)
    context = {
        "object": found, "kept": found, "panels_page": "stock.kept", "is_kept": found.state == KeepState.KEPT,
        "sku": catalog.row_of(found.sku), "extend_form": ExtendForm(initial={"until_on": found.until_on}),
    }  # fmt: skip
    return render(request, "stock/kept.html", context)


@office_post("stock.change_keepaside")
def extend(request: HttpRequest, number: str) -> HttpResponse:
    """期限の変更."""
    form = ExtendForm(request.POST)
    if not form.is_valid():
        raise DomainError("新しい期限を読み取れません。", way_out="日付を選び直してください。")
    get_object_or_404(kept_asides(), number=number)
    made = services.extend_kept(number, until_on=form.cleaned_data["until_on"], by=clerk(request))
    messages.success(request, f"{number} の期限を {made.until_on:%Y/%m/%d} にしました。")
    return redirect("stock:kept", number)


@office_post("stock.change_keepaside")
def release(request: HttpRequest, number: str) -> HttpResponse:
    """取置の解除."""
    get_object_or_404(kept_asides(), number=number)
    services.release_kept(number, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{number} を解除しました。商品は待っている受注に回ります。")
    return redirect("stock:kept", number)
