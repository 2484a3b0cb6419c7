"""確認の机: held orders one at a time, oldest first. A releases and goes on, S puts off."""

from __future__ import annotations

import re
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akinai.orders import queries
from akinai.orders.states import OrderState
from akinai.orders.views.page import context_of
from akinai.party import openings
from akinai.ui.access import clerk, office

KEPT = 100  # how many put-off orders the address remembers


@office("orders.change_order")
def desk(request: HttpRequest) -> HttpResponse:
    """The next order that a person must look at."""
    skipped = [part for part in request.GET.get("skip", "").split(",") if re.fullmatch(r"[\w-]{1,20}", part)][
        -KEPT:
    ]
    held = queries.orders_seen_by(clerk(request)).filter(state=OrderState.ON_HOLD)
    left = held.exclude(number__in=skipped)
    at = request.GET.get("at", "")
    chosen = held.filter(number=at) if re.fullmatch(r"[\w-]{1,20}", at) else left
    oldest = chosen.select_related("channel", "customer", "location", "intake_file").order_by(
        "ordered_at", "id"
    )
    order = oldest.first()
    context: dict[str, Any] = {"left": left.count(), "all_held": held.count(), "skip": ",".join(skipped)}
    if order:
        openings.opened(request, openings.Page.DESK, order.number, order.customer_id)
        context |= context_of(order)
        context["skip_next"] = ",".join(dict.fromkeys([*skipped, order.number]))
    return render(request, "orders/desk.html", context)
