"""出荷指示の画面: the five steps of what goes out together."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.core.errors import DomainError
from akinai.party import openings
from akinai.shipping import papers, queries, services
from akinai.shipping.lists import pdf_response
from akinai.shipping.models import LabelExport, ShippingBatch
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _batch(number: str) -> ShippingBatch:
    return get_object_or_404(ShippingBatch, number=number)


@office("shipping.view_shippingbatch")
def batch(request: HttpRequest, number: str) -> HttpResponse:
    """出荷指示の進み: five steps with their counts and the one next act."""
    found = _batch(number)
    exports = queries.exports_of(found)
    numbers = {reference for export in exports[:3] for reference in export.references_left_out}
    context = {
        "object": found,
        "batch": found,
        "progress": queries.progress_of(found),
        "carriers": queries.carrier_counts(found),
        "exports": exports,
        "save": request.GET.get("save", ""),
        "unprinted": queries.open_in(found).filter(printed_at=None).count(),
        "left_out": {s.number: s for s in found.shipments.filter(number__in=numbers).select_related("order")},
        "shipments": queries.for_list(request.user).filter(batch=found).order_by("pk")[:500],
        "panels_page": "shipping.batch",
    }
    return render(request, "shipping/batch.html", context)


@office_post("shipping.view_shippingbatch")
def print_picking(request: HttpRequest, number: str) -> HttpResponse:
    """ピッキングリストの印刷."""
    found = _batch(number)
    pdf = papers.picking_pdf(found)
    services.note_picking_printed(found, by=clerk(request))
    return pdf_response(pdf, f"ピッキングリスト_{found.number}.pdf")


@office_post("shipping.view_shippingbatch")
def print_slips(request: HttpRequest, number: str) -> HttpResponse:
    """納品書の印刷: every open shipment of the batch in one file, or those that were not printed yet."""
    found = _batch(number)
    rows = queries.open_in(found)
    if request.POST.get("which") == "unprinted":
        rows = rows.filter(printed_at=None)
    shipments = queries.with_papers(rows)
    if not shipments:
        messages.info(request, "これから出荷するものがありません。")
        return redirect("shipping:batch", number=number)
    openings.opened_paper(request, openings.Page.SHIPMENT, found.number)
    pdf = papers.slips_pdf(shipments)
    services.note_slips_printed(shipments, by=clerk(request))
    return pdf_response(pdf, f"納品書_{found.number}.pdf")


@office_post("shipping.add_labelexport")
@once
def export_labels(request: HttpRequest, number: str, carrier: str) -> HttpResponse:
    """送り状データの出力."""
    export = services.export_labels(_batch(number), carrier=carrier, by=clerk(request))
    if export.problems:
        left_out = len(export.references_left_out) or "すべて"
        messages.warning(
            request, f"{left_out} 件は送り状データに載せられませんでした。理由を確かめてください。"
        )
    if export.count:
        messages.success(
            request,
            f"{export.count:,} 件の送り状データを作り、保存しました。送り状ソフトに読み込ませてください。",
        )
        return redirect(f"{reverse('shipping:batch', args=[number])}?save={export.pk}")
    return redirect("shipping:batch", number=number)


@office("shipping.view_labelexport")
def download_labels(request: HttpRequest, pk: int) -> HttpResponse:
    """送り状データのダウンロード: the same file each time."""
    export = get_object_or_404(LabelExport, pk=pk)
    openings.opened_paper(request, openings.Page.SHIPMENT, export.batch.number)
    if not export.data:
        raise DomainError(
            "この送り状データは、個人情報の消去か保存期間で消えています。",
            way_out="出荷が残っていれば、出荷指示の画面からもう一度出力してください。",
        )
    header = content_disposition_header(True, export.filename) or "attachment"
    return HttpResponse(bytes(export.data), content_type="text/csv", headers={"Content-Disposition": header})


@office_post("shipping.change_shipment")
@once
def ship_batch(request: HttpRequest, number: str) -> HttpResponse:
    """出荷確定: what of the batch has its tracking number, or everything that is open."""
    found = _batch(number)
    rows = queries.open_in(found)
    if request.POST.get("which") != "all":
        rows = rows.filter(is_numbered=True)
    ids = list(rows.values_list("pk", flat=True))
    shipped = services.ship(ids, by=clerk(request))
    text = f"{len(shipped):,} 件を出荷確定しました。" if shipped else "出荷確定できるものがありません。"
    messages.success(request, text)
    return redirect("shipping:batch", number=number)
