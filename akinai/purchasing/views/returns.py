"""仕入返品の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.purchasing.forms.returns import ReturnForm
from akinai.purchasing.models import SupplierReturn
from akinai.purchasing.services import returning
from akinai.purchasing.states import ReturnState
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("purchasing.add_supplierreturn")
@once
def return_add(request: HttpRequest) -> HttpResponse:
    """返品の登録."""
    form = ReturnForm(request.POST or None, initial={"returned_on": clock.today()})
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = returning.give_back(
                supplier_id=data["supplier"], lines=data["lines"], returned_on=data["returned_on"], reason=data["reason"],
                location_id=stock.location_ids()[data["location"]], by=clerk(request),
            )  # fmt: skip
            messages.success(request, f"{made.number} を計上しました。次の請求書から引く行になります。")
            return redirect("purchasing:return", made.number)
        except DomainError as refusal:
            form.add_error("lines", f"{refusal.message}{refusal.way_out}")
    context = {"form": form, "cancel_url": reverse("purchasing:returns"), "submit_label": "返品を計上する"}
    return render(request, "purchasing/return_form.html", context, status=422 if form.errors else 200)


def _return(number: str) -> SupplierReturn:
    return get_object_or_404(SupplierReturn.objects.select_related("supplier", "location"), number=number)


@office("purchasing.view_supplierreturn")
def supplier_return(request: HttpRequest, number: str) -> HttpResponse:
    """仕入返品の詳細."""
    found = _return(number)
    context = {
        "object": found, "given": found, "lines": list(found.lines.select_related("sku__product", "lot")),
        "is_posted": found.state == ReturnState.POSTED, "panels_page": "purchasing.return",
    }  # fmt: skip
    return render(request, "purchasing/return.html", context)


@office_post("purchasing.change_supplierreturn")
@once
def return_reverse(request: HttpRequest, number: str) -> HttpResponse:
    """取消."""
    returning.take_back(_return(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を取り消し、商品を棚に戻しました。")
    return redirect("purchasing:return", number)
