"""仕入伝票の画面."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as url_of

from akinai.catalog import queries as catalog
from akinai.catalog import scanning
from akinai.core import clock
from akinai.party import queries as party
from akinai.purchasing import lines, queries, services, totals
from akinai.purchasing.forms.receipts import ReceiptForm, TotalsForm, already
from akinai.purchasing.models import GoodsReceipt, PurchaseOrder, yen_of
from akinai.purchasing.services import LineInput, counting, doubting, drafting, matching
from akinai.purchasing.states import ReceiptState
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _receipt(number: str) -> GoodsReceipt:
    return get_object_or_404(
        GoodsReceipt.objects.select_related("supplier", "location", "purchase_order"), number=number
    )


def _told(form: ReceiptForm) -> dict[str, Any]:
    """What the form says, as the services want it."""
    data = form.cleaned_data
    place = stock.location_ids().get(data["location"]) or stock.default_location_id()
    return {
        "lines": data["lines"], "received_on": data["received_on"], "supplier_id": data["supplier"],
        "supplier_slip_no": data["supplier_slip_no"], "location_id": place, "note": data["note"],
        "purchase_order_id": data["purchase_order"], "totals": form.totals(),
    }  # fmt: skip


def _form_page(request: HttpRequest, form: ReceiptForm, title: str, back: str) -> HttpResponse:
    context = {
        "form": form, "page_title": title, "submit_label": "下書きにして確かめる", "cancel_url": back,
    }  # fmt: skip
    return render(request, "purchasing/create.html", context, status=422 if form.is_bound else 200)


@office("purchasing.add_goodsreceipt")
@once
def create(request: HttpRequest) -> HttpResponse:
    """仕入伝票の入力. `?from=GR-…` begins with the lines of another slip, for what was reversed and comes right now."""
    form = ReceiptForm(request.POST or None, initial=_first_values(request))
    if form.is_valid():
        made = services.create_draft(**_told(form), by=clerk(request))
        messages.success(request, f"{made.number} を下書きにしました。内容を確かめて計上してください。")
        return redirect("purchasing:detail", made.number)
    return _form_page(request, form, "入荷の登録", url_of("purchasing:list"))


def _first_values(request: HttpRequest) -> dict[str, Any]:
    if order := request.GET.get("order", ""):
        return _expected(get_object_or_404(PurchaseOrder, number=order))
    number = request.GET.get("from", "")
    pattern = (
        GoodsReceipt.objects.select_related("location").filter(number=number).first() if number else None
    )
    return _initial(pattern) if pattern else {"received_on": clock.today()}


def _expected(order: PurchaseOrder) -> dict[str, Any]:
    """What is still to come of an order, as the slip would list it."""
    rows: list[tuple[str, int, Decimal | None]] = [
        (line.sku.code, line.open, line.unit_cost) for line in order.lines.select_related("sku") if line.open
    ]
    return {
        "supplier": order.supplier_id, "purchase_order": order.pk, "received_on": clock.today(),
        "lines": lines.as_text(rows), "location": order.location.code,
    }  # fmt: skip


def _initial(receipt: GoodsReceipt) -> dict[str, Any]:
    """The slip as a clerk would type it."""
    paper = Coalesce("slip_quantity", "quantity")
    rows = (
        receipt.lines.annotate(told=paper)
        .filter(told__gt=0)
        .values_list("sku__code", "told", "unit_cost", "lot", "expires_on")
    )
    return {
        "supplier": receipt.supplier_id, "supplier_slip_no": receipt.supplier_slip_no, "note": receipt.note,
        "received_on": receipt.received_on, "location": receipt.location.code, "lines": lines.with_lots_as_text(list(rows)),
        "version": receipt.version, "purchase_order": receipt.purchase_order_id, "slip_pieces": receipt.slip_pieces,
        "slip_net_yen": receipt.slip_net_yen, "slip_gross_yen": receipt.slip_gross_yen,
        "slip_other_yen": receipt.slip_other_yen or None,
    }  # fmt: skip


@office("purchasing.change_goodsreceipt")
@once
def edit(request: HttpRequest, number: str) -> HttpResponse:
    """下書きを直す."""
    receipt = _receipt(number)
    if receipt.state != ReceiptState.DRAFT:
        messages.warning(request, f"{number} は「{receipt.get_state_display()}」なので直せません。")
        return redirect("purchasing:detail", number)
    form = ReceiptForm(request.POST or None, initial=_initial(receipt), receipt=receipt)
    if form.is_valid():
        version = form.cleaned_data["version"]
        services.replace_draft(receipt, **_told(form), version=version, by=clerk(request))
        messages.success(request, f"{number} を直しました。")
        return redirect("purchasing:detail", number)
    return _form_page(request, form, f"{number} を直す", url_of("purchasing:detail", args=[number]))


@office("purchasing.add_goodsreceipt")
def look(request: HttpRequest) -> HttpResponse:
    """書きかけの明細を読む: what the lines mean so far, beside the form. Writes nothing."""
    typed = lines.read(request.POST.get("lines", "")[:100_000], lots=True)
    printed = TotalsForm(request.POST)
    printed.is_valid()
    told = printed.totals()
    doubts = doubting.of_lines(
        typed.lines,
        supplier_id=_posted_id(request, "supplier"),
        order_id=_posted_id(request, "purchase_order"),
        printed=told,
    )
    rows = doubting.total_rows(typed.lines)
    context = {
        "rows": _looked_at(typed.lines), "errors": typed.errors, "doubts": doubts, "same": _same(request),
        "pieces": sum(line.quantity for line in typed.lines), "agree": totals.agreement(rows, told),
        "wants_totals": _wants_totals(request) and not told.are_told,
        "total": yen_of(sum((line.quantity * (line.unit_cost or Decimal(0)) for line in typed.lines), Decimal(0))),
    }  # fmt: skip
    return render(request, "purchasing/look.html", context)


def _wants_totals(request: HttpRequest) -> bool:
    """A supplier's slip that answers no order, in a company that checks the totals."""
    without_order = _posted_id(request, "purchase_order") is None
    from_supplier = _posted_id(request, "supplier") is not None
    return without_order and from_supplier and party.company().slip_totals == "required"


