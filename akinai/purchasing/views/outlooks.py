"""適正在庫の画面: one SKU with its reasons, and the aim of the shop with what it costs."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models import Count, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.purchasing.forms.outlooks import AimForm
from akinai.purchasing.models import Proposal, StockAim, StockOutlook
from akinai.purchasing.replenish import AimKind
from akinai.purchasing.services import outlooks
from akinai.purchasing.views.proposals import compute
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

WEEKS_SHOWN = 26


@office("purchasing.view_stockoutlook")
def outlook(request: HttpRequest, sku_id: int) -> HttpResponse:
    """適正在庫 of one SKU: why this many, as arithmetic."""
    row = get_object_or_404(StockOutlook.objects.select_related("sku__product", "supplier"), sku_id=sku_id)
    context = {
        "object": row,
        "row": row,
        "proposal": Proposal.objects.filter(sku_id=sku_id, state=Proposal.State.OPEN).first(),
        "weeks": _weeks(row),
        "panels_page": "purchasing.outlook",
    }
    return render(request, "purchasing/outlook.html", context)


def _weeks(row: StockOutlook) -> list[tuple[str, int]]:
    """(first day of the week, pieces) of the last half year; nothing when none was wanted."""
    shown = row.weeks[-WEEKS_SHOWN:]
    first = row.made_at.date() - timedelta(days=7 * len(shown))
    days = [first + timedelta(days=7 * nth) for nth in range(len(shown))]
    return (
        [(f"{day.month}/{day.day}", count) for day, count in zip(days, shown, strict=True)]
        if any(shown)
        else []
    )


@office("purchasing.view_stockoutlook")
def aim(request: HttpRequest) -> HttpResponse:
    """在庫の目標: a slider over the service level that shows pieces, yen tied up and expected stock-outs."""
    row = StockAim.objects.filter(pk=1).first() or StockAim()
    context = {
        "aim": row,
        "percent": row.level * 100 if row.level is not None else None,
        "points": [_shown(point, row.now) for point in row.curve],
        "at": _nearest(row),
        "classes": _classes(),
        "sums": StockOutlook.objects.aggregate(
            skus=Count("pk"), yen=Sum("tied_up_yen", default=0), best=Sum("best_yen", default=0)
        ),
        "dead": StockOutlook.objects.filter(state="dead").aggregate(
            skus=Count("pk"), yen=Sum("tied_up_yen", default=0)
        ),
    }
    return render(request, "purchasing/aim.html", context)


def _shown(point: dict[str, Any], now: dict[str, Any]) -> dict[str, Any]:
    """One mark of the slider, with the difference to the present aim."""
    share = int(point["fill"] * 1000 + 1e-9) / 1000  # cut, not rounded up: 99.96 % is no promise of 100 %
    return point | {
        "share": f"{min(share, 0.999):.3f}",
        "percent": f"{share * 100:.1f}",
        "more_yen": point["tied_up_yen"] - now.get("tied_up_yen", 0),
        "more_cost": point["total_yen"] - now.get("total_yen", 0),
    }


def _nearest(row: StockAim) -> int:
    """Where the slider stands: at the mark whose fill rate is nearest to the present one."""
    fill = row.now.get("fill", 0)
    return min(range(len(row.curve)), key=lambda n: abs(row.curve[n]["fill"] - fill), default=0)


def _classes() -> list[tuple[str, list[dict[str, Any]]]]:
    """ABC × XYZ: how many SKUs and how many yen lie in each of the nine fields."""
    rows = StockOutlook.objects.exclude(xyz="").order_by().values("abc", "xyz").annotate(
        skus=Count("pk"), yen=Sum("tied_up_yen"), sold=Sum("sold_yen")
    )  # fmt: skip
    found: dict[tuple[str, str], dict[str, Any]] = {(one["abc"], one["xyz"]): dict(one) for one in rows}
    return [(letter, [found.get((letter, steady), {"skus": 0}) for steady in "XYZ"]) for letter in "ABC"]


@office_post("purchasing.change_stockaim")
@once
def choose(request: HttpRequest) -> HttpResponse:
    """この水準にする, and a worker computes everything anew."""
    form = AimForm(request.POST)
    if not form.is_valid():
        messages.error(request, "水準は 80.0% から 99.9% までです。目盛りの中から選んでください。")
        return redirect("purchasing:aim")
    level: Decimal | None = form.cleaned_data["level"]
    kind = AimKind.OVERALL if level is not None else AimKind.CHEAPEST
    outlooks.choose_aim(kind, level, by=clerk(request))
    messages.success(request, "在庫の目標を変えました。すべての商品を計算し直します。")
    return compute(request, back="purchasing:aim")
