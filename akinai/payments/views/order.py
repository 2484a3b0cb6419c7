"""受注の入金: what the panel on the order's page does, and the carrier's remittance for many orders at once."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse as address_of

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_yen, yen
from akinai.orders import queries as orders
from akinai.orders.states import PaymentKind
from akinai.payments import queries, services
from akinai.payments.forms import (
    KeepForm,
    NoteForm,
    ReceiveForm,
    RefundForm,
    RemittanceForm,
    UseCreditForm,
    first_error,
)
from akinai.payments.states import PaymentSource
from akinai.ui.access import clerk, office_post
from akinai.ui.forms import ONCE, once

if TYPE_CHECKING:
    from akinai.orders.models import Order

MOST = 1000


def _order(request: HttpRequest, order_id: int) -> Order:
    return get_object_or_404(orders.orders_seen_by(clerk(request)), pk=order_id)


def _back(order: Order) -> HttpResponse:
    return redirect(f"{address_of('orders:detail', args=[order.number])}#payments")


def _key(request: HttpRequest) -> str:
    """What makes the act one act, also when it is sent twice."""
    return request.POST.get(ONCE, "")[:64] or secrets.token_urlsafe(18)


def _valid(form: Form, words: str) -> dict[str, Any]:
    if not form.is_valid():
        raise DomainError(f"{words}。{first_error(form)}", way_out="入力を直してください。")
    return form.cleaned_data


@office_post("payments.add_payment")
@once
def receive(request: HttpRequest, order_id: int) -> HttpResponse:
    """銀行以外の入金."""
    order = _order(request, order_id)
    told = _valid(ReceiveForm(request.POST), "入金を記録できません")
    made = services.receive_otherwise(
        order_id=order.pk, key=f"hand:{_key(request)}", by=clerk(request), **told
    )
    messages.success(request, f"{made.number}: {yen(made.amount_yen)} の入金を記録しました。")
    return _back(order)


@office_post("payments.add_payment")
@once
def use_credit(request: HttpRequest, order_id: int) -> HttpResponse:
    """預り金を充てる."""
    order = _order(request, order_id)
    told = _valid(UseCreditForm(request.POST), "預り金を充てられません")
    services.use_credit(order_id=order.pk, on=clock.today(), key=_key(request), by=clerk(request), **told)
    messages.success(request, f"預り金 {yen(told['amount_yen'])} を充てました。")
    return _back(order)


@office_post("payments.add_payment")
@once
def refund(request: HttpRequest, order_id: int) -> HttpResponse:
    """返金."""
    order = _order(request, order_id)
    taken = queries.taken_by_door(order.pk)
    told = _valid(RefundForm(request.POST, is_by_door=taken is not None), "返金を記録できません")
    made = services.refund_order(order_id=order.pk, key=_key(request), by=clerk(request), **told)
    messages.success(request, f"{made.number}: {yen(-made.amount_yen)} の返金を記録しました。")
    return _back(order)


@office_post("payments.add_payment")
@once
def keep(request: HttpRequest, order_id: int) -> HttpResponse:
    """入金を預り金に移す."""
    order = _order(request, order_id)
    told = _valid(KeepForm(request.POST), "預り金に移せません")
    services.keep_as_credit(order_id=order.pk, on=clock.today(), key=_key(request), by=clerk(request), **told)
    messages.success(request, f"{yen(told['amount_yen'])} を預り金に移しました。次の注文に使えます。")
    return _back(order)


@office_post("payments.add_payment")
@once
def reverse(request: HttpRequest, pk: int) -> HttpResponse:
    """入金・返金の取消."""
    row = get_object_or_404(queries.payments_seen_by(clerk(request)), pk=pk)
    told = _valid(NoteForm(request.POST), "取り消せません")
    services.reverse_payment(pk, note=told["note"], by=clerk(request))
    messages.success(request, f"{row.number} を取り消しました。")
    if row.order:
        return _back(row.order)
    return redirect("payments:credit", row.customer_id) if row.customer_id else redirect("payments:payments")


# まとめて入金 -----------------------------------------------------------------------------------------------------


@office_post("payments.add_payment")
def receive_many(request: HttpRequest) -> HttpResponseBase:
    """The chosen orders with what each owes; then all of them in one act."""
    ids = [int(pk) for pk in request.POST.getlist("pk") if pk.isascii() and pk.isdigit() and len(pk) < 19][
        :MOST
    ]
    seen = orders.orders_seen_by(clerk(request)).filter(pk__in=ids).select_related("channel").order_by("pk")
    rows = [
        (order, request.POST.get(f"amount.{order.pk}", str(order.owed_yen)))
        for order in seen
        if order.owed_yen > 0
    ]
    if not rows:
        messages.warning(request, "未入金の受注が選ばれていません。")
        return redirect("orders:list")
    if "go" not in request.POST:
        form = RemittanceForm(
            initial={"received_on": clock.today(), "source": _usual_source([o for o, _ in rows])}
        )
        return _ask(request, form, rows)
    return _receive_many(request, rows)


@once
def _receive_many(request: HttpRequest, rows: list[tuple[Order, str]]) -> HttpResponse:
    form = RemittanceForm(request.POST)
    amounts, wrong = _amounts(rows)
    if form.is_valid() and not wrong:
        told = dict(form.cleaned_data)
        expected, total = told.pop("total_yen"), sum(amounts.values())
        if expected in (None, total):
            made = services.receive_many(amounts, key=f"many:{_key(request)}", by=clerk(request), **told)
            messages.success(request, f"{len(made):,} 件、合計 {yen(total)} の入金を記録しました。")
            return redirect("payments:payments")
        form.add_error(
            "total_yen", f"選んだ受注の合計 {yen(total)} と {yen(abs(expected - total))} 違います。"
        )
    for message in wrong:
        form.add_error(None, message)
    return _ask(request, form, rows)


def _amounts(rows: list[tuple[Order, str]]) -> tuple[dict[int, int], list[str]]:
    """(order → yen, what cannot be read)."""
    amounts: dict[int, int] = {}
    wrong = []
    for order, text in rows:
        try:
            amounts[order.pk] = parse_yen(text)
        except NotANumber as error:
            wrong.append(f"{order.number}: {error}")
            continue
        if not 0 < amounts[order.pk] <= order.owed_yen:
            wrong.append(f"{order.number}: 金額は 1 円から未入金の {yen(order.owed_yen)} までです。")
    return amounts, wrong


def _usual_source(rows: list[Order]) -> str:
    is_cod = all(order.payment == PaymentKind.COD for order in rows)
    return PaymentSource.CARRIER if is_cod else PaymentSource.CHANNEL


def _ask(request: HttpRequest, form: RemittanceForm, rows: list[tuple[Order, str]]) -> HttpResponse:
    context = {"form": form, "rows": rows, "total_yen": sum(_amounts(rows)[0].values())}
    return render(request, "payments/receive_many.html", context, status=422 if form.is_bound else 200)
