"""評価損の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.stock import services
from akinai.stock.forms.write_downs import WriteDownForm
from akinai.stock.lists.write_downs import whole_yen
from akinai.stock.models import WriteDown
from akinai.stock.states import WriteDownState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("stock.add_writedown")
@once
def write_down_add(request: HttpRequest) -> HttpResponse:
    """評価損の計上. `?sku=` names the goods."""
    form = WriteDownForm(request.POST or None, initial={"sku": request.GET.get("sku", "")[:64]})
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            made = services.write_down(
                sku_id=told["sku"].pk, unit_yen=told["unit_yen"], reason=told["reason"], note=told["note"], by=clerk(request)
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error("unit_yen", f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(
                request, f"{made.number} を計上しました。在庫金額は ¥{whole_yen(made):,} 減りました。"
            )
            return redirect("stock:write_down", made.number)
    context = {"form": form, "submit_label": "計上する", "cancel_url": reverse("stock:write_downs")}
    return render(request, "stock/write_down_form.html", context, status=422 if form.errors else 200)


def _found(number: str) -> WriteDown:
    return get_object_or_404(
        WriteDown.objects.select_related("sku__product", "value_entry", "created_by"), number=number
    )


@office("stock.view_writedown")
def write_down(request: HttpRequest, number: str) -> HttpResponse:
    """評価損."""
    found = _found(number)
    context = {
        "object": found, "one": found, "yen": whole_yen(found), "is_posted": found.state == WriteDownState.POSTED,
        "panels_page": "stock.write_down",
    }  # fmt: skip
    return render(request, "stock/write_down.html", context)


@office_post("stock.change_writedown")
@once
def write_down_reverse(request: HttpRequest, number: str) -> HttpResponse:
    """評価損の取消."""
    services.reverse_write_down(
        _found(number), reason=request.POST.get("reason", "")[:200], by=clerk(request)
    )
    messages.success(request, f"{number} を取り消し、在庫金額を戻しました。")
    return redirect("stock:write_down", number)
