"""領収書の公開ページ: a customer with a link writes the name, takes the receipt, and sees nothing else of the order."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST

from akinai.billing import links, queries, services
from akinai.billing.forms import SelfReceiptForm
from akinai.billing.models import ReceiptPaper
from akinai.billing.public_pages import Closed, by_link
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.party import queries as party

if TYPE_CHECKING:
    from akinai.orders.models import Order

CUSTOMER = "お客様"


def _order_of(token: str) -> Order | None:
    """The order of a link. Raises Closed after its days."""
    try:
        number = links.order_number_of(token)
    except links.LinkOver as over:
        raise Closed(
            "このリンクの期限が過ぎました。", "領収書が必要なときは、お店にご連絡ください。", 410
        ) from over
    return orders.by_number(number) if number else None


_by_link = by_link(_order_of)


def _valid(order: Order) -> list[ReceiptPaper]:
    """領収書 of the order that still count."""
    return [one for one in queries.receipts_of(order.pk) if getattr(one, "is_valid", False)]


@require_http_methods(["GET", "HEAD", "POST"])
@_by_link
def receipt(request: HttpRequest, token: str, order: Order) -> HttpResponse:
    """宛名と但し書きを書いて発行する, once; afterwards the page offers what was issued."""
    issued = _valid(order)
    left = queries.receivable(order.pk)
    # Whether a company ordered says how it is addressed; its name is the customer's to write.
    honorific = "御中" if order.buyer_company else "様"
    form = SelfReceiptForm(request.POST or None, initial={"honorific": honorific})
    status = 200
    if request.method == "POST" and not issued:
        if form.is_valid():
            try:
                services.issue_receipt(
                    order.pk,
                    recipient_name=form.recipient,
                    proviso=form.proviso,
                    by=None,
                    is_self_issued=True,
                )
                return redirect("receipt_link", token)
            except DomainError as refusal:
                form.add_error(None, f"{refusal.message}{refusal.way_out}")
        status = 422
    context = {
        "token": token, "order_no": order.channel_order_no, "issued": issued, "left_yen": left.left_yen, "form": form,
        "shop": party.issuer_of(party.company()),
    }  # fmt: skip
    return render(request, "billing/public_receipt.html", context, status=status)


@require_POST
@_by_link
def take(request: HttpRequest, token: str, order: Order) -> HttpResponse:
    """受け取る: the original once, then the copy that says 再発行. By POST, so that a mail program's look takes nothing."""
    number = request.POST.get("number", "")
    found = next((one for one in _valid(order) if one.number == number), None)
    if found is None:
        return redirect("receipt_link", token)
    pdf = services.hand_out(found, to=CUSTOMER, by=None)
    header = content_disposition_header(True, f"{found.number}.pdf") or "attachment"
    return HttpResponse(pdf, content_type="application/pdf", headers={"Content-Disposition": header})
