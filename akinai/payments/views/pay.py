"""お支払いページ (/pay/…): a buyer with a link sees what he owes for one order, and goes on to the provider's own page."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_safe

from akinai.billing.public_pages import Closed, by_link
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.party import queries as party
from akinai.payments import queries, services
from akinai.payments.models import PaymentRequest
from akinai.payments.provider_ports import PROVIDERS
from akinai.payments.services import links
from akinai.payments.services.link_addresses import number_of
from akinai.payments.states import RequestState

PAID = (RequestState.AUTHORISED, RequestState.CAPTURED, RequestState.PARTLY_REFUNDED, RequestState.REFUNDED)


def _request_of(token: str) -> PaymentRequest | None:
    number = number_of(token)
    return queries.request_by_number(number) if number else None


_by_link = by_link(_request_of)


def _facts(token: str, found: PaymentRequest) -> dict[str, Any]:
    return {
        "token": token, "payment": found, "order_no": found.order.channel_order_no,
        "shop": party.issuer_of(party.company()), "is_paid": found.state in PAID,
    }  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
def pay(request: HttpRequest, token: str) -> HttpResponse:
    """お支払い. The form leads on to the provider's page, which our rules for forms allow on this page alone."""
    hosts = [host for door in PROVIDERS.values() for host in door.pays_at]
    usual: dict[str, Any] = dict(settings.SECURE_CSP)
    rules = usual | {"form-action": [*usual["form-action"], *hosts]}
    return csp_override(rules)(_pay)(request, token)


@_by_link
def _pay(request: HttpRequest, token: str, found: PaymentRequest) -> HttpResponse:
    """How much, for which order, until when; by POST on to the provider."""
    if found.state in PAID:
        return redirect("payment_link_done", token)
    if why := links.why_closed(found, clock.today()):
        raise Closed(why, "お支払いについては、お店にご連絡ください。", 410)
    refusal, status = "", 200
    if request.method == "POST":
        try:
            return redirect(services.open_page(found))
        except DomainError as refused:
            refusal, status = f"{refused.message}{refused.way_out}", 503
    context = _facts(token, found) | {
        "refusal": refusal,
        "consent": services.CONSENT if services.keeps_card(found) else "",
    }
    return render(request, "payments/public_pay.html", context, status=status)


@require_safe
@_by_link
def done(request: HttpRequest, token: str, found: PaymentRequest) -> HttpResponse:
    """お手続きのあと. What counts is the provider's notice, which may be a moment behind."""
    return render(request, "payments/public_done.html", _facts(token, found))
