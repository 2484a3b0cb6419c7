"""問い合わせからの用事: other rooms' pages with a way back, a coupon, a letter that becomes a ticket of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import Resolver404, resolve, reverse

from akinai.content import ports as content
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.support import services
from akinai.support.complaint_forms import ReshipForm
from akinai.support.complaint_states import CompensationState
from akinai.support.models import Message, Ticket
from akinai.support.queries.beside import beside
from akinai.support.queries.ways import Way, ways_of
from akinai.support.services import compensation, gifts, reshipping
from akinai.support.states import CLOSED_TO_ALL
from akinai.support.views.desk import WORDS, found
from akinai.ui import trail
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def errands_of(request: HttpRequest, ticket: Ticket, linked: list[Any]) -> dict[str, Any]:
    """For the side of the ticket: its orders with their parcels and money, what can be done with each, and coupons."""
    staff = clerk(request)
    may_send = staff.has_perm("support.add_compensation") and ticket.state not in CLOSED_TO_ALL
    may_give = ticket.customer_id is not None and staff.has_perm("support.give_coupon")
    around = beside(linked, staff)
    return {
        "beside": around,
        "ways": [
            (one.order, [*ways_of(one.order, staff, one.gone), *_again(ticket, one.order, may_send)])
            for one in around[:5]
        ],
        "coupons": content.gift_choices() if may_give else [],
    }


def _again(ticket: Ticket, order: Any, may_send: bool) -> list[Way]:
    """同じ品を送り直す, once something of the order has left."""
    if not may_send or order.state not in orders.LEFT:
        return []
    return [Way("同じ品を送り直す（返品なし）", "truck", reverse("support:reship", args=[ticket.number]))]


@office("support.view_ticket")
def go(request: HttpRequest, number: str) -> HttpResponse:
    """用事に行く: to a page of the office, which then offers the way back to this ticket."""
    ticket, to = found(number), request.GET.get("to", "")
    path = to.split("#", 1)[0].split("?", 1)[0]
    if not path.startswith("/office/"):
        raise Http404
    try:
        resolve(path)
    except Resolver404:
        raise Http404 from None
    trail.begin(
        request, label=f"{ticket.number} {ticket.subject[:30]}", url=reverse("support:ticket", args=[number])
    )
    page, _, anchor = to.partition("#")
    told = f"{page}{'&' if '?' in page else '?'}ticket={ticket.number}"
    return redirect(f"{told}#{anchor}" if anchor else told)


@office_post("support.give_coupon")
@once
def coupon(request: HttpRequest, number: str) -> HttpResponse:
    """クーポンを贈る."""
    try:
        code = gifts.give_coupon(found(number), request.POST.get("coupon", "")[:40], by=clerk(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        named = dict(content.gift_choices()).get(request.POST.get("coupon", ""), "クーポン")
        keep_words(
            request, number, f"{named}をお贈りします。\nコード: {code}\n次のお買い物でお使いください。"
        )
        messages.success(request, f"コード {code} を贈りました。返信に入れたので、このまま送れます。")
    return redirect(f"{reverse('support:ticket', args=[number])}#reply")


def keep_words(request: HttpRequest, number: str, words: str) -> None:
    """Words for the reply of this ticket, put in when its page is drawn next; they stand in no address."""
    request.session[WORDS] = [number, words]


@office("support.add_compensation")
@once
def reship(request: HttpRequest, number: str) -> HttpResponse:
    """再送: the goods of the ticket's orders, how many, and why."""
    ticket = found(number)
    ids = list(ticket.order_links.values_list("order_id", flat=True))
    bought = orders.with_lines(ids) if ids else []
    lines = [line for one in bought for line in one.lines.all() if line.quantity and line.sku_id]
    form = ReshipForm(request.POST or None, lines=lines)
    if request.method == "POST" and form.is_valid():
        try:
            made = reshipping.reship(ticket, *form.told(), by=clerk(request))
        except DomainError as refusal:
            form.add_error(None, str(refusal))
        else:
            waits = made.state == CompensationState.WAITING
            messages.success(
                request,
                f"再送 {made.number} の承認を頼みました。"
                if waits
                else f"再送 {made.number} の受注を作りました。",
            )
            return redirect("support:ticket", number)
    context = {
        "form": form, "ticket": ticket, "lines": lines, "limit_yen": compensation.settings().approval_yen, "submit_label": "再送する",
        "cancel_url": reverse("support:ticket", args=[number]),
    }  # fmt: skip
    return render(request, "support/reship.html", context, status=422 if form.is_bound else 200)


@office_post("support.change_ticket")
@once
def split(request: HttpRequest, number: str, pk: int) -> HttpResponse:
    """分ける."""
    message = get_object_or_404(Message.objects.select_related("ticket"), pk=pk, ticket__number=number)
    try:
        made = services.split(message, subject=request.POST.get("subject", "")[:300], by=clerk(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
        return redirect("support:ticket", number)
    messages.success(request, f"{number} から {made.number} に分けました。")
    return redirect("support:ticket", made.number)


@office_post("support.assign_ticket")
def share(request: HttpRequest, number: str) -> HttpResponse:
    """担当を自動で決める."""
    try:
        chosen = services.share(found(number), by=clerk(request))
    except DomainError as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, f"{chosen} さんの担当にしました。")
    return redirect("support:ticket", number)
