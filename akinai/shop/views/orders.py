"""ご注文のページ: what a buyer sees of his order by a signed link, and how he finds it without one."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.billing.public_pages import by_link
from akinai.core import tries
from akinai.core.errors import DomainError
from akinai.orders import queries as order_queries
from akinai.orders.states import OrderState
from akinai.shop import links
from akinai.shop.inquiry_forms import LookupForm
from akinai.shop.order_page import shipments_of, told_of
from akinai.shop.services import orders as shop_orders
from akinai.shop.services.finding import find

PER_ADDRESS, PER_NUMBER = 20, 10  # tries in ten minutes
NOT_FOUND = "ご注文番号とメールアドレスの組み合わせに合うご注文が見つかりません。ご注文のお礼のメールをお確かめください。"


def _order_of(token: str) -> Any:
    number = links.number_of(token)
    ids = order_queries.ids_by_number([number]) if number else {}
    return order_queries.with_lines(list(ids.values()))[0] if ids else None


_by_link = by_link(_order_of, closed_page="shop/order_closed.html")


@require_safe
@_by_link
def order(request: HttpRequest, token: str, found: Any) -> HttpResponse:
    """ご注文の状況: the same page as a member's, with the way to call it off."""
    context = told_of(found, list(found.lines.all()), shipments_of(found)) | {
        "token": token,
        "may_cancel": shop_orders.may_call_off(found) and found.state != OrderState.CANCELLED,
    }  # fmt: skip
    return render(request, "shop/order.html", context)


@require_POST
@_by_link
def call_off(request: HttpRequest, token: str, found: Any) -> HttpResponse:
    """キャンセルのお申し出."""
    if request.POST.get("sure") != "on":
        messages.error(request, "「このご注文をキャンセルします」にチェックを入れてください。")
        return redirect("shop:order", token)
    try:
        answer = shop_orders.call_off(found.number)
    except DomainError as refusal:
        messages.error(request, f"{refusal.message}{refusal.way_out}")
    else:
        messages.success(
            request,
            "ご注文を取り消しました。" if answer.is_done
            else "キャンセルのお申し出を承りました。返金の方法を、メールでご連絡します。",
        )  # fmt: skip
    return redirect("shop:order", token)


@require_http_methods(["GET", "HEAD", "POST"])
def lookup(request: HttpRequest) -> HttpResponse:
    """ご注文を探す by number and mail. A wrong pair is answered the same way whether the number exists or not."""
    form = LookupForm(request.POST or None)
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            number, email = form.cleaned_data["number"], form.cleaned_data["email"]
            if _too_often(request, number):
                form.add_error(
                    None, "短い時間に何度もお探しになりました。10 分ほど待ってから、もう一度お試しください。"
                )
                status = 429
            elif (found := find(number, email)) is not None:
                return redirect("shop:order", links.token_of(found.number))
            else:
                form.add_error(None, NOT_FOUND)
    return render(request, "shop/order_lookup.html", {"form": form}, status=status)


def _too_often(request: HttpRequest, number: str) -> bool:
    visitor = tries.count(f"lookup:{tries.address_of(request)}")
    asked = tries.count(f"lookup-number:{number.strip().upper()}")
    return visitor > PER_ADDRESS or asked > PER_NUMBER
