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
from akinai.payments.request_forms import (
    DayForm,
    GiveUpForm,
    LinkForm,
    NoteForm,
    RequestForm,
    RequestRefundForm,
)
from akinai.payments.states import REQUEST_MOVES, RequestState
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
        "give_up_form": GiveUpForm(), "note_form": NoteForm(), "is_by_door": bool(found.door),
        "calls": queries.calls_of(found), "told": queries.told_of(found), "acts": _acts(found) if found.door else set(),
        "payments": queries.payments_of_batch(found.number),
    }  # fmt: skip
    return render(request, "payments/request.html", context)


def _acts(found: PaymentRequest) -> set[str]:
    """What may be asked of the provider now."""
    state = found.state
    acts = {RequestState.REQUESTED: {"mail", "give_up"}, RequestState.AUTHORISED: {"capture", "release"}}
    taken = {"refund"} if state in (RequestState.CAPTURED, RequestState.PARTLY_REFUNDED) else set()
    return acts.get(RequestState(state), taken)


@office_post("payments.add_paymentrequest")
@once
def add(request: HttpRequest, order_id: int) -> HttpResponse:
    """決済を記録する."""
    order = _order(request, order_id)
    told = _valid(RequestForm(request.POST), "決済を記録できません")
    made = services.request_payment(order.pk, by=clerk(request), **told)
    messages.success(request, f"{made.number} を記録しました。与信や支払が済んだら、状態を進めてください。")
    return redirect("payments:request", made.number)


@office_post("payments.add_paymentrequest")
@once
def send_link(request: HttpRequest, order_id: int) -> HttpResponse:
    """決済リンクを送る."""
    order = _order(request, order_id)
    told = _valid(LinkForm(services.kinds_in_use(), request.POST), "決済リンクを送れません")
    made = services.send_link(order.pk, by=clerk(request), **told)
    messages.success(request, f"{made.number} の決済リンクを {told['to']} に送ります。")
    return redirect(f"{reverse('orders:detail', args=[order.number])}#requests")


@office_post("payments.add_paymentrequest")
@once
def mail_again(request: HttpRequest, number: str) -> HttpResponse:
    """決済リンクをもう一度送る."""
    found = get_object_or_404(queries.requests_seen_by(clerk(request)), number=number)
    sent = services.mail_link(found, by=clerk(request))
    if sent:
        messages.success(request, "決済リンクをもう一度送ります。")
    else:
        messages.info(request, "決済リンクのメールは、まだ送信待ちです。")
    return redirect("payments:request", number)


@office_post("payments.change_paymentrequest")
@once
def move(request: HttpRequest, number: str, verb: str) -> HttpResponse:
    """決済の状態を進める."""
    found = get_object_or_404(queries.requests_seen_by(clerk(request)), number=number)
    _move(found, verb, request, clerk(request))
    found.refresh_from_db()
    asked = "（決済会社に依頼しました）" if found.door else ""
    messages.success(request, f"{found.number} は「{found.get_state_display()}」です{asked}。")
    return redirect(reverse("payments:request", args=[number]))


def _move(found: PaymentRequest, verb: str, request: HttpRequest, by: Staff) -> None:
    if found.door:
        _ask(found, verb, request, by)
    elif verb == "authorise":
        services.authorise(found, expires_on=_day(request), by=by)
    elif verb == "renew":
        services.renew(found, expires_on=_day_or_refuse(request, "与信期限"), by=by)
    elif verb == "capture":
        services.capture(found, by=by)
    elif verb == "refund":
        told = _valid(RequestRefundForm(request.POST), "返金を記録できません")
        services.refund(found, amount_yen=told["amount_yen"], by=by)
    elif verb in ("cancel", "fail"):
        services.give_up(found, verb, by=by, **_valid(GiveUpForm(request.POST), "取り消せません"))
    elif verb == "dispute":
        services.dispute(found, answer_by=_day_or_refuse(request, "回答期限"), by=by)
    elif verb in ("win", "lose"):
        services.close_dispute(found, is_won=verb == "win", by=by)
    else:
        raise Http404


def _ask(found: PaymentRequest, verb: str, request: HttpRequest, by: Staff) -> None:
    """決済会社に頼む, where a door of ours stands behind the request; its states are moved by what it answers."""
    if verb == "capture":
        services.ask_capture(found, by=by)
    elif verb == "refund":
        services.ask_refund(found, by=by, **_valid(RequestRefundForm(request.POST), "返金できません"))
    elif verb == "cancel":
        services.stop(found, by=by, **_valid(GiveUpForm(request.POST), "取り消せません"))
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
