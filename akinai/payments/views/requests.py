"""決済: one attempt to be paid, and what may be done with it now."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import transitions
from akinai.core.errors import DomainError
from akinai.orders.payment_methods import METHODS, PaymentKind
from akinai.payments import queries, services
from akinai.payments.models import PaymentRequest
from akinai.payments.request_forms import DayForm, GiveUpForm, RequestForm, RequestRefundForm
from akinai.payments.states import REQUEST_MOVES
from akinai.payments.views.order import _order, _valid
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.staff.models import Staff


@office("payments.view_paymentrequest")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """決済 one."""
    found = get_object_or_404(queries.requests_seen_by(clerk(request)), number=number)
    can = {verb for verb in REQUEST_MOVES if transitions.can(found, verb)}
    if METHODS[PaymentKind(found.kind)].authorised_days is None:
        can.discard("authorise")
    context = {
        "object": found, "request_row": found, "can": can, "panels_page": "payments.request",
        "day_form": DayForm(), "refund_form": RequestRefundForm(initial={"amount_yen": found.left_yen}),
        "give_up_form": GiveUpForm(),
    }  # fmt: skip
    return render(request, "payments/request.html", context)


@office_post("payments.add_paymentrequest")
@once
def add(request: HttpRequest, order_id: int) -> HttpResponse:
    """決済を記録する."""
    order = _order(request, order_id)
    told = _valid(RequestForm(request.POST), "決済を記録できません")
    made = services.request_payment(order.pk, by=clerk(request), **told)
    messages.success(request, f"{made.number} を記録しました。与信や支払が済んだら、状態を進めてください。")
    return redirect("payments:request", made.number)


@office_post("payments.change_paymentrequest")
@once
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """決済の状態を進める."""
    found = get_object_or_404(queries.requests_seen_by(clerk(request)), number=number)
    _move(found, verb, request, clerk(request))
    found.refresh_from_db()
    messages.success(request, f"{found.number} は「{found.get_state_display()}」になりました。")
    return redirect(reverse("payments:request", args=[number]))


def _move(found: PaymentRequest, verb: str, request: HttpRequest, by: Staff) -> None:
    if verb == "authorise":
        services.authorise(found, expires_on=_day(request), by=by)
    elif verb == "renew":
        services.renew(found, expires_on=_day_or_refuse(request, "与信期限"), by=by)
    elif verb == "capture":
        services.capture(found, by=by)
    elif verb == "refund":
        services.refund(found, by=by, **_valid(RequestRefundForm(request.POST), "返金を記録できません"))
    elif verb in ("cancel", "fail"):
        services.give_up(found, verb, by=by, **_valid(GiveUpForm(request.POST), "取り消せません"))
    elif verb == "dispute":
        services.dispute(found, answer_by=_day_or_refuse(request, "回答期限"), by=by)
    elif verb in ("win", "lose"):
        services.close_dispute(found, is_won=verb == "win", by=by)
    else:
        raise Http404


def _day(request: HttpRequest) -> date | None:
    day: date | None = _valid(DayForm(request.POST), "期限を読めません")["day"]
    return day


def _day_or_refuse(request: HttpRequest, words: str) -> date:
    day = _day(request)
    if day is None:
        raise DomainError(f"{words}がありません。", way_out="日付を入れてください。")
    return day
