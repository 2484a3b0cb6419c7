"""会計ソフトへの出力の画面."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.accounting.models import JournalExport
from akinai.accounting.ports import PRODUCTS
from akinai.accounting.queries import exports as queries
from akinai.accounting.rules import periods
from akinai.accounting.services import exporting
from akinai.accounting.views.books import SpanForm
from akinai.core import clock
from akinai.core.business_days import month_end
from akinai.core.errors import DomainError
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


class ExportForm(SpanForm):
    """会計ソフトと期間."""

    product = forms.ChoiceField(label="会計ソフト")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.code, one.title) for one in PRODUCTS.values()]
        self.fields["product"].choices = choices  # type: ignore[attr-defined]


def _last_month() -> tuple[date, date]:
    first = periods.months_back(clock.today(), 1)
    return first, month_end(first)


@office("accounting.add_journalexport")
@once
def make(request: HttpRequest) -> HttpResponse:
    """新しい出力: last month, unless said otherwise."""
    first, last = _last_month()
    form = ExportForm(
        request.POST or None,
        initial={"first": first, "last": last, "product": request.GET.get("product", "")},
    )
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        try:
            made = exporting.make_export(
                product=data["product"], first=data["first"], last=data["last"], by=clerk(request)
            )
            messages.success(
                request, f"{made.number} を作りました。ダウンロードして会計ソフトに取り込んでください。"
            )
            return redirect("accounting:export", made.number)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
    waiting = [(one, queries.waiting(one.code, first, last)) for one in PRODUCTS.values()]
    context = {
        "form": form, "cancel_url": reverse("accounting:exports"), "submit_label": "ファイルを作る", "waiting": waiting,
        "first": first,
    }  # fmt: skip
    return render(request, "accounting/export_form.html", context, status=422 if form.errors else 200)


@office("accounting.view_journalexport")
def export(request: HttpRequest, number: str) -> HttpResponse:
    """1 つの出力, with what it would say otherwise today."""
    row = get_object_or_404(JournalExport.objects.select_related("made_by", "withdrawn_by"), number=number)
    found = queries.differences(row)
    product = PRODUCTS.get(row.product)
    rows = product.read(bytes(row.data))[:20] if product else []
    context = {
        "object": row, "export": row, "product": product, "differences": found[: queries.SHOWN], "count": len(found), "rows": rows,
        "panels_page": "accounting.export",
    }  # fmt: skip
    return render(request, "accounting/export.html", context)


@office("accounting.view_journalexport")
def export_file(request: HttpRequest, number: str) -> HttpResponse:
    """The file as it was written."""
    row = get_object_or_404(JournalExport, number=number)
    response = HttpResponse(bytes(row.data), content_type="text/csv")
    response["Content-Disposition"] = content_disposition_header(True, row.filename) or ""
    response["X-Content-Type-Options"] = "nosniff"
    return response


@office_post("accounting.change_journalexport")
@once
def withdraw(request: HttpRequest, number: str) -> HttpResponseRedirect:
    """出力の取消."""
    row = get_object_or_404(JournalExport, number=number)
    exporting.withdraw(row, reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{row.number} を取り消しました。同じ仕訳を、もう一度出力できます。")
    return redirect("accounting:export", row.number)
