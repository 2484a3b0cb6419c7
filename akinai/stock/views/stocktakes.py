"""棚卸の画面."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.catalog import scanning
from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_quantity
from akinai.stock import lines, papers, queries, services
from akinai.stock.forms.stocktakes import StocktakeForm
from akinai.stock.models import Stocktake, StocktakeLine
from akinai.stock.queries.stocktakes import hides_book, largest, lots_to_count, summary
from akinai.stock.services import LotTag
from akinai.stock.states import StocktakeState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

S = StocktakeState


def _found(number: str) -> Stocktake:
    return get_object_or_404(Stocktake.objects.select_related("location"), number=number)


def _back(number: str) -> HttpResponse:
    return redirect("stock:stocktake", number)


@office("stock.add_stocktake")
@once
def stocktake_add(request: HttpRequest) -> HttpResponse:
    """棚卸の開始."""
    form = StocktakeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        made = services.open_stocktake(
            kind=told["kind"], location_id=queries.location_ids()[told["location"]], name=told["name"],
            is_blind=told["is_blind"], shelf=told["shelf"], most=told["most"], sku_ids=told["sku_ids"],
            recount_pieces=told["recount_pieces"], recount_yen=told["recount_yen"], by=clerk(request),
        )  # fmt: skip
        messages.success(request, f"{made.number} を始めました。スマートフォンでも数えられます。")
        return _back(made.number)
    context = {"form": form, "submit_label": "棚卸を始める", "cancel_url": reverse("stock:stocktakes")}
    return render(request, "stock/stocktake_form.html", context, status=422 if form.is_bound else 200)


@office("stock.view_stocktake")
def stocktake(request: HttpRequest, number: str) -> HttpResponse:
    """棚卸の要約, with the one next act."""
    found = _found(number)
    state = S(found.state)
    hidden = hides_book(found)
    context = {
        "object": found, "stocktake": found, "panels_page": "stock.stocktake", "sums": summary(found), "hides_book": hidden,
        "largest": [] if hidden else largest(found), "is_open": state == S.OPEN, "is_counted": state == S.COUNTED,
        "is_posted": state == S.POSTED, "can_cancel": state in (S.OPEN, S.COUNTED), "uncounted": services.UNCOUNTED.items(),
    }  # fmt: skip
    return render(request, "stock/stocktake.html", context)


@office("stock.change_stocktake")
@once
def stocktake_count(request: HttpRequest, number: str) -> HttpResponse:
    """数える画面: scan a piece, or a code and a number (CODE*12); or set the number of the goods just scanned."""
    found = _found(number)
    if request.method != "POST":
        return _count_page(request, found)
    code, times = _several(scanning.plain(request.POST.get("code", "")))
    if not code:
        return _count_page(request, found)
    goods = scanning.read(code)
    if isinstance(goods, scanning.Unknown):
        return _count_page(request, found, unknown=goods)
    sku, pieces = goods.sku, goods.pieces * times
    total = request.POST.get("total", "").strip()
    try:
        number_of = parse_quantity(total) if total else pieces
        lot = _lot_told(request, goods)
    except NotANumber as problem:
        return _count_page(request, found, error=f"「{total[:20] or code[:40]}」: {problem}")
    picked = request.POST.get("lot_id", "")
    lot_id = int(picked) if picked.isascii() and picked.isdigit() and len(picked) < 18 else None
    if sku.tracks_lots and not (lot or lot_id) and len(lots := lots_to_count(found, sku.pk)) > 1:
        return _count_page(
            request, found, choice={"sku": sku, "code": request.POST["code"], "pieces": pieces, "lots": lots}
        )
    line = services.count(found, sku.pk, number_of, adds=not total, lot=lot, lot_id=lot_id, by=clerk(request))
    return _count_page(request, found, line_id=line.pk)


def _lot_told(request: HttpRequest, goods: scanning.Scanned) -> LotTag | None:
    """The lot of the label, or the one typed. Raises NotANumber."""
    if not goods.sku.tracks_lots:
        return None
    code, expires = lines.read_lot(
        *(request.POST.get(name, "").replace("\0", "").strip() for name in ("lot", "expires"))
    )
    if goods.lot and not code:
        code, expires = goods.lot, goods.expires_on
    return LotTag(code, expires) if code else None


@office_post("stock.change_stocktake")
@once
def stocktake_paste(request: HttpRequest, number: str) -> HttpResponse:
    """まとめて入れる: counts typed or pasted, one line each; all of them or none."""
    found, text = _found(number), request.POST.get("lines", "")[:100_000]
    counts, errors = lines.read_counts(text)
    if not counts and not errors:
        errors = ["1 行も入っていません。"]
    if not errors:
        try:
            many = services.count_all(found, counts, by=clerk(request))
            messages.success(request, f"{many:,} 行の数を入れました。")
            return redirect("stock:stocktake_count", number)
        except DomainError as refusal:
            errors = [*refusal.message.splitlines(), *filter(None, [refusal.way_out])]
    return _count_page(request, found, typed=text, errors=errors)


def _several(code: str) -> tuple[str, int]:
    """`CODE*12`: twelve pieces at once."""
    several = re.fullmatch(r"(.+)[*＊](\d{1,5})", code)
    return (several[1], int(several[2])) if several else (code, 1)


def _count_page(
    request: HttpRequest,
    found: Stocktake,
    *,
    line_id: int | None = None,
    error: str = "",
    unknown: scanning.Unknown | None = None,
    choice: dict[str, Any] | None = None,
    typed: str = "",
    errors: Sequence[str] = (),
) -> HttpResponse:
    rows = StocktakeLine.objects.filter(stocktake=found).select_related("sku__product", "lot", "counted_by")
    last = list(rows.exclude(counted=None).order_by("-counted_at", "-id")[:8])
    sums = summary(found)
    context: dict[str, Any] = {
        "stocktake": found, "line": next((row for row in last if row.pk == line_id), None), "last": last,
        "error": error, "unknown": unknown, "choice": choice, "typed": typed, "errors": errors, "sums": sums, "is_open": found.state == S.OPEN, "hides_book": hides_book(found),
        "next": rows.filter(counted=None).order_by("sku__shelf", "sku__code", "lot__expires_on", "lot_id").first(),
        "again": list(rows.filter(needs_recount=True).order_by("sku__shelf", "sku__code")[:20]),
    }  # fmt: skip
    return render(request, "stock/count.html", context, status=422 if error or unknown or errors else 200)


@office("stock.view_stocktake")
def stocktake_sheet(request: HttpRequest, number: str) -> HttpResponse:
    """棚卸表."""
    return _pdf(papers.count_sheet(_found(number)), f"{number}-棚卸表")


@office("stock.view_stocktake")
def stocktake_report(request: HttpRequest, number: str) -> HttpResponse:
    """棚卸差異報告書. Not while it is counted blind."""
    found = _found(number)
    if hides_book(found):
        messages.warning(
            request, "帳簿の数を見せずに数えている間は、差を表示しません。締めてから開いてください。"
        )
        return _back(number)
    return _pdf(papers.stocktake_report(found, summary(found)), f"{number}-差異")


def _pdf(pdf: bytes, name: str) -> HttpResponse:
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = f"inline; filename*=UTF-8''{name}.pdf"
    return response


@office_post("stock.change_stocktake")
def stocktake_close(request: HttpRequest, number: str) -> HttpResponse:
    """締める."""
    again = services.close_counts(
        _found(number), uncounted=request.POST.get("uncounted", ""), by=clerk(request)
    )
    if again:
        messages.warning(
            request, f"差の大きい商品が {again:,} 品目あります。もう一度数えてから締めてください。"
        )
        return redirect("stock:stocktake_count", number)
    messages.success(request, f"{number} を締めました。差の原因を付けて計上してください。")
    return _back(number)


@office_post("stock.change_stocktake")
def stocktake_again(request: HttpRequest, number: str) -> HttpResponse:
    """数え直しに戻す."""
    services.open_again(_found(number), by=clerk(request))
    messages.success(request, f"{number} を数え直しに戻しました。")
    return _back(number)


@office_post("stock.change_stocktake")
def stocktake_post(request: HttpRequest, number: str) -> HttpResponse:
    """計上."""
    services.post_stocktake(_found(number), gives_up=bool(request.POST.get("gives_up")), by=clerk(request))
    messages.success(request, f"{number} の差異を在庫に計上しました。")
    return _back(number)


@office_post("stock.change_stocktake")
def stocktake_reverse(request: HttpRequest, number: str) -> HttpResponse:
    """計上の取消."""
    services.reverse_stocktake(_found(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} の計上を取り消しました。")
    return _back(number)


@office_post("stock.change_stocktake")
def stocktake_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """中止."""
    services.cancel_stocktake(_found(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を中止しました。在庫は変わっていません。")
    return _back(number)
