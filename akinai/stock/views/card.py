"""Screens of stock (在庫の画面): one SKU's card, adjustments, taking back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import NoReverseMatch, reverse

from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.stock import adjusting, queries, services
from akinai.stock.forms.adjusting import AdjustForm, LotRuleForm
from akinai.stock.models import Reservation, StockEntry, StockLevel
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _sku(pk: int) -> catalog.SkuRow:
    found = catalog.sku_rows([pk]).get(pk)
    if found is None:
        raise Http404("このSKUはありません。")
    return found


def _row(held: Reservation) -> dict[str, Any]:
    number, _, line = held.reference.partition("/")
    return {
        "held": held,
        "order": number,
        "line": line,
        "missing": held.wanted - held.quantity,
        "url": _paper_url(number),
    }


# Which paper a reference names, and the page it is shown on. The rooms above are reached by URL name only.
PAPERS = {
    "GR-": "purchasing:detail",
    "DC-": "purchasing:discrepancy",
    "SH-": "shipping:detail",
    "SO-": "orders:detail",
    "PO-": "purchasing:order",
    "TR-": "stock:transfer",
    "ST-": "stock:stocktake",
    "KP-": "stock:kept",
    "WD-": "stock:write_down",
}


def _paper_url(reference: str) -> str:
    """Where the document behind an entry is shown, "" when it has no page."""
    name = PAPERS.get(reference[:3], "")
    try:
        return reverse(name, args=[reference]) if name else ""
    except NoReverseMatch:
        return ""


def _lots(sku_id: int) -> dict[str, Any]:
    """ロット and the rule of their dates."""
    rule = catalog.lot_rules([sku_id]).get(sku_id)
    form = LotRuleForm(initial=asdict(rule)) if rule else None
    return {"tracks_lots": rule is not None, "lot_rule": rule, "lot_rule_form": form, "today": clock.today()}


def _parts(parts: Sequence[catalog.Part]) -> list[tuple[catalog.Part, queries.Level, int]]:
    """中身 with its stock, and how many sets that would make."""
    levels = queries.levels([part.sku_id for part in parts])
    return [(part, levels[part.sku_id], levels[part.sku_id].free // part.quantity) for part in parts]


@office("stock.view_stocklevel")
def card(request: HttpRequest, sku_id: int) -> HttpResponse:
    """在庫カード: why the shelf says what it says, and who waits for it."""
    sku = _sku(sku_id)
    places = list(
        StockLevel.objects.filter(sku_id=sku_id).select_related("location").order_by("location__code")
    )
    recent = queries.recent(sku_id, today=clock.today())
    entries = queries.card_entries(sku_id)
    parts = catalog.parts_of([sku_id]).get(sku_id, [])
    context = {
        "sku": sku,
        "level": queries.levels([sku_id])[sku_id],
        "worth": queries.value_of([sku_id]).get(sku_id),
        "promise": queries.promise([sku_id])[sku_id],
        "lots": queries.lots_of(sku_id),
        **_lots(sku_id),
        "parts": _parts(parts),
        "kept": queries.kept_of([sku_id]),
        "sets": sorted(
            catalog.sku_rows(catalog.sets_with([sku_id]).get(sku_id, ())).values(), key=lambda row: row.code
        ),
        "places": places,
        "many_places": len(places) > 1,
        "entries": [(entry, _paper_url(entry.reference)) for entry in entries],
        "is_cut": len(entries) == 100,
        "reservations": [_row(held) for held in queries.card_reservations(sku_id)],
        "by_hand": {"opening", "adjustment", "count"},
        "shipped": recent.shipped,
        "closings": [(f"{on.month}/{on.day}", max(0, on_hand)) for on, on_hand in recent.closings],
        "has_moved": bool(entries),
    }
    return render(request, "stock/card.html", context)


@office("stock.add_stockentry")
@once
def adjust(request: HttpRequest, sku_id: int) -> HttpResponse:
    """在庫の調整."""
    sku = _sku(sku_id)
    form = AdjustForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = adjusting.adjust(
            sku_id=sku_id, location_id=queries.location_ids()[told["location"]], quantity=told["quantity"],
            is_counted=told["how"] == "counted", reason=told["reason"], by=request.user,  # type: ignore[arg-type]
        )  # fmt: skip
        messages.success(request, f"{sku.code} を {made.quantity:+,} 点調整しました。")
        return redirect("stock:card", sku_id)
    context = {
        "form": form, "sku": sku, "level": queries.levels([sku_id])[sku_id], "submit_label": "調整を計上する",
        "cancel_url": reverse("stock:card", args=[sku_id]),
    }  # fmt: skip
    return render(request, "stock/adjust.html", context, status=422 if form.errors else 200)


@office_post("stock.add_stockentry")
def reverse_entry(request: HttpRequest, pk: int) -> HttpResponse:
    """入出庫の取消."""
    entry = get_object_or_404(StockEntry, pk=pk)
    adjusting.take_back(entry, reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{entry.quantity:+,} 点の{entry.get_kind_display()}を取り消しました。")
    return redirect("stock:card", entry.sku_id)


@office_post("stock.change_lot")
def start_lots(request: HttpRequest, sku_id: int) -> HttpResponse:
    """ロット管理の開始."""
    sku = _sku(sku_id)
    services.start_lots(sku_id, by=clerk(request))
    messages.success(
        request,
        f"{sku.code} のロット管理を始めました。入荷したら「ロット・期限」で番号と期限を付けてください。",
    )
    return redirect("stock:card", sku_id)


@office_post("stock.change_lot")
def set_lot_rule(request: HttpRequest, sku_id: int) -> HttpResponse:
    """ロットの決まり: 賞味期間と出荷期限."""
    sku, form = _sku(sku_id), LotRuleForm(request.POST)
    if not form.is_valid():
        messages.error(request, "日数を 0 以上の整数で入れてください。")
        return redirect("stock:card", sku_id)
    services.set_lot_rule(sku_id, **form.cleaned_data, by=clerk(request))
    messages.success(request, f"{sku.code} の賞味期間と出荷期限を決めました。引当も合わせました。")
    return redirect("stock:card", sku_id)
