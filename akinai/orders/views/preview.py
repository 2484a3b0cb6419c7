"""変更の影響を見てから保存する: the step between a form and its service, the same for every edit of an order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from akinai.orders import services
from akinai.orders.effects import Preview
from akinai.orders.models import Order
from akinai.orders.views.page import back
from akinai.ui.access import clerk
from akinai.ui.forms import ONCE

if TYPE_CHECKING:
    from akinai.staff.models import Staff

NOT_SENT_ON = frozenset({"csrfmiddlewaretoken", ONCE, "shown", "retake"})


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

    With `by_table` the 送料 becomes that of the fee table, too; `retake` shows the effect of it first. Refusals of the act are
    raised as ever.
    """
    if request.POST.get("by_table"):
        act = partial(_and_charge, act, order.pk, clerk(request))
    shown = "" if "retake" in request.POST else request.POST.get("shown", "")[:64]
    if not shown:
        return _page(request, order, services.foresee(order.pk, act), title, label)
    try:
        services.change_as_shown(order.pk, act, shown=shown)
    except services.ShownDiffers as other:
        return _page(request, order, other.preview, title, label, moved=other.message)
    order.refresh_from_db(fields=["state"])
    messages.success(request, f"{done}{order.number} は「{order.get_state_display()}」です。")
    return back(request, order)


def _and_charge(act: Callable[[], object], order_id: int, by: Staff) -> None:
    act()
    services.charge_by_table(order_id, by=by)


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
