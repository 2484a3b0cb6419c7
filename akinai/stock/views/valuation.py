"""在庫表の画面: what lies there is worth, at the end of any day, by any method."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock, paper_store
from akinai.party import queries as party
from akinai.stock import inventory_job, papers, queries
from akinai.stock.models import InventoryPaper
from akinai.stock.models.inventories import VOLUME
from akinai.stock.queries.values import Valued
from akinai.stock.valuation import METHODS
from akinai.ui.access import clerk, office
from akinai.ui.forms import DateField
from akinai.ui.worklist import Column, export

SHOWN = 300


def remarks(row: Valued) -> str:
    """備考."""
    words = (("単価不明の入庫あり", row.is_estimated), ("評価損あり", row.is_written_down))
    return "・".join(word for word, is_so in words if is_so)


COLUMNS = [
    Column("code", "商品コード", value="sku.code"), Column("name", "商品名", value="sku.title"), Column("jan", "JAN", value="sku.jan"),
    Column("shelf", "棚番", value="sku.shelf"), Column("pieces", "数量", format="number"),
    Column("unit_cost", "単価（税抜）", value=lambda row: "" if row.unit_cost is None else f"{row.unit_cost.normalize():f}"),
    Column("yen", "金額（税抜）", format="yen"),
    Column("is_estimated", "備考", value=remarks),
]  # fmt: skip


class InventoryForm(forms.Form):
    """基準日と評価方法."""

    on = DateField(label="基準日")
    method = forms.ChoiceField(label="評価方法", choices=list(METHODS.items()))

    def clean_on(self) -> date:
        day: date = self.cleaned_data["on"]
        if day > clock.today():
            raise forms.ValidationError("基準日が未来の日付です。")
        return day


def _asked(request: HttpRequest) -> tuple[InventoryForm, date, str]:
    """What the address asks for; today and the company's own method where it says nothing (readable)."""
    usual = {"on": clock.today(), "method": party.company().cost_method}
    form = InventoryForm(request.GET if "on" in request.GET else usual)
    told: dict[str, Any] = form.cleaned_data if form.is_valid() else usual
    return form, told["on"], told["method"]


@office("stock.view_valueentry")
def valuation(request: HttpRequest) -> HttpResponse:
    """在庫表."""
    form, on, method = _asked(request)
    rows = queries.inventory(on, method)
    context = {
        "form": form, "on": on, "method": method, "method_name": METHODS[method], "rows": rows[:SHOWN], "count": len(rows),
        "pieces": sum(row.pieces for row in rows), "total": sum(row.yen for row in rows), "is_cut": len(rows) > SHOWN,
        "estimated": sum(row.is_estimated for row in rows), "kept": InventoryPaper.objects.defer("lines").select_related("created_by", "job").order_by("-created_at", "-pk")[:10],
        "usual": METHODS[party.company().cost_method],
    }  # fmt: skip
    return render(request, "stock/valuation.html", context, status=422 if form.errors else 200)


@office("stock.view_valueentry")
def valuation_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """在庫表 as Excel, CSV or PDF."""
    _, on, method = _asked(request)
    rows = queries.inventory(on, method)
    name = f"在庫表_{on:%Y%m%d}_{METHODS[method]}"
    if kind == "xlsx":
        return export.xlsx_response(name, COLUMNS, rows)
    if kind == "csv":
        return export.csv_response(name, COLUMNS, rows, "utf-8-sig")
    if kind != "pdf":
        raise Http404("この形式はありません。")
    if len(rows) > VOLUME:
        job = inventory_job.start(
            rows, on=on, method=method, by=clerk(request), back=reverse("stock:valuation")
        )
        return redirect("jobs:detail", job.pk)
    return _pdf(rows, on, method, name)


@office("stock.view_valueentry")
def inventory_volume(request: HttpRequest, pk: int, no: int) -> HttpResponse:
    """控えの 1 冊."""
    paper = get_object_or_404(InventoryPaper.objects.defer("lines"), pk=pk)
    fingerprint = paper.volumes.get(str(no))
    if fingerprint is None:
        raise Http404("この冊はまだできていません。")
    response = HttpResponse(paper_store.read(fingerprint), content_type="application/pdf")
    name = f"在庫表_{paper.on:%Y%m%d}_{METHODS[paper.method]}_{no}-{paper.of}.pdf"
    response["Content-Disposition"] = export.disposition(name)
    return response


def _pdf(rows: list[Valued], on: date, method: str, name: str) -> HttpResponse:
    pdf = papers.inventory_pdf(rows, on=on, method=method, company=party.company().name)
    response = HttpResponse(pdf, content_type="application/pdf")
    response["Content-Disposition"] = export.disposition(f"{name}.pdf")
    return response
