"""仕入伝票の画面."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.db.models import Count, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as url_of

from akinai.core import clock
from akinai.purchasing import services
from akinai.purchasing.forms import ReceiptForm
from akinai.purchasing.models import GoodsReceipt
from akinai.purchasing.states import ReceiptState
from akinai.stock import queries as stock
from akinai.ui.access import office, office_post
from akinai.ui.forms import once
from akinai.ui.worklist import Column, DateRange, FromIntake, MultiChoice, Worklist


class ReceiptList(Worklist):
    """入荷一覧."""

    page = "purchasing.list"
    title = "入荷（仕入伝票）"
    permission = "purchasing.view_goodsreceipt"
    template_name = "purchasing/list.html"
    columns = [
        Column("number", "入荷番号", sort="number", link=True, card="title"),
        Column("received_on", "入荷日", format="date", sort="received_on"),
        Column("supplier", "仕入先", value=lambda row: str(row.supplier or "")),
        Column("supplier_slip_no", "伝票番号"),
        Column("state", "状態", format="badge", card="badge"),
        Column("line_count", "明細", format="number"),
        Column("pieces", "点数", format="number", card="amount"),
    ]
    filters = [
        MultiChoice("state", "状態", choices=ReceiptState.choices),
        DateRange("received", "入荷日", field="received_on"),
        FromIntake("intake", "取込", field="number", data="receipts"),
    ]
    search_hint = "入荷番号・伝票番号"
    default_sort = "-received_on"
    export_name = "入荷"
    empty = {
        "icon": "receive", "title": "入荷はまだありません", "text": "届いた商品を仕入伝票で登録すると、在庫に計上されます。",
        "url_name": "purchasing:create", "label": "入荷を登録する",
    }  # fmt: skip

    def queryset(self, request: HttpRequest) -> QuerySet[GoodsReceipt]:
        return GoodsReceipt.objects.select_related("supplier").annotate(
            line_count=Count("lines"), pieces=Sum("lines__quantity")
        )

    def search(self, queryset: QuerySet[GoodsReceipt], text: str) -> QuerySet[GoodsReceipt]:
        key = text.strip()
        return queryset.filter(number__icontains=key) | queryset.filter(supplier_slip_no__icontains=key)

    def row_url(self, row: GoodsReceipt) -> str:
        return url_of("purchasing:detail", args=[row.number])


def _receipt(number: str) -> GoodsReceipt:
    return get_object_or_404(GoodsReceipt.objects.select_related("supplier", "location"), number=number)


def _told(form: ReceiptForm) -> dict[str, Any]:
    """What the form says, as the services want it."""
    data = form.cleaned_data
    place = stock.location_ids().get(data["location"]) or stock.default_location_id()
    return {
        "lines": data["lines"], "received_on": data["received_on"], "supplier_id": data["supplier"],
        "supplier_slip_no": data["supplier_slip_no"].strip(), "location_id": place, "note": data["note"],
    }  # fmt: skip


def _form_page(request: HttpRequest, form: ReceiptForm, title: str, back: str) -> HttpResponse:
    context = {
        "form": form, "page_title": title, "submit_label": "下書きにして確かめる", "cancel_url": back,
    }  # fmt: skip
    return render(request, "purchasing/create.html", context, status=422 if form.is_bound else 200)


@office("purchasing.add_goodsreceipt")
@once
def create(request: HttpRequest) -> HttpResponse:
    """仕入伝票の入力."""
    form = ReceiptForm(request.POST or None, initial={"received_on": clock.today()})
    if form.is_valid():
        made = services.create_draft(**_told(form), by=request.user)  # type: ignore[arg-type]
        messages.success(request, f"{made.number} を下書きにしました。内容を確かめて計上してください。")
        return redirect("purchasing:detail", made.number)
    return _form_page(request, form, "入荷の登録", url_of("purchasing:list"))


def _as_text(receipt: GoodsReceipt) -> str:
    """明細 as a clerk would type it."""
    return "\n".join(
        "\t".join([line.sku.code, str(line.quantity), *([f"{line.unit_cost.normalize():f}"] if line.unit_cost is not None else [])])
        for line in receipt.lines.select_related("sku")
    )  # fmt: skip


@office("purchasing.change_goodsreceipt")
@once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """下書きを直す."""
    receipt = _receipt(number)
    initial = {
        "supplier": receipt.supplier_id, "supplier_slip_no": receipt.supplier_slip_no, "note": receipt.note,
        "received_on": receipt.received_on, "location": receipt.location.code, "lines": _as_text(receipt),
    }  # fmt: skip
    form = ReceiptForm(request.POST or None, initial=initial)
    if form.is_valid():
        services.replace_draft(receipt, **_told(form), by=request.user)  # type: ignore[arg-type]
        messages.success(request, f"{number} を直しました。")
        return redirect("purchasing:detail", number)
    return _form_page(request, form, f"{number} を直す", url_of("purchasing:detail", args=[number]))


@office("purchasing.view_goodsreceipt")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """仕入伝票の詳細."""
    receipt = _receipt(number)
    context = {
        "object": receipt, "receipt": receipt, "panels_page": "purchasing.detail",
        "lines": receipt.lines.select_related("sku__product"),
        "is_draft": receipt.state == ReceiptState.DRAFT, "is_posted": receipt.state == ReceiptState.POSTED,
    }  # fmt: skip
    return render(request, "purchasing/detail.html", context)


@office_post("purchasing.change_goodsreceipt")
def post(request: HttpRequest, number: str) -> HttpResponse:
    """計上."""
    services.post(_receipt(number), by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{number} を計上しました。待っていた受注に順に引き当てました。")
    return redirect("purchasing:detail", number)


@office_post("purchasing.change_goodsreceipt")
def reverse(request: HttpRequest, number: str) -> HttpResponse:
    """取消."""
    services.reverse(_receipt(number), reason=request.POST.get("reason", ""), by=request.user)  # type: ignore[arg-type]
    messages.success(request, f"{number} を取り消しました。")
    return redirect("purchasing:detail", number)


@office_post("purchasing.change_goodsreceipt")
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """下書きの破棄."""
    services.discard(_receipt(number), by=request.user)  # type: ignore[arg-type]
    return redirect("purchasing:list")
