"""検品と不一致の画面."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.purchasing.forms.checks import AssignForm, CountForm, SettleForm
from akinai.purchasing.models import Discrepancy, GoodsReceipt
from akinai.purchasing.services import counting, settling
from akinai.purchasing.states import DiscrepancyState, ReceiptState
from akinai.staff import queries as staff
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("purchasing.add_receiptcount")
@once
def count(request: HttpRequest, number: str) -> HttpResponse:
    """検品: blind. The page says nothing of what was ordered or what the slip tells."""
    receipt = get_object_or_404(GoodsReceipt.objects.select_related("supplier"), number=number)
    back = reverse("purchasing:detail", args=[number])
    if receipt.state != ReceiptState.DRAFT:
        messages.warning(request, f"{number} は「{receipt.get_state_display()}」なので検品できません。")
        return redirect(back)
    form = CountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        turn = counting.count(receipt, form.cleaned_data["lines"], by=clerk(request))
        messages.success(request, f"{turn} 回目の検品を記録しました。違いがあれば、伝票の画面に出ます。")
        return redirect(back)
    context = {"form": form, "receipt": receipt, "submit_label": "数え終わった", "cancel_url": back}
    return render(request, "purchasing/count.html", context, status=422 if form.errors else 200)


def _discrepancy(number: str) -> Discrepancy:
    rows = Discrepancy.objects.select_related(
        "supplier", "receipt__purchase_order", "receipt_line", "sku__product", "owner", "settled_by"
    )
    return get_object_or_404(rows, number=number)


@office("purchasing.view_discrepancy")
def discrepancy(request: HttpRequest, number: str) -> HttpResponse:
    """不一致: what does not agree, whose it is, and what becomes of the pieces."""
    found = _discrepancy(number)
    told = {"owner": found.owner_id, "cause": found.cause, "note": found.note}
    context = {
        "object": found, "one": found, "is_open": found.state == DiscrepancyState.OPEN,
        "assign_form": AssignForm(initial=told), "settle_form": SettleForm(), "panels_page": "purchasing.discrepancy",
    }  # fmt: skip
    return render(request, "purchasing/discrepancy.html", context)


@office_post("purchasing.change_discrepancy")
def assign(request: HttpRequest, number: str) -> HttpResponse:
    """担当と原因."""
    form = AssignForm(request.POST)
    if not form.is_valid():
        messages.error(request, "担当と原因を選び直してください。")
        return redirect("purchasing:discrepancy", number)
    data = form.cleaned_data
    settling.assign(
        _discrepancy(number), owner=staff.by_id(data["owner"]), cause=data["cause"], note=data["note"], by=clerk(request)
    )  # fmt: skip
    messages.success(request, "担当と原因を記録しました。")
    return redirect("purchasing:discrepancy", number)


@office_post("purchasing.change_discrepancy")
@once
def settle(request: HttpRequest, number: str) -> HttpResponse:
    """解決."""
    form = SettleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "解決の方法と、どう話がついたかを入れてください。")
        return redirect("purchasing:discrepancy", number)
    made = settling.settle(_discrepancy(number), **form.cleaned_data, by=clerk(request))
    if made is None:
        messages.success(request, f"{number} を解決しました。")
        return redirect("purchasing:discrepancy", number)
    messages.success(
        request, f"入荷を取り消し、{made.number} を下書きにしました。正しく直して計上してください。"
    )
    return redirect("purchasing:edit", made.number)
