"""表で編集の画面."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.catalog import chosen, grid
from akinai.catalog.models import Category, Sku
from akinai.catalog.services import Typed, save_grid
from akinai.ui.access import office

if TYPE_CHECKING:
    from akinai.staff.models import Staff

LENGTH = 1000


@office("catalog.change_product")
def edit(request: HttpRequest) -> HttpResponse:
    """表で編集: the chosen SKUs in one table, one save."""
    page = chosen.page_of(request)
    skus = page.skus
    if not skus:
        messages.info(request, "表で編集する商品を、一覧で選んでください。")
        return redirect("catalog:list")
    cells: list[Typed] = []
    errors: dict[tuple[int, str], str] = {}
    if request.method == "POST":
        cells = _typed(request, skus)
        by: Staff = request.user  # type: ignore[assignment]
        saved = save_grid(cells, by=by)
        if not saved.errors:
            messages.success(request, f"{saved.count} 件のSKUを保存しました。")
            return redirect(request.get_full_path())
        errors, skus = saved.errors, chosen.page_of(request).skus
    context = {
        "columns": grid.COLUMNS, "rows": _rows(skus, cells, errors), "count": page.total, "page": page, "error_count": len(errors),
        "cancel_url": reverse("catalog:list"), "categories": Category.objects.values_list("name", flat=True)[:500],
    }  # fmt: skip
    return render(request, "catalog/grid.html", context, status=422 if errors else 200)


def _typed(request: HttpRequest, skus: Sequence[Sku]) -> list[Typed]:
    """The cells whose text is no longer what stood there when the grid was opened."""
    found = []
    for sku in skus:
        for column in grid.COLUMNS:
            key = f"{sku.pk}-{column.name}"
            if key not in request.POST:
                continue
            text, was = (
                request.POST.get(name, "")[:LENGTH].replace("\0", "") for name in (key, f"{key}-was")
            )
            if text.strip() != was:
                found.append(Typed(sku.pk, column.name, was, text))
    return found


def _rows(
    skus: Sequence[Sku], cells: list[Typed], errors: dict[tuple[int, str], str]
) -> list[dict[str, Any]]:
    """Each SKU with its cells; what was typed stays, beside what stands in the books now."""
    typed = {(cell.sku_id, cell.name): cell.text for cell in cells}
    seen: set[int] = set()
    rows = []
    for sku in skus:
        is_first = sku.product_id not in seen
        seen.add(sku.product_id)
        found = []
        for column in grid.COLUMNS:
            now, key = grid.text_of(sku, column.name), (sku.pk, column.name)
            found.append(
                {
                    "column": column, "key": f"{sku.pk}-{column.name}", "now": now, "text": typed.get(key, now),
                    "error": errors.get(key, ""), "is_open": is_first or not column.of_product,
                }
            )  # fmt: skip
        rows.append({"sku": sku, "cells": found})
    return rows
