"""カートの画面. Every form works without JavaScript; every change answers with the page of the cart."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core import signing
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.catalog import queries as catalog
from akinai.content.context import frame_of
from akinai.core import clock, postal
from akinai.core.errors import DomainError
from akinai.core.money import NotANumber, parse_quantity
from akinai.orders.gifts import OMOTE, Gift
from akinai.orders.ports import Address
from akinai.shop import cookies, ports
from akinai.shop.checkout_forms import GiftForm
from akinai.shop.models import Cart
from akinai.shop.models.cart import MOST_PIECES
from akinai.shop.ports import buyer_of
from akinai.shop.prefectures import prefecture_of, remember_prefecture
from akinai.shop.reckoning import Wish, reckon
from akinai.shop.services import carts

UNDO, UNDO_SECONDS = "akinai.shop.undo", 60 * 60


def kept(request: HttpRequest, response: HttpResponseBase, cart: Cart) -> HttpResponseBase:
    """The answer, with the cookie that knows the cart and its pieces."""
    cookies.keep(response, cart.token, carts.pieces_of(cart.token), secure=request.is_secure())
    return response


@require_safe
@never_cache
def cart(request: HttpRequest) -> HttpResponse:
    """カート: price and stock of this moment, with the charge to the prefecture that is asked about."""
    mine, buyer = carts.cart_of(request), buyer_of(request)
    home = next((one.prefecture for one in buyer.address_book()), "") if buyer else ""
    to = prefecture_of(request, home or frame_of(request).company.prefecture)
    wish = Wish(
        to=Address(prefecture=to), member_id=buyer.member_id if buyer else None,
        customer_id=buyer.customer_id if buyer else None, email=buyer.email if buyer else "",
    )  # fmt: skip
    quote = reckon(mine, wish, now=clock.now())
    context = {
        "quote": quote, "cart": mine, "to": to, "prefectures": postal.PREFECTURES, "has_perks": ports.has_perks(),
        "undo": _undo(request.GET.get("undo", "")), "most": MOST_PIECES, "wrong": [line for line in quote.lines if line.trouble],
    }  # fmt: skip
    response = render(request, "shop/cart.html", context)
    remember_prefecture(request, response)
    if mine is None and cookies.NAME in request.COOKIES:
        response.delete_cookie(cookies.NAME, samesite="Lax")
    return response


def _undo(signed: str) -> dict[str, Any] | None:
    """What was just taken out, for the button that brings it back."""
    told = _unsigned(signed)
    return told | {"signed": signed} if told else None


def _unsigned(signed: str) -> dict[str, Any] | None:
    try:
        told: dict[str, Any] = signing.loads(signed, salt=UNDO, max_age=UNDO_SECONDS) if signed else {}
    except signing.BadSignature:
        return None
    return told or None


@require_POST
def add(request: HttpRequest) -> HttpResponseBase:
    """カートに入れる: `sku` (id or code), `quantity`, `plan` (定期便, "" for once)."""
    sku_id = carts.sku_id_of(request.POST.get("sku", ""))
    try:
        if sku_id is None:
            raise DomainError(
                "商品が選ばれていません。", way_out="種類を選んでから、カートに入れてください。"
            )
        with transaction.atomic():  # no cart is left of what is refused
            mine = carts.open_cart(request)
            carts.add(mine, sku_id, _pieces(request, 1), plan=_plan(request))
    except DomainError as refusal:
        messages.error(request, f"{refusal.message}{refusal.way_out}")
        return redirect("shop:cart")
    messages.success(request, "カートに入れました。")
    return kept(request, redirect("shop:cart"), mine)


def _pieces(request: HttpRequest, usual: int) -> int:
    """数量 as typed. Raises DomainError for what is no number of pieces."""
    text = request.POST.get("quantity", "").strip()
    if not text:
        return usual
    try:
        return parse_quantity(text[:20])
    except NotANumber as wrong:
        raise DomainError(str(wrong), way_out=f"1 から {MOST_PIECES} の数字を入れてください。") from wrong


def _plan(request: HttpRequest) -> str:
    """定期便 as chosen. Only the button of 定期便 means it where a page has both."""
    return request.POST.get("plan", "")[:4] if request.POST.get("way", "plan") == "plan" else ""


@require_POST
def plan(request: HttpRequest, sku_id: int) -> HttpResponseBase:
    """定期便にする・1 回だけにする."""
    mine = carts.cart_of(request)
    if mine is not None:
        try:
            carts.choose_plan(mine, sku_id, request.POST.get("plan", "")[:4])
        except DomainError as refusal:
            messages.error(request, f"{refusal.message}{refusal.way_out}")
    return redirect(f"{reverse('shop:cart')}#sku{sku_id}")


@require_POST
def change(request: HttpRequest, sku_id: int) -> HttpResponseBase:
    """数量を変える; 0 takes the line out."""
    mine = carts.cart_of(request)
    if mine is None:
        return redirect("shop:cart")
    try:
        pieces = _pieces(request, 1)
        if pieces == 0:
            return _take_out(request, mine, sku_id)
        carts.change(mine, sku_id, pieces)
    except DomainError as refusal:
        messages.error(request, f"{refusal.message}{refusal.way_out}")
    return kept(request, redirect(f"{reverse('shop:cart')}#sku{sku_id}"), mine)


@require_POST
def remove(request: HttpRequest, sku_id: int) -> HttpResponseBase:
    """取り除く, with a way back."""
    mine = carts.cart_of(request)
    return redirect("shop:cart") if mine is None else _take_out(request, mine, sku_id)


def _take_out(request: HttpRequest, mine: Cart, sku_id: int) -> HttpResponseBase:
    line = carts.remove(mine, sku_id)
    where = reverse("shop:cart")
    if line is not None:
        title = catalog.sku_rows([sku_id])[sku_id].title
        told = {"sku": sku_id, "pieces": line.quantity, "gift": line.gift, "plan": line.plan, "title": title}
        where += f"?undo={signing.dumps(told, salt=UNDO, compress=True)}"
    return kept(request, redirect(where), mine)


@require_POST
def restore(request: HttpRequest) -> HttpResponseBase:
    """元に戻す what was just taken out."""
    told = _unsigned(request.POST.get("undo", ""))
    if told is None:
        return redirect("shop:cart")
    mine = carts.open_cart(request)
    try:
        carts.add(mine, told["sku"], told["pieces"], plan=told["plan"])
        carts.give(mine, told["sku"], Gift.of(told["gift"]))
    except DomainError as refusal:
        messages.error(request, f"{refusal.message}{refusal.way_out}")
    return kept(request, redirect("shop:cart"), mine)


@require_POST
def coupon(request: HttpRequest) -> HttpResponseBase:
    """クーポンを使う・外す."""
    mine = carts.cart_of(request)
    if mine is not None:
        carts.set_coupon(mine, request.POST.get("coupon", "").replace("\0", ""))
    return redirect(f"{reverse('shop:cart')}#sum")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def gift(request: HttpRequest, sku_id: int) -> HttpResponseBase:
    """のし・ラッピング of one line."""
    mine = carts.cart_of(request)
    line = mine.lines.filter(sku_id=sku_id).first() if mine else None
    if mine is None or line is None:
        raise Http404("この商品はカートにありません。")
    form = GiftForm(request.POST or None, kept=line.chosen)
    if request.method == "POST" and form.is_valid():
        carts.give(mine, sku_id, form.gift())
        messages.success(
            request,
            "のし・ラッピングを決めました。" if form.gift() != Gift() else "のし・ラッピングを外しました。",
        )
        to_checkout = request.POST.get("next") == "checkout"
        return redirect("shop:checkout_delivery" if to_checkout else "shop:cart")
    context = {
        "form": form, "line": line, "sku": catalog.sku_rows([sku_id])[sku_id], "omote": OMOTE,
        "next": request.GET.get("next", request.POST.get("next", "")),
    }  # fmt: skip
    return render(request, "shop/gift.html", context, status=422 if form.is_bound else 200)
