"""預り金: one customer's money that we keep, how it came and where it went."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from akinai.core import clock
from akinai.core.money import yen
from akinai.orders import queries as orders
from akinai.party import openings
from akinai.payments import queries, services
from akinai.payments.forms import RefundForm
from akinai.payments.views.order import _key, _valid
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("payments.view_creditbalance")
def detail(request: HttpRequest, customer_id: int) -> HttpResponse:
    """預り金の出入り of one customer, and the orders it could pay."""
    balance = get_object_or_404(queries.credits_seen_by(clerk(request)), pk=customer_id)
    openings.opened(request, openings.Page.PAYMENT, balance.customer.number, customer_id)
    form = RefundForm(initial={"amount_yen": balance.balance_yen, "on": clock.today()})
    context = {
        "object": balance,
        "balance": balance,
        "moves": queries.credit_moves(customer_id),
        "owing": orders.owing_of(customer_id) if balance.balance_yen else [],
        "form": form,
        "panels_page": "payments.credit",
    }
    return render(request, "payments/credit.html", context)


@office_post("payments.add_payment")
@once
def give_back(request: HttpRequest, customer_id: int) -> HttpResponse:
    """預り金を返す."""
    balance = get_object_or_404(queries.credits_seen_by(clerk(request)), pk=customer_id)
    told = _valid(RefundForm(request.POST), "返金を記録できません")
    made = services.return_credit(customer_id=balance.pk, key=_key(request), by=clerk(request), **told)
    messages.success(request, f"{made.number}: 預り金 {yen(-made.amount_yen)} の返金を記録しました。")
    return redirect("payments:credit", customer_id)
