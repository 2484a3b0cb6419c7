"""The first screen (ホーム)."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akinai.core import clock
from akinai.home import queries
from akinai.ui.access import office


@office(None)
def index(request: HttpRequest) -> HttpResponse:
    """Today's queue, what was forgotten, alarms. Each person sees the parts of their own duty."""
    today = clock.today()
    may_see_orders = request.user.has_perm("orders.view_order")
    start = queries.first_steps()
    day = queries.day(today) if may_see_orders else None
    context = {
        "today": today,
        "steps": [] if start.is_done else start.steps,
        "has_orders": start.has_orders,
        "pipeline": day.pipeline if day else [],
        "leaks": day.leaks if day else None,
        "shipments": day.shipments if day and start.has_orders else [],
        "files": queries.recent_files() if request.user.has_perm("core.view_intakefile") else [],
        "alarms": queries.alarms() if request.user.has_perm("core.view_event") else [],
    }
    return render(request, "home/index.html", context)
