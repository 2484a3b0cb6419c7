"""領収書の画面 of the office."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.billing import links, queries, rules, services
from akinai.billing.forms import CorrectReceiptForm, ReceiptForm
from akinai.billing.models import ReceiptPaper
from akinai.billing.views.papers import pdf_answer
from akinai.core import paper_store as store
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.party import openings
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _receipt(number: str) -> ReceiptPaper:
    found = queries.receipt_by_number(number)
    if found is None:
        raise Http404(f"領収書 {number} はありません。")
    return found


@office("billing.view_receiptpaper")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """領収書の詳細."""
    receipt = _receipt(number)
    openings.opened(request, openings.Page.INVOICE, number, receipt.customer_id)
    void = getattr(receipt, "void", None)
    context = {
        "object": receipt, "receipt": receipt, "void": void, "taxes": receipt.taxes.all(), "order": receipt.order,
        "replaced_by": ReceiptPaper.objects.filter(replaces=receipt).first(),
        "left": queries.receivable(receipt.order_id), "deliveries": list(queries.deliveries_of(number)),
        "is_whole": store.is_whole(receipt.pdf_sha256) and store.is_whole(receipt.copy_sha256),
        "panels_page": "billing.receipt",
    }  # fmt: skip
    return render(request, "billing/receipt.html", context)


@office("billing.view_receiptpaper")
def pdf(request: HttpRequest, number: str) -> HttpResponse:
    """領収書の控え as issued, for looking only; handing it over is `hand`."""
    return pdf_answer(request, _receipt(number))


@office_post("billing.add_receiptpaper")
def hand(request: HttpRequest, number: str) -> HttpResponse:
    """渡す: the original the first time, 再発行 afterwards; logged."""
    receipt = _receipt(number)
    openings.opened_paper(request, openings.Page.INVOICE, number, receipt.customer_id)
    data = services.hand_out(receipt, to="店舗から", by=clerk(request))
    header = content_disposition_header(True, f"{number}.pdf") or "attachment"
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": header})


@office("billing.add_receiptpaper")
@once
def issue(request: HttpRequest, order_number: str) -> HttpResponse:
    """領収書の発行 for an order."""
    order = orders.by_number(order_number)
    if order is None:
        raise Http404
    left = queries.receivable(order.pk)
    name = rules.recipient_name(company=order.buyer_company, name=order.buyer_name)
    form = ReceiptForm(request.POST or None, initial={"recipient_name": name, "amount_yen": left.left_yen})
    if request.method == "POST" and form.is_valid():
        try:
            made = services.issue_receipt(order.pk, **form.cleaned_data, by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"領収書 {made.number} を発行しました。")
            return redirect("billing:receipt", number=made.number)
    context = {
        "form": form, "order": order, "left": left, "link": links.url_of(order.number), "submit_label": "領収書を発行する",
        "cancel_url": reverse("orders:detail", args=[order.number]),
    }  # fmt: skip
    return render(request, "billing/receipt_form.html", context, status=422 if form.errors else 200)


@office("billing.add_receiptvoid")
@once
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """領収書の訂正: void and anew, also for less after a refund."""
    receipt = _receipt(number)
    left = queries.receivable(receipt.order_id)
    most = max(left.paid_yen - (left.receipted_yen - receipt.amount_yen), 0)
    initial = {
        "recipient_name": receipt.recipient_name, "proviso": receipt.proviso,
        "amount_yen": min(receipt.amount_yen, most),
    }  # fmt: skip
    form = CorrectReceiptForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.correct_receipt(receipt, **form.cleaned_data, by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            told = f"{made.number} を発行しました。" if made else "新しい領収書はありません。"
            messages.success(request, f"{number} を無効にしました。{told}")
            return redirect("billing:receipt", number=made.number if made else number)
    context = {
        "form": form, "receipt": receipt, "most_yen": most, "submit_label": "無効にして訂正する",
        "cancel_url": reverse("billing:receipt", args=[number]),
    }  # fmt: skip
    return render(request, "billing/correct_receipt.html", context, status=422 if form.errors else 200)
