"""漏れチェックの画面."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.db.models import Sum
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.core import clock
from akinai.insights import services
from akinai.insights.ageing import Aged, aged
from akinai.insights.forms import LimitForm
from akinai.insights.models import LeakSnapshot
from akinai.ui.access import clerk, may_open, office
from akinai.ui.forms import once

TREND_DAYS = 14


@office("insights.view_leaksnapshot")
def leaks(request: HttpRequest) -> HttpResponse:
    """漏れチェック: every leak with owner, limit and age, by channel; the way into each list."""
    found = aged()
    trends = _trends()
    rows = [(one, trends.get(one.leak.name, []), may_open(request.user, one.url)) for one in found]
    shown = request.GET.get("only", "")
    if shown == "late":
        rows = [row for row in rows if row[0].late]
    elif shown == "open":
        rows = [row for row in rows if row[0].count]
    total = {
        "count": sum(o.count for o in found),
        "late": sum(o.late for o in found),
        "yen": sum(o.yen for o in found),
    }
    return render(
        request, "insights/leaks.html", {"rows": rows, "total": total, "only": shown, "days": TREND_DAYS}
    )


def _trends() -> dict[str, list[int]]:
    """漏れ → how many at the end of each of the last days, oldest first; days without a record count 0."""
    today = clock.today()
    days = [today - timedelta(days=back) for back in range(TREND_DAYS - 1, -1, -1)]
    rows = LeakSnapshot.objects.filter(on__gte=days[0]).values_list("leak", "on").annotate(n=Sum("count"))
    counted = {(leak, on): n for leak, on, n in rows}
    return {leak: [counted.get((leak, day), 0) for day in days] for leak in {leak for leak, _on in counted}}


@office("insights.view_leaksnapshot")
def export(request: HttpRequest) -> HttpResponse:
    """漏れチェックのCSV: one row per leak and channel, for Excel."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(["漏れ", "チャネル", "件数", "金額", "期限（日）", "期限超過", "最長（日）", "担当"])
    writer.writerows(_cells(aged()))
    name = f"漏れチェック_{clock.today():%Y%m%d}.csv"
    header = content_disposition_header(True, name) or "attachment"
    return HttpResponse(
        out.getvalue().encode("utf-8-sig"), content_type="text/csv", headers={"Content-Disposition": header}
    )


def _cells(found: Sequence[Aged]) -> list[list[Any]]:
    return [
        [one.leak.title, part.channel, part.count, part.yen, one.limit_days, part.late, part.days, one.who]
        for one in found
        for part in one.parts
    ]


@office("insights.change_leaklimit")
@once
def limit(request: HttpRequest, leak: str) -> HttpResponse:
    """担当と期限."""
    one = next((one for one in aged() if one.leak.name == leak), None)
    if one is None:
        raise Http404
    initial = {
        "role": one.role,
        "owner": one.owner.pk if one.owner else "",
        "limit_days": one.limit_days,
        "is_mailed": one.is_mailed,
    }
    form = LimitForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        services.set_limit(leak, **form.cleaned_data, by=clerk(request))
        messages.success(request, f"「{one.leak.title}」の担当と期限を変更しました。")
        return redirect("insights:leaks")
    context = {"form": form, "one": one, "cancel_url": reverse("insights:leaks")}
    return render(request, "insights/limit.html", context, status=422 if form.is_bound else 200)
