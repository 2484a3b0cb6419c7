"""受注の詳細: one order with its questions, lines, money and people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse

from akinai.core import clock, postal
from akinai.orders import outlook, queries, repeats, sharing, waiting
from akinai.orders.forms import CARRIERS, NoteForm
from akinai.orders.models import Order, OrderIssue, OrderLine, ReleaseRule
from akinai.orders.repeats import Repeats
from akinai.orders.resolving import Answers, answers
from akinai.orders.states import (
    DELIVERY_SLOTS,
    NOT_LEFT,
    PREPAID,
    SETTLED_BY_CHANNEL,
    WAITING,
    OrderState,
    PaymentKind,
    Progress,
)
from akinai.party import openings
from akinai.stock import queries as stock
from akinai.ui.access import clerk, office

CARRIER_NAMES = {code: name for code, name in CARRIERS if code}


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
    levels = stock.levels([line.sku_id for line in lines if line.sku_id])
    is_waiting = order.state in WAITING
    has_begun = is_waiting and order.in_parts and any(line.instructed for line in lines)
    missing = _missing(order, lines, held) if is_waiting else {}
    found = repeats.find(lines, order.goods_yen)
    holds = list(order.holds.filter(released_at=None).select_related("placed_by").order_by("pk"))
    return {
        "object": order,
        "order": order,
        "lines": [
            (line, held.get(f"{order.number}/{line.line_no}"), levels.get(line.sku_id or 0)) for line in lines
        ],
        "lines_total": sum(line.subtotal_yen for line in lines),
        "repeats": found,
        "issues": _questions(order, lines, found, is_waiting=is_waiting),
        "solved": order.issues.exclude(resolved_at=None).select_related("resolved_by").order_by("pk"),
        "holds": [(hold, hold.shown_title, *waiting.fix_of(hold.rule)) for hold in holds],
        "has_fix": any(waiting.fix_of(hold.rule)[0] for hold in holds) and is_waiting,
        "warnings": list(order.warnings.filter(seen_at=None).order_by("pk")),
        "freed": order.holds.exclude(released_at=None).select_related("released_by").order_by("pk"),
        "changes": list(queries.pending_changes(order)),
        "waiting": queries.why_waiting(order),
        "together": queries.could_go_together(order),
        "is_waiting": is_waiting,
        "has_begun": has_begun,
        "may_change": is_waiting and not has_begun,
        "today": clock.today(),
        "now": clock.now(),
        "release_rules": ReleaseRule.choices,
        "kept": stock.kept_for(
            order.customer_id if is_waiting else None,
            {line.sku_id for line in lines if line.sku_id and line.quantity},
            order.location_id,
        ),
        "may_restore": is_waiting or order.shipped_outside,
        "is_picking": order.state == OrderState.PICKING,
        "can_settle": is_waiting and not order.payment_settled and _settles(order),
        "waits_for_money": order.state == OrderState.AWAITING_PAYMENT and order.payment in PREPAID,
        "is_overdue": bool(order.payment_due_on and order.payment_due_on < clock.today()),
        "must_refund": order.state == OrderState.CANCELLED
        and order.payment_progress == Progress.EXCEPTION
        and not order.paid_yen,
        "slot": DELIVERY_SLOTS.get(order.delivery_slot, order.delivery_slot),
        "postal_code": postal.formatted(order.ship_postal_code),
        "buyer_postal_code": postal.formatted(order.buyer_postal_code),
        "carrier": CARRIER_NAMES.get(order.carrier, order.carrier),
        "note_form": NoteForm(initial={"shop_note": order.shop_note}),
        "outlook": outlook.of_order(order, missing) if is_waiting else None,
        "is_late": bool(order.state in NOT_LEFT and order.ship_by and order.ship_by < clock.today()),
        "several": sharing.of_order(order, lines),
        "panels_page": "orders.detail",
    }


def _missing(order: Order, lines: Sequence[OrderLine], held: Mapping[str, stock.Held]) -> dict[int, int]:
    """SKU → pieces that are not promised to the order yet; of a set its parts."""
    missing: dict[int, int] = defaultdict(int)
    for line in lines:
        mine = held.get(f"{order.number}/{line.line_no}")
        if line.sku_id and line.quantity and not (mine and mine.is_full):
            missing[line.sku_id] += line.quantity if mine is None else max(mine.wanted - mine.quantity, 1)
    return missing


def missing_goods(order: Order) -> str:
    """What is not promised to the order yet, as the outlook's script sends it: `SKU:2,…`."""
    lines = list(queries.lines_of([order.pk]))
    missing = _missing(order, lines, stock.reserved([f"{order.number}/{line.line_no}" for line in lines]))
    codes = {line.sku_id: line.sku.code for line in lines if line.sku}
    return ",".join(f"{codes[pk]}:{pieces}" for pk, pieces in missing.items())


def _questions(
    order: Order, lines: Sequence[OrderLine], found: Repeats, *, is_waiting: bool
) -> list[tuple[OrderIssue, Answers, OrderLine | None]]:
    """Open exceptions, each with its answers and its line."""
    by_no = {line.line_no: line for line in lines}
    return [
        (
            issue,
            answers(
                issue.code, line_no=issue.line_no, column=issue.column, is_open=is_waiting, repeats=found
            ),
            by_no.get(issue.line_no),
        )
        for issue in order.issues.filter(resolved_at=None).order_by("line_no", "pk")
    ]


def _settles(order: Order) -> bool:
    """May the money of this kind be seen outside the bank (the mall's screen, the convenience store's notice)?"""
    return order.payment in SETTLED_BY_CHANNEL | {PaymentKind.CONVENIENCE, PaymentKind.DEFERRED}


@office("orders.view_order")
def detail(request: HttpRequest, number: str) -> HttpResponse:
    """受注の詳細."""
    order = order_of(request, number)
    openings.opened(request, openings.Page.ORDER, order.number, order.customer_id)
    return render(request, "orders/detail.html", context_of(order))


def back(request: HttpRequest, order: Order) -> HttpResponse:
    """To the desk when the act came from there, else to the order."""
    if request.POST.get("from") != "desk":
        return redirect("orders:detail", order.number)
    skip = request.POST.get("skip", "")[:2000]
    stays = Order.objects.filter(pk=order.pk, state=OrderState.ON_HOLD).exists()
    at = f"&at={order.number}" if stays else ""
    return redirect(f"{reverse('orders:desk')}?skip={skip}{at}")
