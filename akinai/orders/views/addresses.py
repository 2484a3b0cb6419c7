"""送付先の画面: other addresses of an order and what goes there."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from akinai.orders import queries, recipients, services, sharing
from akinai.orders.address_forms import DestinationForm
from akinai.orders.models import Order, OrderAddress, OrderLine
from akinai.orders.states import WAITING
from akinai.orders.views.page import order_of
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


@office("orders.change_order")
@once
def add(request: HttpRequest, number: str) -> HttpResponse:
    """送付先を足す."""
    order = order_of(request, number)
    lines = list(queries.lines_of([order.pk]))
    form = DestinationForm(request.POST or None, order=order, lines=lines)
    if request.method == "POST" and form.is_valid():
        by = clerk(request)
        if form.tries(lambda: services.add_address(order.pk, form.destination(), seen=form.seen(), by=by)):
            messages.success(request, f"{number} に送付先を足しました。")
            return _on(request, order)
    return _page(request, order, lines, form, None)


@office("orders.change_order")
@once
def change(request: HttpRequest, number: str, no: int) -> HttpResponse:
    """送付先を直す."""
    order = order_of(request, number)
    lines = list(queries.lines_of([order.pk]))
    address = _address(order, no)
    form = DestinationForm(request.POST or None, order=order, lines=lines, kept=address)
    if request.method == "POST" and form.is_valid():
        by = clerk(request)
        if form.tries(
            lambda: services.change_address(order.pk, no, form.destination(), seen=form.seen(), by=by)
        ):
            messages.success(request, f"送付先 {no} を直しました。")
            return _on(request, order)
    return _page(request, order, lines, form, address)


@office_post("orders.change_order")
@once
def remove(request: HttpRequest, number: str, no: int) -> HttpResponse:
    """送付先を外す: its pieces go to the order's own address."""
    order = order_of(request, number)
    services.remove_address(order.pk, no, by=clerk(request))
    messages.success(request, f"送付先 {no} を外しました。その数量は受注のお届け先に送ります。")
    return _on(request, order)


def _address(order: Order, no: int) -> OrderAddress:
    found = {one.no: one for one in recipients.addresses_of([order.pk]).get(order.pk, [])}
    if no not in found:
        raise Http404
    return found[no]


def _on(request: HttpRequest, order: Order) -> HttpResponse:
    """To the next address when asked for, else to the panel of the order."""
    if request.POST.get("next") == "another":
        return redirect("orders:addresses", order.number)
    return redirect(f"{reverse('orders:detail', args=[order.number])}#addresses")


def _page(
    request: HttpRequest,
    order: Order,
    lines: list[OrderLine],
    form: DestinationForm,
    address: OrderAddress | None,
) -> HttpResponse:
    context = {
        "order": order, "form": form, "address": address, "several": sharing.of_order(order, lines),
        "seen": services.version(order), "may_change": order.state in WAITING,
        "cancel_url": reverse("orders:detail", args=[order.number]),
    }  # fmt: skip
    return render(request, "orders/address.html", context, status=422 if form.is_bound else 200)
