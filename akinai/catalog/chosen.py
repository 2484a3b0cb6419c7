"""選んだSKU: ticked in the list and carried to another page in its address."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from akinai.catalog.models import Sku
from akinai.ui.worklist.actions import Run

MOST = 500


def go_to(name: str) -> Run:
    """A bulk act that opens the page `name` for the chosen SKUs."""

    def run(rows: QuerySet[Any], *, by: Any) -> HttpResponse:
        return redirect(
            f"{reverse(name)}?skus={'.'.join(map(str, rows.values_list('pk', flat=True)[:MOST]))}"
        )

    return run


def skus_of(request: HttpRequest) -> list[Sku]:
    """The SKUs that the address names, with their products, by product and code."""
    told = request.GET.get("skus", "")[:10_000].split(".")
    ids = [int(pk) for pk in told if pk.isascii() and pk.isdigit() and len(pk) < 19][:MOST]
    return list(
        Sku.objects.filter(pk__in=ids).select_related("product__category").order_by("product__code", "code")
    )
