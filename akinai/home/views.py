"""The first screen (ホーム)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akinai.core import clock
from akinai.home import queries
from akinai.payments import queries as payments
from akinai.stock import queries as stock
from akinai.support.queries import voice
from akinai.ui.access import may_open, office
from akinai.ui.intake.views import kinds_for


@office(None)
def index(request: HttpRequest) -> HttpResponse:
    """Today's queue, what was forgotten, alarms. Each person sees the parts of their own duty."""
    today = clock.today()
    may_see_orders = request.user.has_perm("orders.view_order")
    start = queries.first_steps()
    day = queries.day(today) if may_see_orders else None
    kinds = [kind.code for kind in kinds_for(request)]
    context = {
        "today": today,
        "kinds": kinds,
        "steps": [] if start.is_done else start.steps,
        "has_orders": start.has_orders,
        "pipeline": day.pipeline if day else [],
        "leaks": _with_open_lists(day.leaks, request.user) if day else None,
        "shipments": day.shipments if day and start.has_orders else [],
        "files": queries.recent_files(kinds) if request.user.has_perm("core.view_intakefile") else [],
        "worth": stock.change_of_month(today)
        if request.user.has_perm("stock.view_valueentry") and start.has_orders
        else None,
        "lots": stock.lots_to_see() if request.user.has_perm("stock.view_lot") and start.has_orders else None,
        "unexplained": payments.unexplained(today)
        if request.user.has_perm("payments.view_settlement") and start.has_orders
        else None,
        "spikes": voice.open_spikes() if request.user.has_perm("support.view_spike") else [],
        "alarms": queries.alarms() if request.user.has_perm("core.view_event") else [],
    }
    return render(request, "home/index.html", context)


def _with_open_lists(leaks: queries.Checked, person: Any) -> queries.Checked:
    """How many is for everybody, which ones for those who may open the list."""
    lists = [item if may_open(person, item["url"]) else item | {"url": ""} for item in leaks.lists]
    return replace(leaks, lists=lists)
