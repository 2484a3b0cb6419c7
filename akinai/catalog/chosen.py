"""選んだSKU: ticked in the list and carried to another page, a few in its address and thousands in a row of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from akinai.catalog.models import ChosenSkus, Sku
from akinai.core import clock
from akinai.ui.worklist.actions import Run

MOST = 20_000
IN_ADDRESS = 500
PAGE = 200
KEPT = timedelta(days=7)


def go_to(name: str) -> Run:
    """A bulk act that opens the page `name` for the chosen SKUs."""

    def run(rows: QuerySet[Any], *, by: Any) -> HttpResponse:
        ids = list(rows.values_list("pk", flat=True)[:MOST])
        if len(ids) <= IN_ADDRESS:
            return redirect(f"{reverse(name)}?skus={'.'.join(map(str, ids))}")
        ChosenSkus.objects.filter(at__lt=clock.now() - KEPT).delete()
        return redirect(f"{reverse(name)}?chosen={ChosenSkus.objects.create(owner=by, ids=ids).pk}")

    return run


def ids_of(request: HttpRequest) -> list[int]:
    """The SKUs that the address names, or the person's own choice that it points to."""
    if (chosen := request.GET.get("chosen", "")).isdigit() and len(chosen) < 19:
        row = ChosenSkus.objects.filter(pk=chosen, owner=request.user.pk).first()
        return list(row.ids) if row else []
    told = request.GET.get("skus", "")[:10_000].split(".")
    return [int(pk) for pk in told if pk.isascii() and pk.isdigit() and len(pk) < 19][:IN_ADDRESS]


def skus_of(request: HttpRequest) -> list[Sku]:
    """The chosen SKUs, with their products, by product and code."""
    return _rows(ids_of(request))


def _rows(ids: Sequence[int]) -> list[Sku]:
    rows = Sku.objects.filter(pk__in=ids).select_related("product__category")
    return list(rows.order_by("product__code", "code"))


@dataclass(frozen=True, slots=True)
class ChosenPage:
    """One page of the chosen SKUs; `total` counts all of them."""

    skus: Sequence[Sku]
    number: int = 1
    pages: int = 1
    total: int = 0
    numbers: Sequence[int] = field(default_factory=tuple)


def page_of(request: HttpRequest) -> ChosenPage:
    """So many SKUs as a table can hold: `?page=3` of them, in the order of product and code."""
    ids = ids_of(request)
    ordered = list(
        Sku.objects.filter(pk__in=ids).order_by("product__code", "code").values_list("pk", flat=True)
    )
    pages = max(1, -(-len(ordered) // PAGE))
    told = request.GET.get("page", "1")
    number = min(max(int(told), 1), pages) if told.isascii() and told.isdigit() and len(told) < 6 else 1
    skus = _rows(ordered[(number - 1) * PAGE : number * PAGE])
    near = [one for one in range(1, pages + 1) if one in (1, pages) or abs(one - number) <= 2]
    return ChosenPage(skus, number, pages, len(ordered), near)
