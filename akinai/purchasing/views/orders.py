"""発注書の画面."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.catalog import queries as catalog
from akinai.core import clock, paper_store
from akinai.core.errors import DomainError
from akinai.core.tax import Rounding
from akinai.purchasing import lines, papers
from akinai.purchasing.forms.orders import OrderForm, ReplyForm, SendForm
from akinai.purchasing.models import PurchaseOrder, PurchaseOrderLine, yen_of
from akinai.purchasing.queries import terms
from akinai.purchasing.services import ordering, sending
from akinai.purchasing.states import OrderState
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

CHANGE = "purchasing.change_purchaseorder"


def _order(number: str) -> PurchaseOrder:
    rows = PurchaseOrder.objects.select_related(
        "supplier", "location", "created_by", "submitted_by", "approved_by"
    )
    return get_object_or_404(rows, number=number)


def _form_page(request: HttpRequest, form: OrderForm, title: str, back: str) -> HttpResponse:
    context = {
        "form": form, "page_title": title, "submit_label": "下書きにして確かめる", "cancel_url": back,
    }  # fmt: skip
    return render(request, "purchasing/order_form.html", context, status=422 if form.is_bound else 200)


@office("purchasing.add_purchaseorder")
@once
def order_add(request: HttpRequest) -> HttpResponse:
    """発注書の作成. `?from=PO-…` begins with the lines of another order."""
    form = OrderForm(request.POST or None, initial=_first_values(request))
    if form.is_valid():
        made = _tried(form, lambda: ordering.create_order(**form.told(), by=clerk(request)))
        if made:
            messages.success(request, f"{made.number} を下書きにしました。内容を確かめて確定してください。")
            return redirect("purchasing:order", made.number)
    return _form_page(request, form, "発注書の作成", reverse("purchasing:orders"))


def _tried(form: OrderForm, act: Any) -> PurchaseOrder | None:
    """A refusal stands on the form, so that nothing typed is lost."""
    try:
        made: PurchaseOrder = act()
    except DomainError as refusal:
        form.add_error("lines", f"{refusal.message}{refusal.way_out}")
        return None
    return made


def _first_values(request: HttpRequest) -> dict[str, Any]:
    if number := request.GET.get("from", ""):
        return _initial(_order(number)) | {"due_on": None}
    return {"supplier": request.GET.get("supplier", "")}


def _initial(order: PurchaseOrder) -> dict[str, Any]:
    rows = order.lines.values_list("sku__code", "quantity", "unit_cost")
    return {
        "supplier": order.supplier_id, "due_on": order.due_on, "location": order.location.code, "note": order.note,
        "memo": order.memo, "lines": lines.as_text(list(rows)), "version": order.version,
    }  # fmt: skip


@office(CHANGE)
@once
def order_edit(request: HttpRequest, number: str) -> HttpResponse:
    """下書きを直す."""
    order = _order(number)
    if order.state != OrderState.DRAFT:
        messages.warning(request, f"{number} は「{order.get_state_display()}」なので直せません。")
        return redirect("purchasing:order", number)
    form = OrderForm(request.POST or None, initial=_initial(order), order=order)
    if form.is_valid():
        version = form.cleaned_data["version"]
        if _tried(
            form, lambda: ordering.rewrite_order(order, **form.told(), version=version, by=clerk(request))
        ):
            messages.success(request, f"{number} を直しました。")
            return redirect("purchasing:order", number)
    return _form_page(request, form, f"{number} を直す", reverse("purchasing:order", args=[number]))


@office("purchasing.add_purchaseorder")
def order_look(request: HttpRequest) -> HttpResponse:
    """書きかけの明細を読む: goods, the supplier's price and least quantities, beside the form. Writes nothing."""
    typed = lines.read(request.POST.get("lines", "")[:100_000])
    text = request.POST.get("supplier", "")
    supplier = int(text) if text.isascii() and text.isdigit() and len(text) < 18 else 0
    items = terms.current_items([(supplier, line.sku_id) for line in typed.lines], on=clock.today())
    skus = catalog.sku_rows(line.sku_id for line in typed.lines)
    levels = stock.levels([line.sku_id for line in typed.lines])
    rows: list[dict[str, Any]] = []
    for line in typed.lines:
        item, sku = items.get((supplier, line.sku_id)), skus[line.sku_id]
        cost = next(
            (c for c in (line.unit_cost, item.unit_cost if item else None, sku.cost) if c is not None), None
        )
        rows.append({
            "sku": sku, "item": item, "quantity": line.quantity, "cost": cost, "level": levels[line.sku_id],
            "amount": None if cost is None else yen_of(line.quantity * cost), "odd": _odd(line.quantity, item),
        })  # fmt: skip
    total: Decimal = sum(
        (row["quantity"] * row["cost"] for row in rows if row["cost"] is not None), Decimal(0)
    )
    context = {
        "rows": rows, "errors": typed.errors, "pieces": sum(line.quantity for line in typed.lines),
        "total": yen_of(total), "least": terms.terms_of(supplier).min_order_yen if supplier else 0,
    }  # fmt: skip
    return render(request, "purchasing/order_look.html", context)


def _odd(quantity: int, item: Any) -> str:
    """What the supplier's conditions say against this quantity."""
    if item is None:
        return ""
    if quantity < item.moq:
        return f"最小発注数は {item.moq:,} です"
    return f"入数 {item.lot:,} の倍数ではありません" if quantity % item.lot else ""


