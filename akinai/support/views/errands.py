"""問い合わせからの用事: other rooms' pages with a way back, a coupon, a letter that becomes a ticket of its own."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import Resolver404, resolve, reverse
from django.utils.http import url_has_allowed_host_and_scheme

from akinai.content import ports as content
from akinai.core.errors import DomainError
from akinai.support import services
from akinai.support.models import Message, Ticket
from akinai.support.queries.ways import ways_of
from akinai.support.services import gifts
from akinai.support.views.desk import found
from akinai.ui import trail
from akinai.ui.access import clerk, office, office_post
from akinai.ui.forms import once


def errands_of(request: HttpRequest, ticket: Ticket, orders: list[Any]) -> dict[str, Any]:
    """できること for the side of the ticket: by order, and coupons for who may give them."""
    staff = clerk(request)
    may_give = ticket.customer_id is not None and staff.has_perm("support.give_coupon")
    return {
        "ways": [(order, ways_of(order, staff)) for order in orders[:5]],
        "coupons": content.gift_choices() if may_give else [],
    }


@office("support.view_ticket")
def go(request: HttpRequest, number: str) -> HttpResponse:
    """用事に行く: to a page of the office, which then offers the way back to this ticket."""
    ticket, to = found(number), request.GET.get("to", "")
    path = to.split("#", 1)[0].split("?", 1)[0]
    if not path.startswith("/office/") or not url_has_allowed_host_and_scheme(to, None):
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
        messages.success(request, f"コード {code} を贈りました。返信でお知らせしてください。")
    return redirect("support:ticket", number)


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
