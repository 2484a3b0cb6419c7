"""受注を直す画面: delivery, payment, amounts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from akinai.core import postal
from akinai.core.errors import DomainError
from akinai.orders import services
from akinai.orders.change_forms import ChangeForms
from akinai.orders.forms import AmountsForm, DeliveryForm, FreshForm, PaymentForm
from akinai.orders.models import Order
from akinai.orders.preview_ports import consequences
from akinai.orders.views.page import missing_goods, order_of
from akinai.orders.views.preview import through_preview
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


def _page(request: HttpRequest, template: str, order: Order, form: Any, **more: Any) -> HttpResponse:
    """The form, with the version of the order that it shows."""
    where = reverse("orders:detail", args=[order.number])
    seen = {"seen": services.version(order)}
    context = {"order": order, "form": form, "cancel_url": where, **seen, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


def _step(
    request: HttpRequest, order: Order, form: FreshForm, act: Callable[[], object], *, title: str, done: str
) -> HttpResponse | None:
    """The preview or the answer of a valid form; None when the form is shown (again), with what was refused."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        return through_preview(request, order, act, title=title, done=done)
    except DomainError as refusal:
        form.add_error(None, f"{refusal.message}{refusal.way_out}")
        return None


@office("orders.change_order")
@once
def change(request: HttpRequest, number: str) -> HttpResponse:
    """内容を変える: quantities, prices, new lines, amounts."""
    order = order_of(request, number)
    lines = list(order.lines.filter(quantity__gt=0).select_related("sku").order_by("line_no"))
    forms = ChangeForms(
        request.POST or None, order, lines, {name: getattr(order, name) for name in services.AMOUNTS}
    )
    if request.method == "POST" and forms.is_valid():
        try:
            return through_preview(
                request,
                order,
                partial(_change, request, order, forms),
                title="内容を変える",
                done="内容を変えました。",
            )
        except DomainError as refusal:
            forms.refuse(f"{refusal.message}{refusal.way_out}")
    context = {
        "order": order, "forms": forms, "seen": services.version(order), "told": consequences(order),
        "is_taxed_outside": any(not line.price_includes_tax for line in lines),
    }  # fmt: skip
    return render(request, "orders/change.html", context, status=422 if forms.is_bound else 200)


def _change(request: HttpRequest, order: Order, forms: ChangeForms) -> None:
    services.change_order(
        order.pk, lines=forms.lines(), added=forms.added(), amounts=forms.terms.amounts(),
        reason=forms.terms.cleaned_data["reason"], seen=forms.terms.seen(), by=clerk(request),
    )  # fmt: skip


@office("orders.change_order")
@once
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """お届け先を直す."""
    order = order_of(request, number)
    form = DeliveryForm(request.POST or None, initial=_ship_to(order), order=order)
    act = partial(_edit_delivery, request, order, form)
    if answer := _step(request, order, form, act, title="お届け先を直す", done="お届け先を直しました。"):
        return answer
    return _page(request, "orders/delivery.html", order, form, goods=missing_goods(order))


def _edit_delivery(request: HttpRequest, order: Order, form: DeliveryForm) -> None:
    wishes = {name: form.cleaned_data[name] for name in ("delivery_on", "delivery_slot", "carrier")}
    services.edit_delivery(order.pk, ship_to=form.address(), seen=form.seen(), by=clerk(request), **wishes)


def _ship_to(order: Order) -> dict[str, Any]:
    ship = ("name", "kana", "company", "postal_code", "prefecture", "city", "line1", "line2", "phone")
    found = {name: getattr(order, f"ship_{name}") for name in ship}
    found["postal_code"] = postal.formatted(order.ship_postal_code)
    return found | {name: getattr(order, name) for name in ("delivery_on", "delivery_slot", "carrier")}


@office("orders.change_order")
@once
def payment(request: HttpRequest, number: str) -> HttpResponse:
    """支払方法を決める."""
    order = order_of(request, number)
    initial = {"payment": order.payment, "is_settled": order.payment_settled}
    form = PaymentForm(request.POST or None, initial=initial, order=order)
    act = partial(_set_payment, request, order, form)
    if answer := _step(request, order, form, act, title="支払方法を決める", done="支払方法を決めました。"):
        return answer
    return _page(request, "orders/payment.html", order, form)


def _set_payment(request: HttpRequest, order: Order, form: PaymentForm) -> None:
    chosen = {name: form.cleaned_data[name] for name in ("payment", "is_settled")}
    services.set_payment(order.pk, seen=form.seen(), by=clerk(request), **chosen)


@office("orders.change_order")
@once
def amounts(request: HttpRequest, number: str) -> HttpResponse:
    """金額を直す."""
    order = order_of(request, number)
    initial = {name: getattr(order, name) for name in services.AMOUNTS}
    form = AmountsForm(request.POST or None, initial=initial, order=order)
    act = partial(_correct, request, order, form)
    if answer := _step(request, order, form, act, title="金額を直す", done="金額を直しました。"):
        return answer
    lines_total = sum(line.subtotal_yen for line in order.lines.all())
    return _page(request, "orders/amounts.html", order, form, lines_total=lines_total)


def _correct(request: HttpRequest, order: Order, form: AmountsForm) -> None:
    reason = form.cleaned_data["reason"]
    services.correct_amounts(
        order.pk, amounts=form.amounts(), reason=reason, seen=form.seen(), by=clerk(request)
    )
