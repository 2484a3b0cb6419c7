"""見積の画面: make, submit, accept, decline, withdraw, copy; the paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import quote as quoted

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock, paper_store, postal, transitions
from akinai.core.errors import DomainError
from akinai.core.models import OutgoingMail
from akinai.orders import quote_papers, services
from akinai.orders.forms import ReasonForm
from akinai.orders.models import Quote
from akinai.orders.quote_forms import QuoteForms, SubmitForm
from akinai.orders.quote_states import QuoteState
from akinai.orders.services.quotes import KEY
from akinai.orders.views.acts import read
from akinai.party import openings
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def _found(number: str) -> Quote:
    quotes = Quote.objects.select_related("order", "customer", "copied_from", "created_by")
    return get_object_or_404(quotes, number=number)


@office("orders.add_quote")
@once
def new_quote(request: HttpRequest) -> HttpResponse:
    """見積を作る."""
    forms = QuoteForms(request.POST or None)
    return _form(request, forms, "見積を作る", lambda: services.draft_quote(forms.offer(), by=clerk(request)))


@office("orders.change_quote")
@once
def edit_quote(request: HttpRequest, number: str) -> HttpResponse:
    """見積を直す."""
    quote = _found(number)
    forms = QuoteForms(request.POST or None, quote)
    act = lambda: services.edit_quote(quote.pk, forms.offer(), by=clerk(request))  # noqa: E731
    return _form(request, forms, f"{quote.number} を直す", act)


def _form(request: HttpRequest, forms: QuoteForms, title: str, act: Callable[[], Quote]) -> HttpResponse:
    if request.method == "POST" and forms.is_valid():
        try:
            quote = act()
        except DomainError as refusal:
            forms.refuse(f"{refusal.message}{refusal.way_out}")
        else:
            messages.success(request, f"見積 {quote.number} を保存しました。")
            return redirect("orders:quote_detail", quote.number)
    context = {"forms": forms, "form_title": title, "cancel_url": reverse("orders:quotes")}
    return render(request, "orders/quote_form.html", context, status=422 if forms.is_bound else 200)


@office("orders.view_quote")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """見積の詳細."""
    quote = _found(number)
    openings.opened(request, openings.Page.QUOTE, quote.number, quote.customer_id)
    mails = OutgoingMail.objects.filter(key__startswith=f"{KEY}{quote.number}:").order_by("-created_at")
    context: dict[str, Any] = {
        "object": quote, "quote": quote, "lines": quote.lines.select_related("sku__product").order_by("line_no"),
        "taxes": quote_papers.taxes_of(quote), "mails": list(mails),
        "can": {verb: transitions.can(quote, verb) for verb in quote.MOVES},
        "is_draft": quote.state == QuoteState.DRAFT, "is_late": quote.valid_until < clock.today(),
        "postal_code": postal.formatted(quote.postal_code), "submit_form": SubmitForm(initial={"to": quote.email}),
        "panels_page": "orders.quote",
    }  # fmt: skip
    return render(request, "orders/quote.html", context)


@office("orders.view_quote")
def paper(request: HttpRequest, number: str) -> HttpResponse:
    """見積書 PDF: as submitted, of a draft as it would be."""
    quote = _found(number)
    openings.opened_paper(request, openings.Page.QUOTE, quote.number, quote.customer_id)
    data = paper_store.read(quote.pdf_sha256) if quote.pdf_sha256 else quote_papers.quote_pdf(quote)
    header = f"inline; filename*=UTF-8''{quoted(f'見積書_{quote.number}.pdf')}"
    return HttpResponse(data, content_type="application/pdf", headers={"Content-Disposition": header})


@office_post("orders.change_quote")
@once
def submit(request: HttpRequest, number: str) -> HttpResponse:
    """見積を出す."""
    quote = _found(number)
    data = read(SubmitForm(request.POST), "見積を出せません。", "メールアドレスを確かめてください。")
    services.submit_quote(quote.pk, to=data["to"], by_mail=not data["by_hand"], by=clerk(request))
    how = (
        "提出済みにしました"
        if data["by_hand"]
        else f"{data['to'] or quote.email} へのメールを送信待ちに入れました"
    )
    messages.success(request, f"{quote.number}: {how}。")
    return redirect("orders:quote_detail", number)


@office_post("orders.add_order")
@once
def accept(request: HttpRequest, number: str) -> HttpResponse:
    """成約."""
    quote = _found(number)
    order = services.accept_quote(quote.pk, by=clerk(request), now=clock.now())
    messages.success(
        request, f"{quote.number} から受注 {order.number} を作りました。「{order.get_state_display()}」です。"
    )
    return redirect("orders:detail", order.number)


@office_post("orders.change_quote")
def decline(request: HttpRequest, number: str) -> HttpResponse:
    """失注."""
    quote = _found(number)
    data = read(ReasonForm(request.POST), "失注にできません。理由: ")
    services.decline_quote(quote.pk, reason=data["reason"], by=clerk(request))
    messages.success(request, f"{quote.number} を失注にしました。")
    return redirect("orders:quote_detail", number)


@office_post("orders.change_quote")
def withdraw(request: HttpRequest, number: str) -> HttpResponse:
    """取り消す."""
    quote = _found(number)
    data = read(ReasonForm(request.POST), "取り消せません。理由: ")
    services.withdraw_quote(quote.pk, reason=data["reason"], by=clerk(request))
    messages.success(request, f"{quote.number} を取り消しました。")
    return redirect("orders:quote_detail", number)


@office_post("orders.add_quote")
@once
def copy(request: HttpRequest, number: str) -> HttpResponse:
    """写しを作る."""
    made = services.copy_quote(_found(number).pk, by=clerk(request))
    messages.success(request, f"{number} の写し {made.number} を作りました。")
    return redirect("orders:edit_quote", made.number)
