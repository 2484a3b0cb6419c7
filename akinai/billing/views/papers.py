"""Screens of billing (請求の画面)."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import content_disposition_header

from akinai.billing import queries, services
from akinai.billing.forms import CreditForm, IssueForm, ReplaceForm, SendForm
from akinai.billing.models import CreditNote, Invoice, ReceiptPaper, Statement
from akinai.billing.rules import Draft
from akinai.billing.services.credit import draft_for, draft_of_rest, remaining_of
from akinai.core import paper_store as store
from akinai.core.errors import DomainError
from akinai.core.tax import Rounding
from akinai.orders import queries as orders
from akinai.party import openings
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _invoice(number: str) -> Invoice:
    found = queries.by_number(number)
    if found is None:
        raise Http404(f"請求書 {number} はありません。")
    return found


def _note(number: str) -> CreditNote:
    found = queries.credit_note_by_number(number)
    if found is None:
        raise Http404(f"返還請求書 {number} はありません。")
    return found


@office("billing.view_invoice")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """請求書の詳細."""
    invoice = _invoice(number)
    openings.opened(request, openings.Page.INVOICE, number, invoice.customer_id)
    left = remaining_of(invoice)
    context = {
        "object": invoice,
        "invoice": invoice,
        "order": invoice.order,
        "lines": invoice.lines.all(),
        "taxes": invoice.taxes.all(),
        "notes": invoice.credit_notes.order_by("pk"),
        "replaced_by": Invoice.objects.filter(replaces=invoice).first(),
        "deliveries": list(queries.deliveries_of(number)),
        "undelivered": queries.mails_not_delivered(number),
        "left_yen": sum(total.gross_yen for total in left.values()),
        "is_whole": store.is_whole(invoice.pdf_sha256),
        "rounding": Rounding(invoice.rounding).label,
        "send_form": SendForm(initial={"to": invoice.order.buyer_email}),
        "panels_page": "billing.invoice",
    }
    return render(request, "billing/detail.html", context)


@office("billing.view_invoice")
def credit_note(request: HttpRequest, number: str) -> HttpResponse:
    """返還請求書の詳細."""
    note = _note(number)
    openings.opened(request, openings.Page.INVOICE, number, note.customer_id)
    context = {
        "object": note,
        "note": note,
        "order": note.order,
        "lines": note.lines.all(),
        "taxes": note.taxes.all(),
        "deliveries": list(queries.deliveries_of(number)),
        "undelivered": queries.mails_not_delivered(number),
        "is_whole": store.is_whole(note.pdf_sha256),
        "send_form": SendForm(initial={"to": note.order.buyer_email}),
        "panels_page": "billing.credit_note",
    }
    return render(request, "billing/credit_note.html", context)


@office("billing.view_invoice")
def invoice_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """請求書の PDF as issued."""
    return pdf_answer(request, _invoice(number))


@office("billing.view_invoice")
def credit_note_pdf(request: HttpRequest, number: str) -> HttpResponse:
    """返還請求書の PDF as issued."""
    return pdf_answer(request, _note(number))


def pdf_answer(request: HttpRequest, paper: Invoice | CreditNote | Statement | ReceiptPaper) -> HttpResponse:
    """The stored file of a paper, to be shown or (`?download`) saved. Who opened it is written down."""
    openings.opened_paper(request, openings.Page.INVOICE, paper.number, paper.customer_id)
    header = content_disposition_header("download" in request.GET, f"{paper.number}.pdf") or "inline"
    pdf = store.read(paper.pdf_sha256)
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": header})


@office_post("billing.add_invoice")
@once
def issue(request: HttpRequest, order_number: str) -> HttpResponse:
    """請求書の発行 from the order's page."""
    order = orders.by_number(order_number)
    if order is None:
        raise Http404
    form = IssueForm(request.POST)
    issued_on = form.cleaned_data["issued_on"] if form.is_valid() else None
    made = services.issue([order.pk], issued_on=issued_on, by=clerk(request))
    if not made:
        messages.info(request, "この受注の請求書はモールが発行するため、不要にしました。")
        return redirect("orders:detail", order.number)
    messages.success(request, f"請求書 {made[0].number} を発行しました。")
    return redirect("billing:detail", number=made[0].number)


