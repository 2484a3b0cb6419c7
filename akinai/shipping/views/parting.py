"""分納の画面: which pieces of an order leave now, and 残りの取消."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.shipping import parting, services
from akinai.shipping.forms import PartForm
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("shipping.add_shippingbatch")
@once
def part(request: HttpRequest, number: str) -> HttpResponse:
    """分けて出荷する: the pieces that leave now; the rest of the order waits on."""
    order = get_object_or_404(orders.orders_seen_by(request.user).select_related("channel"), number=number)
    form = PartForm(request.POST or None, lines=parting.leaving(order))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        try:
            batch = services.instruct_part(
                order.pk, form.pieces(), ship_on=told["ship_on"], carrier=told["carrier"] or None,
                drop_missed_days=told["drop_missed_days"], by=clerk(request),
            )  # fmt: skip
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, f"{number} の一部の出荷を指示しました。残りはそろうと自動で進みます。")
            return redirect("shipping:batch", batch.number)
    context = {
        "form": form, "order": order, "may_part": parting.may_part(order), "submit_label": "この数量で出荷指示",
        "cancel_url": reverse("orders:detail", args=[number]),
    }  # fmt: skip
    return render(request, "shipping/part.html", context, status=422 if form.is_bound else 200)


@office_post("orders.cancel_order")
@once
def cancel_rest(request: HttpRequest, number: str) -> HttpResponse:
    """残りを取り消す."""
    order = get_object_or_404(orders.orders_seen_by(request.user), number=number)
    services.cancel_rest(order.pk, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{number} の残りを取り消しました。")
    return redirect("orders:detail", number)
