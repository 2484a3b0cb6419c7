"""部門をまたぐ操作の画面: the settlement of a return."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.flows import return_goods
from akinai.flows.forms import SettleForm
from akinai.shipping import return_queries
from akinai.shipping.views.returns import case_of
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("shipping.settle_returncase")
@once
def settle_return(request: HttpRequest, number: str) -> HttpResponse:
    """返品の精算: what will be booked, and the press that books it."""
    case = case_of(request, number)
    if case.state != "inspected":
        return redirect("shipping:return", number=number)
    lines, monthly = return_queries.lines_of(case), return_goods.is_monthly(case.order)
    form = SettleForm(
        request.POST or None, lines=lines, usual=return_goods.suggested(case, lines),
        shipping_yen=return_goods.shipping_charged(case), monthly=monthly,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        try:
            return_goods.settle_return(case, plan=form.plan(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{number} を精算しました。")
            return redirect("shipping:return", number=number)
    context = {
        "form": form, "case": case, "order": case.order, "monthly": monthly, "invoice": return_goods.invoice_of(case) or return_goods.needs_no_paper(case.order),
        "submit_label": "精算する", "cancel_url": reverse("shipping:return", args=[number]),
    }  # fmt: skip
    return render(request, "flows/settle_return.html", context, status=422 if form.is_bound else 200)


@office_post("shipping.settle_returncase")
@once
def undo_return(request: HttpRequest, number: str) -> HttpResponse:
    """精算の取消."""
    return_goods.undo_settlement(
        case_of(request, number), reason=request.POST.get("reason", ""), by=clerk(request)
    )
    messages.success(request, f"{number} の精算を取り消しました。")
    return redirect("shipping:return", number=number)