def _same(request: HttpRequest) -> list[str]:
    supplier, slip = _posted_id(request, "supplier"), request.POST.get("supplier_slip_no", "")[:60]
    if supplier is None:
        return []
    known = request.POST.get("number", "")
    same = queries.same_slips(supplier_id=supplier, slip_no=slip.replace("\0", ""))
    return [already(one) for one in same if one.number != known]


def _posted_id(request: HttpRequest, name: str) -> int | None:
    text = request.POST.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _looked_at(typed: list[LineInput]) -> list[dict[str, Any]]:
    """Lines with the goods' names, newest typed last."""
    skus = catalog.sku_rows(line.sku_id for line in typed)
    return [
        {
            "sku": skus[line.sku_id], "quantity": line.quantity, "cost": line.unit_cost, "lot": line.lot, "expires_on": line.expires_on,
            "amount": None if line.unit_cost is None else yen_of(line.quantity * line.unit_cost),
        }
        for line in typed
    ]  # fmt: skip


@office("purchasing.add_goodsreceipt")
def scan(request: HttpRequest) -> JsonResponse:
    """バーコードの照会: which goods a code means, for the reader on the form."""
    told, status = scanning.answer(request.GET.get("code", ""))
    return JsonResponse(told, status=status)


@office("purchasing.view_goodsreceipt")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """仕入伝票の詳細: the draft with what must be confirmed before it is posted."""
    receipt = _receipt(number)
    rows = list(receipt.lines.select_related("sku__product"))
    is_draft = receipt.state == ReceiptState.DRAFT
    counted = counting.latest(receipt)
    inputs = counting.as_counted(drafting.as_inputs(receipt), counted) if is_draft else []
    context = {
        "object": receipt, "receipt": receipt, "panels_page": "purchasing.detail", "lines": rows, "told_totals": _told_totals(receipt),
        "is_draft": is_draft, "lacks_totals": is_draft and services.lacks_totals(receipt), "is_posted": receipt.state == ReceiptState.POSTED,
        "is_undone": receipt.state in (ReceiptState.REVERSED, ReceiptState.DISCARDED),
        "doubts": doubting.of_receipt(receipt, inputs) if is_draft else [], "same": _others(receipt) if is_draft else [],
        "mismatches": matching.mismatches(receipt, inputs) if is_draft else [], "counted": _counted(receipt, counted),
        "discrepancies": [] if is_draft else list(receipt.discrepancies.select_related("owner").order_by("pk")),
        "pieces": sum(row.quantity for row in rows), "total": yen_of(sum((row.amount or Decimal(0) for row in rows), Decimal(0))),
        "has_lots": any(row.lot for row in rows), "without_cost": sum(row.unit_cost is None for row in rows),
    }  # fmt: skip
    return render(request, "purchasing/detail.html", context)


