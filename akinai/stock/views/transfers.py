"""在庫移動の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core.money import NotANumber, parse_quantity
from akinai.stock import lines as typed_lines
from akinai.stock import papers, queries, services
from akinai.stock.forms.transfers import TransferForm
from akinai.stock.models import StockTransfer, StockTransferLine
from akinai.stock.states import TransferState
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _found(number: str) -> StockTransfer:
    return get_object_or_404(StockTransfer.objects.select_related("source", "destination"), number=number)


def _told(form: TransferForm) -> dict[str, Any]:
    """What the form says, as the services want it."""
    data, places = form.cleaned_data, queries.location_ids()
    return {
        "pieces": data["lines"], "source_id": places[data["source"]], "destination_id": places[data["destination"]],
        "arrives_on": data["arrives_on"], "takes_expired": data["takes_expired"], "note": data["note"],
    }  # fmt: skip


def _form_page(request: HttpRequest, form: TransferForm, title: str, back: str) -> HttpResponse:
    context = {"form": form, "page_title": title, "submit_label": "下書きにして確かめる", "cancel_url": back}
    return render(request, "stock/transfer_form.html", context, status=422 if form.is_bound else 200)


@office("stock.add_stocktransfer")
@once
def transfer_add(request: HttpRequest) -> HttpResponse:
    """在庫移動の登録."""
    form = TransferForm(request.POST or None)
    if form.is_valid():
        made = services.create_transfer(**_told(form), by=clerk(request))
        messages.success(
            request, f"{made.number} を下書きにしました。商品を出すときに「出庫する」を押してください。"
        )
        return redirect("stock:transfer", made.number)
    return _form_page(request, form, "在庫移動の登録", reverse("stock:transfers"))


@office("stock.change_stocktransfer")
@once
def transfer_edit(request: HttpRequest, number: str) -> HttpResponse:
    """下書きの書き直し."""
    found = _found(number)
    form = TransferForm(request.POST or None, transfer=found, initial=_written(found))
    if form.is_valid():
        told = _told(form)
        services.replace_transfer(
            found, pieces=told.pop("pieces"), by=clerk(request), version=form.cleaned_data["version"], **told
        )
        messages.success(request, f"{number} を書き直しました。")
        return redirect("stock:transfer", number)
    return _form_page(request, form, f"{number} を直す", reverse("stock:transfer", args=[number]))


def _written(found: StockTransfer) -> dict[str, Any]:
    rows = found.lines.select_related("sku").values_list("sku__code", "quantity")
    return {
        "source": found.source.code, "destination": found.destination.code, "arrives_on": found.arrives_on,
        "takes_expired": found.takes_expired, "note": found.note, "version": found.version, "lines": typed_lines.as_text(rows),
    }  # fmt: skip


@office("stock.view_stocktransfer")
def transfer(request: HttpRequest, number: str) -> HttpResponse:
    """在庫移動の詳細, with the one next act."""
    found = _found(number)
    rows = list(found.lines.select_related("sku__product"))
    state = TransferState(found.state)
    missing = sum(row.on_the_way for row in rows) if state == TransferState.SENT else 0
    context = {
        "object": found, "transfer": found, "panels_page": "stock.transfer", "lines": rows, "missing": missing,
        "pieces": sum(row.quantity for row in rows), "over": sum(row.over for row in rows),
        "is_draft": state == TransferState.DRAFT, "is_sent": state == TransferState.SENT,
        "has_arrived": found.arrivals > 0 and state in (TransferState.SENT, TransferState.RECEIVED),
        "shows_arrivals": state in (TransferState.SENT, TransferState.RECEIVED), "hows": services.HOWS.items(),
    }  # fmt: skip
    return render(request, "stock/transfer.html", context)


def _version(request: HttpRequest) -> int | None:
    text = request.POST.get("version", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


@office_post("stock.change_stocktransfer")
def transfer_send(request: HttpRequest, number: str) -> HttpResponse:
    """出庫."""
    services.send(_found(number), by=clerk(request), version=_version(request))
    messages.success(request, f"{number} の商品を出庫しました。届いたら「受け取る」で数を入れてください。")
    return redirect("stock:transfer", number)


@office("stock.change_stocktransfer")
@once
def transfer_receive(request: HttpRequest, number: str) -> HttpResponse:
    """受領: what arrived, counted by scan or typed; the fields begin empty so that nobody nods through a number."""
    found = _found(number)
    rows = [row for row in found.lines.select_related("sku__product") if row.on_the_way or row.received]
    errors: list[str] = []
    if request.method == "POST":
        arrived, errors = _counted(request, rows)
        if not errors:
            services.receive_transfer(found, arrived, by=clerk(request), version=_version(request))
            messages.success(request, f"{number} の到着分 {sum(arrived.values()):,} 点を受け取りました。")
            return redirect("stock:transfer", number)
    context = {
        "transfer": found, "errors": errors, "is_sent": found.state == TransferState.SENT,
        "rows": [(row, request.POST.get(f"line_{row.line_no}", "")) for row in rows],
    }  # fmt: skip
    return render(request, "stock/transfer_receive.html", context, status=422 if errors else 200)


def _counted(request: HttpRequest, rows: list[StockTransferLine]) -> tuple[dict[int, int], list[str]]:
    """Pieces by line number; a line left empty did not arrive."""
    arrived: dict[int, int] = {}
    errors: list[str] = []
    for row in rows:
        text = request.POST.get(f"line_{row.line_no}", "").replace("\0", "").strip()
        try:
            arrived[row.line_no] = parse_quantity(text) if text else 0
        except NotANumber as problem:
            errors.append(f"{row.line_no} 行目 {row.sku.code}「{text[:20]}」: {problem}")
    if not errors and not any(arrived.values()):
        errors.append("届いた数を1つも入れていません。届いた商品を読み取るか、数を入れてください。")
    return arrived, errors


@office_post("stock.change_stocktransfer")
def transfer_settle(request: HttpRequest, number: str) -> HttpResponse:
    """未着の始末."""
    line = request.POST.get("line", "")
    if line.isascii() and line.isdigit() and len(line) < 7:
        services.settle_missing(
            _found(number), int(line), how=request.POST.get("how", ""), reason=request.POST.get("reason", "")[:200],
            by=clerk(request), version=_version(request),
        )  # fmt: skip
        messages.success(request, f"{number} の {line} 行目の未着を始末しました。")
    return redirect("stock:transfer", number)


@office_post("stock.change_stocktransfer")
def transfer_reopen(request: HttpRequest, number: str) -> HttpResponse:
    """受領の取消."""
    services.take_back_arrivals(
        _found(number), reason=request.POST.get("reason", "")[:200], by=clerk(request)
    )
    messages.success(request, f"{number} の受領を取り消しました。商品は移動中に戻りました。")
    return redirect("stock:transfer", number)


@office_post("stock.change_stocktransfer")
def transfer_cancel(request: HttpRequest, number: str) -> HttpResponse:
    """取消・破棄."""
    services.cancel_transfer(_found(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を取り消しました。")
    return redirect("stock:transfer", number)


@office("stock.view_stocktransfer")
def transfer_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """移動伝票."""
    response = HttpResponse(papers.transfer_pdf(_found(number)), content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{number}.pdf"'
    return response
