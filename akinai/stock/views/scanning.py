"""読み取りの照会: what a code means, and what the lines written so far mean. Writes nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render

from akinai.catalog import queries as catalog
from akinai.catalog import scanning as scanned
from akinai.stock import lines, queries
from akinai.ui.access import office


@office("stock.view_stocklevel")
def scan(request: HttpRequest) -> JsonResponse:
    """バーコードの照会."""
    told, status = scanned.answer(request.GET.get("code", ""))
    return JsonResponse(told, status=status)


@office("stock.view_stocklevel")
def look(request: HttpRequest) -> HttpResponse:
    """書きかけの明細を読む: the goods' names, and what lies at the place they leave."""
    typed = lines.read(request.POST.get("lines", "")[:100_000])
    skus = catalog.sku_rows(typed.pieces)
    place = queries.location_ids().get(request.POST.get("source", ""))
    free = queries.free_at(list(typed.pieces), place) if place else {}
    rows = [
        {"sku": skus[pk], "quantity": pieces, "free": free.get(pk, 0), "is_short": place and free.get(pk, 0) < pieces}
        for pk, pieces in typed.pieces.items()
    ]  # fmt: skip
    context = {"rows": rows, "errors": typed.errors, "pieces": sum(typed.pieces.values()), "place": place}
    return render(request, "stock/look.html", context)