def _told_totals(receipt: GoodsReceipt) -> str:
    """伝票合計 in words."""
    told = receipt.totals
    parts = (
        ("", told.pieces, " 点"), ("税抜 ¥", told.net_yen, ""), ("税込 ¥", told.gross_yen, ""),
        ("うち送料など ¥", told.other_yen or None, ""),
    )  # fmt: skip
    return "・".join(f"{before}{value:,}{after}" for before, value, after in parts if value is not None)


def _counted(receipt: GoodsReceipt, counted: dict[int, counting.Counted]) -> list[dict[str, Any]]:
    """検品の数 beside the slip's."""
    if not counted:
        return []
    paper: dict[int, int] = {}
    for line in receipt.lines.all():
        told = line.quantity if line.slip_quantity is None else line.slip_quantity
        paper[line.sku_id] = paper.get(line.sku_id, 0) + told
    skus = catalog.sku_rows(counted.keys() | paper.keys())
    return [
        {
            "sku": skus[pk], "paper": paper.get(pk, 0), "quantity": counted[pk].quantity if pk in counted else 0,
            "damaged": counted[pk].damaged if pk in counted else 0, "lots": counted[pk].lots if pk in counted else (),
            "difference": (counted[pk].quantity if pk in counted else 0) - paper.get(pk, 0),
        }
        for pk in skus
    ]  # fmt: skip


def _others(receipt: GoodsReceipt) -> list[str]:
    same = queries.same_slips(
        supplier_id=receipt.supplier_id, slip_no=receipt.supplier_slip_no, besides=receipt.pk
    )
    return [already(one) for one in same]


@office_post("purchasing.change_goodsreceipt")
def post(request: HttpRequest, number: str) -> HttpResponse:
    """計上. The tick confirms the doubts that stood on the page, and no others."""
    confirmed = request.POST.getlist("confirmed") if request.POST.get("checked") else []
    version = request.POST.get("version", "")
    services.post(
        _receipt(number), by=clerk(request), confirmed=confirmed,
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
    )  # fmt: skip
    if found := services.open_mismatches(number):
        messages.warning(
            request,
            f"{number} を計上しました。不一致が {found:,} 件あります。保留した商品は、解決するまで販売しません。",
        )
    else:
        messages.success(request, f"{number} を計上しました。待っていた受注に順に引き当てました。")
    return redirect("purchasing:detail", number)


@office_post("purchasing.change_goodsreceipt")
def reverse(request: HttpRequest, number: str) -> HttpResponse:
    """取消."""
    services.reverse(_receipt(number), reason=request.POST.get("reason", ""), by=clerk(request))
    messages.success(request, f"{number} を取り消しました。")
    return redirect("purchasing:detail", number)


@office_post("purchasing.change_goodsreceipt")
def discard(request: HttpRequest, number: str) -> HttpResponse:
    """下書きの破棄."""
    services.discard(_receipt(number), by=clerk(request))
    messages.success(request, f"{number} の下書きを破棄しました。")
    return redirect("purchasing:list")
