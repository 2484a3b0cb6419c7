"""受注を直す画面: delivery, payment, amounts."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.core import postal
from akinai.orders import services
from akinai.orders.forms import AmountsForm, DeliveryForm, PaymentForm
from akinai.orders.models import Order
from akinai.orders.views.page import missing_goods, order_of
from akinai.ui.access import clerk, office
from akinai.ui.forms import once


def _page(request: HttpRequest, template: str, order: Order, form: Any, **more: Any) -> HttpResponse:
    """The form, with the version of the order that it shows."""
    where = reverse("orders:detail", args=[order.number])
    seen = {"seen": services.version(order)}
    context = {"order": order, "form": form, "cancel_url": where, **seen, **more}
    return render(request, template, context, status=422 if form.is_bound else 200)


@office("orders.change_order")
@once
def delivery(request: HttpRequest, number: str) -> HttpResponse:
    """お届け先を直す."""
    order = order_of(request, number)
    form = DeliveryForm(request.POST or None, initial=_ship_to(order), order=order)
    if (
        request.method == "POST"
        and form.is_valid()
        and form.tries(lambda: _edit_delivery(request, order, form))
    ):
        messages.success(request, f"{order.number} のお届け先を直しました。")
        return redirect("orders:detail", number)
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
    if (
        request.method == "POST"
        and form.is_valid()
        and form.tries(lambda: _set_payment(request, order, form))
    ):
        messages.success(request, f"{order.number} の支払方法を決めました。")
        return redirect("orders:detail", number)
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
    if request.method == "POST" and form.is_valid() and form.tries(lambda: _correct(request, order, form)):
        messages.success(request, f"{order.number} の金額を直しました。")
        return redirect("orders:detail", number)
    lines_total = sum(line.subtotal_yen for line in order.lines.all())
    return _page(request, "orders/amounts.html", order, form, lines_total=lines_total)


def _correct(request: HttpRequest, order: Order, form: AmountsForm) -> None:
    reason = form.cleaned_data["reason"]
    services.correct_amounts(
        order.pk, amounts=form.amounts(), reason=reason, seen=form.seen(), by=clerk(request)
    )
