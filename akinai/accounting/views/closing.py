"""月締めの画面: the months, what stands in the way of the next one, the lock and its undoing."""

from __future__ import annotations

from datetime import date

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.accounting.models import ClosedMonth
from akinai.accounting.queries import checks, months
from akinai.accounting.rules.periods import months_back
from akinai.accounting.services import closing
from akinai.core import clock
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _month(text: str) -> date:
    try:
        return date(int(text[:4]), int(text[5:]), 1)
    except ValueError:
        raise Http404("その月はありません。") from None


@office("accounting.view_closedmonth")
def close_page(request: HttpRequest) -> HttpResponse:
    """月締め: the next month with its checks, and the months before."""
    rows = months.recent(clock.today())
    following = next((row for row in reversed(rows) if row.is_over and not (row.closed or row.is_shut)), None)
    found = checks.checks_of(following.month) if following else []
    context = {
        "rows": rows, "following": following, "checks": found, "stops": [one for one in found if one.must and one.count],
        "left": [one for one in found if one.count], "journal_url": reverse("accounting:closing"),
    }  # fmt: skip
    return render(request, "accounting/closing.html", context)


@office_post("accounting.add_closedmonth")
@once
def close(request: HttpRequest, month: str) -> HttpResponseRedirect:
    """締める."""
    made = closing.close(_month(month), by=clerk(request), note=request.POST.get("note", ""))
    messages.success(request, f"{made.month:%Y年%-m月}を締めました。この月の日付では、もう記録できません。")
    return redirect("accounting:closing")


@office("accounting.view_closedmonth")
def closed(request: HttpRequest, pk: int) -> HttpResponse:
    """締めた月 1 つ: what was found when it was closed, and its figures."""
    row = get_object_or_404(ClosedMonth.objects.select_related("closed_by", "reopened_by"), pk=pk)
    context = {
        "object": row, "closed": row, "figures": months.figures(row.month), "panels_page": "accounting.closed",
        "opened": [] if row.reopened_at else months.opened_with(row.month), "before": months_back(row.month, 1),
    }  # fmt: skip
    return render(request, "accounting/closed.html", context)


@office_post("accounting.reopen_closedmonth")
@once
def reopen(request: HttpRequest, pk: int) -> HttpResponseRedirect:
    """締めを解く, of the months that the page has named."""
    opened = closing.reopen(
        get_object_or_404(ClosedMonth, pk=pk), reason=request.POST.get("reason", ""),
        seen=[_month(text) for text in request.POST.getlist("opens")], by=clerk(request),
    )  # fmt: skip
    named = "・".join(f"{one:%Y年%-m月}" for one in reversed(opened))
    messages.success(request, f"{named}の締めを解きました。直したら、古い月から順に締めてください。")
    return redirect("accounting:closing")
