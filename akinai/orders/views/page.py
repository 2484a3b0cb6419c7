"""受注の詳細: one order with its questions, lines, money and people."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import postal
from akinai.orders import queries, rules
from akinai.orders.forms import AssignSkuForm, NoteForm
from akinai.orders.models import Order
from akinai.orders.states import (
    DELIVERY_SLOTS,
    SETTLED_BY_CHANNEL,
    WAITING,
    IssueCode,
    OrderState,
    PaymentKind,
    Progress,
)
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office

LINE_ISSUES = frozenset(
    {IssueCode.BAD_QUANTITY, IssueCode.BAD_PRICE, IssueCode.UNKNOWN_SKU, IssueCode.CANCELLED_LINE}
)


def order_of(request: HttpRequest, number: str) -> Order:
    """The order of this number, as far as this person may see it (404 else)."""
    seen = queries.orders_seen_by(clerk(request)).select_related(
        "channel", "customer", "location", "intake_file"
    )
    return get_object_or_404(seen, number=number)


def context_of(order: Order) -> dict[str, Any]:
    """Everything the page and the desk show of one order."""
    lines = list(queries.lines_of([order.pk]))
    held = stock.reserved([f"{order.number}/{line.line_no}" for line in lines])
    holds = list(order.holds.filter(released_at=None).order_by("pk"))
    is_waiting = order.state in WAITING
    return {
        "object": order,
        "order": order,
        "lines": [(line, held.get(f"{order.number}/{line.line_no}")) for line in lines],
        "lines_total": sum(line.subtotal_yen for line in lines),
        "issues": list(order.issues.filter(resolved_at=None).order_by("line_no", "pk")),
        "solved": order.issues.exclude(resolved_at=None).select_related("resolved_by").order_by("pk"),
        "holds": [(hold, rules.rule_title(hold.rule)) for hold in holds],
        "freed": order.holds.exclude(released_at=None).select_related("released_by").order_by("pk"),
        "changes": list(queries.pending_changes(order)),
        "waiting": queries.why_waiting(order),
        "together": queries.could_go_together(order),
        "is_waiting": is_waiting,
        "can_settle": is_waiting and not order.payment_settled and _settles(order),
        "must_refund": order.state == OrderState.CANCELLED
        and order.payment_progress == Progress.EXCEPTION
        and not order.paid_yen,
        "line_issues": LINE_ISSUES,
        "unknown_sku": IssueCode.UNKNOWN_SKU,
        "total_mismatch": {IssueCode.TOTAL_MISMATCH, IssueCode.TAX_MISMATCH, IssueCode.CURRENCY},
        "slot": DELIVERY_SLOTS.get(order.delivery_slot, order.delivery_slot),
        "postal_code": postal.formatted(order.ship_postal_code),
        "buyer_postal_code": postal.formatted(order.buyer_postal_code),
        "sku_form": AssignSkuForm(),
        "note_form": NoteForm(initial={"shop_note": order.shop_note}),
        "panels_page": "orders.detail",
    }


def _settles(order: Order) -> bool:
    """May the money of this kind be seen outside the bank (the mall's screen, the convenience store's notice)?"""
    return order.payment in SETTLED_BY_CHANNEL | {PaymentKind.CONVENIENCE, PaymentKind.DEFERRED}


@office("orders.view_order")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """受注の詳細."""
    return render(request, "orders/detail.html", context_of(order_of(request, number)))


def back(request: HttpRequest, order: Order) -> HttpResponse:
    """To the desk when the act came from there, else to the order."""
    if request.POST.get("from") != "desk":
        return redirect("orders:detail", order.number)
    skip = request.POST.get("skip", "")[:2000]
    stays = Order.objects.filter(pk=order.pk, state=OrderState.ON_HOLD).exists()
    at = f"&at={order.number}" if stays else ""
    return redirect(f"{reverse('orders:desk')}?skip={skip}{at}")