@office("purchasing.view_purchaseorder")
def order(request: HttpRequest, number: str) -> HttpResponse:
    """発注書の詳細: what was asked for, what came, and the one act that is next."""
    found = _order(number)
    rows = list(found.lines.select_related("sku__product"))
    conditions = terms.terms_of(found.supplier_id)
    address = sending.address_of(found)
    state = OrderState(found.state)
    context = {
        "object": found, "order": found, "panels_page": "purchasing.order", "lines": rows, "terms": conditions,
        "taxes": papers.taxes_of(rows, Rounding(conditions.tax_rounding)), "address": address,
        "is_draft": state == OrderState.DRAFT, "is_waiting": state == OrderState.WAITING_APPROVAL,
        "is_approved": state == OrderState.APPROVED, "is_sent": state == OrderState.SENT,
        "is_coming": state in (OrderState.SENT, OrderState.CONFIRMED),
        "may_approve": _may_approve(request, found), "left": sum(row.open for row in rows),
        "is_silent": bool(found.reply_by and found.reply_by < clock.today() and state == OrderState.SENT),
        "below": max(0, conditions.min_order_yen - found.net_yen), "send_form": SendForm(initial={"to": address}),
        "reply_form": ReplyForm(initial={"promised_on": found.due_on}),
        "receipts": list(found.receipts.exclude(state="discarded").order_by("pk")),
    }  # fmt: skip
    return render(request, "purchasing/order.html", context)


def _may_approve(request: HttpRequest, found: PurchaseOrder) -> bool:
    is_another = request.user.pk not in (found.created_by_id, found.submitted_by_id)
    return is_another and request.user.has_perm("purchasing.approve_purchaseorder")


@office("purchasing.view_purchaseorder")
def order_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """発注書の PDF: as it was sent, or as it would be sent now."""
    found = _order(number)
    pdf = paper_store.read(found.pdf_sha256) if found.pdf_sha256 else papers.order_pdf(found)
    header = content_disposition_header("download" in request.GET, f"{found.number}.pdf") or "inline"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": header})


@office_post(CHANGE)
def order_submit(request: HttpRequest, number: str) -> HttpResponse:
    """申請・確定."""
    version = request.POST.get("version", "")
    done = ordering.submit(
        _order(number), by=clerk(request),
        version=int(version) if version.isascii() and version.isdigit() and len(version) < 10 else None,
    )  # fmt: skip
    told = (
        "承認待ちにしました。"
        if done.state == OrderState.WAITING_APPROVAL
        else "確定しました。続けて発注できます。"
    )
    messages.success(request, f"{number} を{told}")
    return redirect("purchasing:order", number)


@office_post("purchasing.approve_purchaseorder")
def order_approve(request: HttpRequest, number: str) -> HttpResponse:
    """承認."""
    ordering.approve(_order(number), by=clerk(request))
    messages.success(request, f"{number} を承認しました。")
    return redirect("purchasing:order", number)


@office_post(CHANGE)
@once
def order_send(request: HttpRequest, number: str) -> HttpResponse:
    """発注: by mail, or marked as sent by fax and telephone."""
    found, by_mail = _order(number), not request.POST.get("without_mail")
    form = SendForm(request.POST)
    if by_mail and not form.is_valid():
        messages.error(request, "送り先のメールアドレスを確かめてください。")
        return redirect("purchasing:order", number)
    to = form.cleaned_data["to"] if by_mail else ""
    if found.state == OrderState.APPROVED:
        sending.send(found, to=to, by_mail=by_mail, by=clerk(request))
        messages.success(request, f"{number} を発注しました。返事を待ちます。")
    else:
        fresh = sending.send_again(found, to=to, by=clerk(request))
        messages.success(request, "もう一度送ります。" if fresh else "このメールはもう送信待ちです。")
    return redirect("purchasing:order", number)


@office_post(CHANGE)
@once
def order_confirm(request: HttpRequest, number: str) -> HttpResponse:
    """仕入先の返事."""
    form = ReplyForm(request.POST)
    if not form.is_valid():
        messages.error(request, "回答納期の日付を確かめてください。")
        return redirect("purchasing:order", number)
    ordering.confirm(_order(number), **form.cleaned_data, by=clerk(request))
    messages.success(request, f"{number} の返事を記録しました。")
    return redirect("purchasing:order", number)


@office_post(CHANGE)
def order_chase(request: HttpRequest, number: str) -> HttpResponse:
    """催促."""
    sending.chase(_order(number), by=clerk(request))
    messages.success(request, f"{number} の返事を催促しました。")
    return redirect("purchasing:order", number)


ENDS = {"send-back": ordering.send_back, "cancel": ordering.cancel, "close": ordering.close}
TOLD = {
    "send-back": "下書きに戻しました。",
    "cancel": "取り消しました。",
    "close": "残りを取り消して完了にしました。",
}


@office_post(CHANGE)
@once
def order_end(request: HttpRequest, number: str, how: str) -> HttpResponse:
    """差し戻し・取消・残りの取消, each with its reason."""
    if how not in ENDS:
        raise Http404
    ENDS[how](_order(number), reason=request.POST.get("reason", "")[:200], by=clerk(request))
    messages.success(request, f"{number} を{TOLD[how]}")
    return redirect("purchasing:order", number)


@office_post(CHANGE)
@once
def order_line_cancel(request: HttpRequest, number: str, line_no: int) -> HttpResponse:
    """1 行の残りの取消."""
    line = get_object_or_404(PurchaseOrderLine, order__number=number, line_no=line_no)
    ordering.cancel_rest_of_line(
        line, quantity=line.open, reason=request.POST.get("reason", "")[:200], by=clerk(request)
    )
    messages.success(request, f"{number} の {line_no} 行目の残りを取り消しました。")
    return redirect("purchasing:order", number)