@office_post("billing.add_paperdelivery")
@once
def send(request: HttpRequest, number: str) -> HttpResponse:
    """メールで送る."""
    return send_answer(request, _invoice(number), reverse("billing:detail", args=[number]))


@office_post("billing.add_paperdelivery")
@once
def send_credit_note(request: HttpRequest, number: str) -> HttpResponse:
    """返還請求書をメールで送る."""
    return send_answer(request, _note(number), reverse("billing:credit_note", args=[number]))


def send_answer(request: HttpRequest, paper: Invoice | CreditNote | Statement, back: str) -> HttpResponse:
    """What the page says after 送る was pressed."""
    form = SendForm(request.POST)
    if not form.is_valid():
        messages.error(request, "送り先のメールアドレスを確かめてください。")
    elif services.send(paper, to=form.cleaned_data["to"], by=clerk(request)):
        messages.success(request, f"{paper.number} を送信待ちに入れました。")
    else:
        messages.info(request, f"{paper.number} はすでに送信待ちです。")
    return redirect(back)


@office_post("billing.add_paperdelivery")
@once
def printed(request: HttpRequest, number: str) -> HttpResponse:
    """同梱・印刷で渡した."""
    services.mark_printed([_invoice(number)], by=clerk(request))
    messages.success(request, f"{number} を渡した記録にしました。")
    return redirect("billing:detail", number=number)


@office("billing.add_creditnote")
@once
def credit(request: HttpRequest, number: str) -> HttpResponse:
    """返還請求書の発行: amounts, then a look at the tax, then the paper."""
    invoice = _invoice(number)
    form = CreditForm(request.POST or None, invoice=invoice)
    context: dict[str, Any] = {
        "form": form,
        "invoice": invoice,
        "remaining": [left for left in remaining_of(invoice).values() if left.gross_yen > 0],
        "cancel_url": reverse("billing:detail", args=[number]),
    }
    if request.method == "POST" and form.is_valid():
        try:
            context["draft"] = _draft(invoice, form)
        except DomainError as refusal:
            form.add_error(None, f"{refusal.message}{refusal.way_out}")
        else:
            if "issue" in request.POST:
                return _credit(request, invoice, form)
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "billing/credit.html", context, status=status)


def _draft(invoice: Invoice, form: CreditForm) -> Draft:
    return draft_of_rest(invoice) if form.cleaned_data["everything"] else draft_for(invoice, form.asks())


def _credit(request: HttpRequest, invoice: Invoice, form: CreditForm) -> HttpResponse:
    told = {"reason": form.cleaned_data["reason"], "returned_on": form.cleaned_data["returned_on"]}
    if form.cleaned_data["everything"]:
        note = services.credit_rest(invoice, **told, by=clerk(request))
    else:
        note = services.credit(invoice, asks=form.asks(), **told, by=clerk(request))
    messages.success(request, f"返還請求書 {note.number} を発行しました。")
    return redirect("billing:credit_note", number=note.number)


@office("billing.add_creditnote")
@once
def replace(request: HttpRequest, number: str) -> HttpResponse:
    """訂正: full credit note and a new invoice."""
    invoice = _invoice(number)
    initial = {"recipient_name": invoice.recipient_name, "recipient_address": invoice.recipient_address}
    form = ReplaceForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        corrected = services.replace(invoice, **form.cleaned_data, by=clerk(request))
        messages.success(request, f"{number} を訂正し、{corrected.number} を発行しました。")
        return redirect("billing:detail", number=corrected.number)
    context = {
        "form": form,
        "invoice": invoice,
        "submit_label": "訂正した請求書を発行する",
        "cancel_url": reverse("billing:detail", args=[number]),
    }
    return render(request, "billing/replace.html", context, status=422 if form.is_bound else 200)
