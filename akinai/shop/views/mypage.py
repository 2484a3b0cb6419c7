"""マイページ: the first page, orders, one order and what may be done with it. Nobody sees an order that is not his own."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.billing import queries as billing
from akinai.core import paper_store as store
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.orders import services as order_services
from akinai.shipping import queries as shipping
from akinai.shipping import return_queries
from akinai.shipping import services as shipping_services
from akinai.shipping.states import ReturnReason, ShippingPayer
from akinai.shop import cookies, order_words
from akinai.shop.member_forms import ReturnRequestForm
from akinai.shop.order_page import shipments_of, told_of
from akinai.shop.services import carts, consents
from akinai.shop.sessions import members_only
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.shipping.models import Shipment
    from akinai.shop.models import Member

PER_PAGE, NEWEST = 10, 3
OUR_FAULT = (ReturnReason.DEFECT, ReturnReason.WRONG_ITEM, ReturnReason.NOT_AS_TOLD)


@require_safe
@members_only
def home(request: HttpRequest, member: Member) -> HttpResponse:
    """マイページの最初の画面: what comes next, and the newest orders."""
    mine = orders.of_customer(member.customer_id)
    newest = [_row(one) for one in orders.with_first_lines(mine)[:NEWEST]]
    coming = sorted(
        (one for one in orders.open_of_customer(member.customer_id)[:20]),
        key=lambda one: (
            order_words.expected_on(one) is None,
            order_words.expected_on(one) or one.ordered_at.date(),
        ),
    )
    subscriptions = list(orders.running_subscriptions(member.customer_id)[:3])
    context = {
        "member": member, "newest": newest, "next": _row(coming[0]) if coming else None, "more": len(coming) - 1,
        "subscriptions": subscriptions, "here": "home", "title": "マイページ",
    }  # fmt: skip
    return render(request, "shop/member/home.html", context)


def _row(order: Order) -> dict[str, Any]:
    return {"order": order, "words": order_words.words_of(order), "lines": getattr(order, "asked_lines", ())}


@require_safe
@members_only
def order_list(request: HttpRequest, member: Member) -> HttpResponse:
    """ご注文の一覧, ten on a page."""
    rows = orders.with_first_lines(orders.of_customer(member.customer_id))
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "member": member, "page": page, "rows": [_row(one) for one in page], "here": "orders", "title": "ご注文の履歴",
    }  # fmt: skip
    return render(request, "shop/member/orders.html", context)


def own_order(member: Member, number: str) -> Order:
    """Raises Http404 for an order that is not the member's."""
    found = orders.one_of_customer(member.customer_id, number)
    if found is None:
        raise Http404("ご注文が見つかりません。")
    return found


@require_safe
@members_only
def order_page(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """ご注文 1 件."""
    order = own_order(member, number)
    terms = consents.terms()
    shipments = shipments_of(order)
    context = told_of(order, list(orders.lines_of([order.pk])), shipments) | {
        "member": member, "returnable": order_words.may_return(shipments, terms), "may_cancel": order_words.may_cancel(order, terms),
        "invoice": billing.current(order.pk), "here": "orders",
    }  # fmt: skip
    return render(request, "shop/member/order.html", context)


@require_POST
@members_only
def reorder(request: HttpRequest, member: Member, number: str) -> HttpResponseBase:
    """もう一度買う: the goods of an order, as many as then, at the prices of today. What is not sold any more is named."""
    order = own_order(member, number)
    mine, gone = carts.open_cart(request), []
    for line in orders.lines_of([order.pk]):
        if not line.quantity:
            continue
        try:
            if line.sku_id is None:
                raise DomainError("")
            carts.add(mine, line.sku_id, line.quantity)
        except DomainError:
            gone.append(line.name)
    if gone:
        messages.warning(request, f"いまはお買い求めいただけない商品があります: {'、'.join(gone)}")
    response = redirect("shop:cart")
    cookies.keep(response, mine.token, carts.pieces_of(mine.token), secure=request.is_secure())
    return response


@require_safe
@members_only
def invoice(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """請求書 (PDF) of the member's own order."""
    paper = billing.current(own_order(member, number).pk)
    if paper is None:
        raise Http404("請求書はまだありません。")
    header = content_disposition_header(False, f"{paper.number}.pdf") or "inline"
    return HttpResponse(
        store.read(paper.pdf_sha256), content_type="application/pdf", headers={"Content-Disposition": header}
    )


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@once
def cancel(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """ご注文のキャンセル: asks, then takes the order back unless the goods are on their way by now."""
    order = own_order(member, number)
    if not order_words.may_cancel(order, consents.terms()):
        messages.error(
            request, "このご注文は、マイページからはキャンセルできません。店舗までご連絡ください。"
        )
        return redirect("shop:my_order", number)
    if request.method == "POST":
        try:
            order_services.cancel(order.pk, reason="お客様がマイページでキャンセル", by=None)
        except DomainError:  # the warehouse was faster
            messages.error(
                request, "発送の準備が始まったため、キャンセルできませんでした。店舗までご連絡ください。"
            )
        else:
            messages.success(request, "ご注文をキャンセルしました。")
        return redirect("shop:my_order", number)
    context = {"member": member, "order": order, "here": "orders", "title": "ご注文のキャンセル"}
    return render(request, "shop/member/cancel.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@members_only
@once
def return_request(request: HttpRequest, member: Member, number: str, shipment_no: str) -> HttpResponse:
    """返品の申し込み for one parcel, within the shop's days."""
    order = own_order(member, number)
    terms = consents.terms()
    own = order_words.may_return(shipping.shipments_of(order.pk), terms)
    shipment = next((one for one in own if one.number == shipment_no), None)
    if shipment is None:
        raise Http404("返品できるお荷物が見つかりません。")
    form = ReturnRequestForm(request.POST or None, returnable=return_queries.returnable(shipment))
    if request.method == "POST" and form.is_valid() and (made := _request(form, shipment)):
        messages.success(
            request, f"返品を受け付けました（受付番号 {made}）。店舗からのご連絡をお待ちください。"
        )
        return redirect("shop:my_order", number)
    context = {
        "member": member, "order": order, "shipment": shipment, "form": form, "here": "orders", "title": "返品のお申し込み",
        "until": order_words.returnable_until(shipment, terms),
    }  # fmt: skip
    return render(request, "shop/member/return.html", context, status=422 if form.is_bound else 200)


def _request(form: ReturnRequestForm, shipment: Shipment) -> str:
    """The number of the case, "" when it was refused (then the form says why)."""
    data = form.cleaned_data
    payer = ShippingPayer.SHOP if data["reason"] in OUR_FAULT else ShippingPayer.CUSTOMER
    try:
        case = shipping_services.request_return(
            shipment.pk,
            asked=form.asked(),
            pays_shipping=payer,
            note=f"マイページから: {data['detail']}".strip(),
            by=None,
        )
    except DomainError as refusal:
        form.add_error(None, refusal.message)
        return ""
    return case.number
