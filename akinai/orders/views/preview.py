"""変更の影響を見てから保存する: the step between a form and its service, the same for every edit of an order."""

from __future__ import annotations

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from akinai.orders import services
from akinai.orders.effects import Preview
from akinai.orders.models import Order
from akinai.orders.views.page import back
from akinai.ui.forms import ONCE

NOT_SENT_ON = frozenset({"csrfmiddlewaretoken", ONCE, "shown"})


def through_preview(
    request: HttpRequest,
    order: Order,
    act: Callable[[], object],
    *,
    title: str,
    done: str,
    label: str = "この内容で保存する",
) -> HttpResponse:
    """First sending: what `act` would do, with what was sent carried along. Second: done, if that is still the truth.

    Refusals of the act are raised as ever.
    """
    shown = request.POST.get("shown", "")[:64]
    if not shown:
        return _page(request, order, services.foresee(order.pk, act), title, label)
    try:
        services.change_as_shown(order.pk, act, shown=shown)
    except services.ShownDiffers as other:
        return _page(request, order, other.preview, title, label, moved=other.message)
    order.refresh_from_db(fields=["state"])
    messages.success(request, f"{done}{order.number} は「{order.get_state_display()}」です。")
    return back(request, order)


def _page(
    request: HttpRequest, order: Order, found: Preview, title: str, label: str, *, moved: str = ""
) -> HttpResponse:
    sent = [
        (name, value) for name, values in request.POST.lists() if name not in NOT_SENT_ON for value in values
    ]
    context = {
        "order": order, "preview": found, "sent": sent, "step_title": title, "label": label, "moved": moved,
        "cancel_url": reverse("orders:detail", args=[order.number]),
    }  # fmt: skip
    return render(request, "orders/preview.html", context, status=409 if moved else 200)
