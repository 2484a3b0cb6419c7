"""購入手続きの画面: one page per step. What is typed is kept on our side; the browser holds a signed token only."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.csp import csp_override
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.content import effect_services
from akinai.core import clock, postal, tries
from akinai.core.errors import DomainError
from akinai.orders import queries as order_queries
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.ports import Address
from akinai.orders.states import UNPAID
from akinai.party import queries as party
from akinai.payments import queries as payment_queries
from akinai.payments import services as payments
from akinai.payments.provider_ports import PROVIDERS
from akinai.shop import delivery, final_check, links, mails, paying, plans, ports
from akinai.shop.address_forms import BuyerForm, ShipToForm, filled, initial_of
from akinai.shop.checkout_forms import DeliveryForm
from akinai.shop.models import Cart, CheckoutAttempt
from akinai.shop.ports import Buyer, buyer_of, perks
from akinai.shop.quotes import Quote
from akinai.shop.reckoning import asked_of
from akinai.shop.services import carts, checkout, placing
from akinai.shop.services import orders as shop_orders
from akinai.shop.views.cart import kept

type Page = Callable[..., HttpResponseBase]
STEPS = (
    ("address", "お届け先", "shop:checkout_address"), ("delivery", "お支払い", "shop:checkout_delivery"),
    ("confirm", "確認", "shop:checkout_confirm"), ("done", "完了", ""),
)  # fmt: skip


def step(page: Page) -> Page:
    """One step: with the cart, its attempt and the member; who has nothing to buy goes to the cart."""

    @wraps(page)
    @never_cache
    def shown(request: HttpRequest, **more: Any) -> HttpResponseBase:
        mine = carts.cart_of(request)
        attempts = checkout.read(mine) if mine is not None else []
        if mine is None or not mine.lines.all():
            if request.method == "POST" and mine is not None and (done := _done_before(request, mine)):
                return redirect("shop:checkout_done", done.token)
            messages.info(request, "カートに商品がありません。")
            return redirect("shop:cart")
        attempt = next(iter(attempts), None) or checkout.attempt_of(mine)
        response = page(request, mine, attempt, buyer_of(request), **more)
        response.headers["Referrer-Policy"] = "same-origin"
        return response

    return shown


def _done_before(request: HttpRequest, mine: Cart) -> CheckoutAttempt | None:
    """The attempt of this form, where its order was placed a moment ago: the button was pressed twice."""
    try:
        token = uuid.UUID(request.POST.get("token", ""))
    except ValueError:
        return None
    return CheckoutAttempt.objects.filter(token=token, cart=mine, order__isnull=False).first()


def leads_to_providers(page: Page) -> Page:
    """A form on this page may lead on to a provider's own page; our rules for forms allow no other host anywhere."""

    @wraps(page)
    def opened(request: HttpRequest, *args: Any, **more: Any) -> HttpResponseBase:
        usual: dict[str, Any] = dict(settings.SECURE_CSP)
        hosts = [host for door in PROVIDERS.values() for host in door.pays_at]
        rules = usual | {"form-action": [*usual["form-action"], *hosts]}
        answer: HttpResponseBase = csp_override(rules)(page)(request, *args, **more)
        return answer

    return opened


def _frame(name: str) -> dict[str, Any]:
    at = next(no for no, (code, _t, _u) in enumerate(STEPS) if code == name)
    steps = [
        {
            "title": title,
            "url": reverse(url) if url and no < at and name != "done" else "",
            "is_now": no == at,
            "is_done": no < at,
        }
        for no, (_code, title, url) in enumerate(STEPS)
    ]
    return {"steps": steps, "has_perks": ports.has_perks()}


@step
def start(
    request: HttpRequest, cart: Cart, attempt: CheckoutAttempt, buyer: Buyer | None
) -> HttpResponseBase:
    """ご購入手続きへ: on to the first step that is not told yet."""
    quote = checkout.quote_of(cart, attempt, buyer, now=clock.now())
    if not quote.is_buyable:
        messages.error(request, "ご用意できない商品があります。数量を直すか、取り除いてください。")
        return redirect("shop:cart")
    if quote.plan and buyer is None:
        messages.info(
            request,
            "定期便は、会員の方のお申し込みです。ログインか会員登録のあと、このままお進みいただけます。",
        )
        return redirect(f"{reverse('shop:login')}?next={reverse('shop:checkout')}")
    return redirect(checkout.next_step(attempt))


@require_http_methods(["GET", "HEAD", "POST"])
@step
def address(
    request: HttpRequest, cart: Cart, attempt: CheckoutAttempt, buyer: Buyer | None
) -> HttpResponseBase:
    """お届け先: who buys, and where it goes. The button 「住所を入れる」 fills in what the postal code says."""
    if request.method == "POST" and (which := request.POST.get("fill", "")):
        return _address_page(
            request, *_filled_forms(request, "ship" if which == "ship" else "", buyer), buyer
        )
    if request.method == "POST" and buyer is not None and (nth := request.POST.get("use", "")):
        if _use_kept(attempt, buyer, nth):
            return redirect("shop:checkout_delivery")
        return redirect("shop:checkout_address")
    if request.method == "POST":
        to_other = request.POST.get("to_other") == "on"
        form = BuyerForm(request.POST, member_mail=buyer.email if buyer else "")
        ship = ShipToForm(request.POST, is_asked=to_other)
        if form.is_valid() & ship.is_valid():
            told = checkout.kept_address(form.address())
            other = checkout.kept_address(ship.address()) if to_other else None
            checkout.keep(attempt, buyer=told, ship_to=other)
            return redirect("shop:checkout_delivery")
        return _address_page(request, form, ship, buyer, status=422)
    return _address_page(request, *_first_forms(attempt, buyer), buyer)


def _use_kept(attempt: CheckoutAttempt, buyer: Buyer, nth: str) -> bool:
    """「この住所に届ける」: an address of the member's book; he himself is told by his usual one."""
    book = list(buyer.address_book())
    if not (nth.isascii() and nth.isdigit() and int(nth) < len(book)):
        return False
    mine = replace(book[0], email=buyer.email)
    other = None if nth == "0" else checkout.kept_address(replace(book[int(nth)], email=""))
    checkout.keep(attempt, buyer=checkout.kept_address(mine), ship_to=other)
    return True


def _first_forms(attempt: CheckoutAttempt, buyer: Buyer | None) -> tuple[BuyerForm, ShipToForm]:
    """The forms as they were told before; a member's with his usual address."""
    told = checkout.buyer_address(attempt) if attempt.data.get("buyer") else Address()
    if not told.name and buyer is not None:
        usual = next(iter(buyer.address_book()), Address())
        told = replace(usual, name=usual.name or buyer.name, email=buyer.email)
    other = attempt.data.get("ship_to")
    form = BuyerForm(
        initial=initial_of(told) | {"to_other": bool(other)}, member_mail=buyer.email if buyer else ""
    )
    return form, ShipToForm(initial=initial_of(Address(**other)) if other else {}, is_asked=bool(other))


def _filled_forms(request: HttpRequest, prefix: str, buyer: Buyer | None) -> tuple[BuyerForm, ShipToForm]:
    told = filled(request.POST, prefix)
    plain = {name: told.get(name, "") for name in told}
    ship = {name.removeprefix("ship-"): value for name, value in plain.items() if name.startswith("ship-")}
    is_other = plain.get("to_other") == "on"
    form = BuyerForm(initial=plain | {"to_other": is_other}, member_mail=buyer.email if buyer else "")
    return form, ShipToForm(initial=ship, is_asked=is_other)


def _address_page(
    request: HttpRequest, form: BuyerForm, ship: ShipToForm, buyer: Buyer | None, status: int = 200
) -> HttpResponse:
    book = list(buyer.address_book()) if buyer else []
    context = _frame("address") | {"form": form, "ship": ship, "buyer": buyer, "book": book}
    return render(request, "shop/checkout_address.html", context, status=status)


@require_safe
def towns(request: HttpRequest) -> JsonResponse:
    """郵便番号 → 住所, for the script that fills while somebody types."""
    try:
        code = postal.parse_postal_code(request.GET.get("code", "")[:20])
    except postal.NotAPostalCode:
        return JsonResponse({"towns": []})
    found = [{"prefecture": one.prefecture, "city": f"{one.city}{one.town}"} for one in postal.lookup(code)]
    return JsonResponse({"code": postal.formatted(code), "towns": found})


@require_http_methods(["GET", "HEAD", "POST"])
@step
def delivery_and_payment(
    request: HttpRequest, cart: Cart, attempt: CheckoutAttempt, buyer: Buyer | None
) -> HttpResponseBase:
    """お届け・お支払い: only days that can be kept, only ways of paying that are offered for this amount."""
    if not attempt.data.get("buyer"):
        return redirect("shop:checkout_address")
    now = clock.now()
    wish = replace(checkout.wish_of(attempt, buyer), delivery_on=None, delivery_slot="")
    quote = checkout.quote_of(cart, attempt, buyer, now=now)
    if not quote.is_buyable:
        return redirect("shop:checkout")
    offers = paying.offers(paying.ways(), quote.before_fee_yen, quote.cod_offer_yen)
    if quote.before_fee_yen == 0:
        offers = [paying.FREE]
    if quote.plan:
        offers = plans.for_plan(offers)
    points = perks().balance(asked_of(quote.bought, wish, now))
    form = DeliveryForm(
        request.POST or None, initial=_told(attempt, offers),
        choices=delivery.choices(wish, quote.wanted, now=now, is_at_hand=quote.is_at_hand),
        offers=offers, points=points, least_points=perks().least_points() if points else 1,
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        checkout.keep(attempt, **form.told)
        return redirect("shop:checkout_confirm")
    context = _frame("delivery") | {"form": form, "quote": quote, "offers": offers, "choices": form.choices}
    return render(request, "shop/checkout_delivery.html", context, status=422 if form.is_bound else 200)


def _told(attempt: CheckoutAttempt, offers: list[paying.Offer]) -> dict[str, Any]:
    told = {
        name: attempt.data.get(name)
        for name in ("delivery_on", "delivery_slot", "payment", "points_yen", "note")
    }
    free = [one.kind for one in offers if not one.refusal]
    return told if told["payment"] in free else told | {"payment": free[0] if free else ""}


@require_http_methods(["GET", "HEAD", "POST"])
@leads_to_providers
@step
def confirm(
    request: HttpRequest, cart: Cart, attempt: CheckoutAttempt, buyer: Buyer | None
) -> HttpResponseBase:
    """最終確認: everything the law asks for, and the one button that orders."""
    if checkout.next_step(attempt) != "shop:checkout_confirm" and not _done_before(request, cart):
        return redirect(checkout.next_step(attempt))
    if request.method == "POST":
        return _place(request, cart, attempt, buyer)
    quote = checkout.quote_of(cart, attempt, buyer, now=clock.now())
    if not quote.is_buyable:
        return redirect("shop:checkout")
    return _confirm_page(request, attempt, quote)


def _confirm_page(
    request: HttpRequest, attempt: CheckoutAttempt, quote: Quote, *, changes: list[str] | None = None,
    refusal: str = "", status: int = 200,
) -> HttpResponse:  # fmt: skip
    way = paying.FREE if quote.payment == paying.FREE.kind else _way(quote)
    context = _frame("confirm") | {
        "quote": quote, "attempt": attempt, "shown": placing.sign(attempt, quote), "changes": changes, "refusal": refusal,
        "buyer_address": checkout.buyer_address(attempt), "to": checkout.ship_to(attempt), "note": attempt.data.get("note", ""),
        "requirements": final_check.shown(quote, checkout.terms(), way), "amounts": mails.amounts_in_words(quote),
    }  # fmt: skip
    return render(request, "shop/checkout_confirm.html", context, status=status)


def _way(quote: Quote) -> paying.Offer | None:
    found = paying.offers(paying.ways(), quote.before_fee_yen, quote.cod_offer_yen)
    return next((one for one in found if one.kind == quote.payment), None)


def _place(
    request: HttpRequest, cart: Cart, attempt: CheckoutAttempt, buyer: Buyer | None
) -> HttpResponseBase:
    """注文を確定する. Nothing but what was shown is placed; whatever differs is shown and asked again."""
    if (before := _done_before(request, cart)) is not None:
        return redirect("shop:checkout_done", before.token)
    now = clock.now()
    try:
        done = placing.place(
            attempt.token, shown=request.POST.get("shown", "")[:20_000], buyer=buyer, now=now
        )
    except placing.QuoteDiffers as differs:
        if not differs.quote.is_buyable:
            messages.error(
                request, "".join(f"{one} " for one in differs.changes) + "何も注文されていません。"
            )
            return redirect("shop:cart")
        return _confirm_page(request, attempt, differs.quote, changes=differs.changes, status=409)
    except DomainError as refusal:
        return _refused(request, cart, attempt, buyer, refusal)
    _note_visit(request, cart, done)
    return kept(request, _on_to_payment(request, done), cart)


def _note_visit(request: HttpRequest, cart: Cart, done: CheckoutAttempt) -> None:
    """Which pages were seen before this order can be told afterwards (コンテンツの効果)."""
    if done.order_id is not None:
        address, agent = tries.address_of(request), request.headers.get("User-Agent", "")[:400]
        effect_services.note_order(done.order_id, cart=cart.token.hex, address=address, agent=agent)


def _refused(
    request: HttpRequest, cart: Cart, attempt: CheckoutAttempt, buyer: Buyer | None, refusal: DomainError
) -> HttpResponseBase:
    """Said where the buyer can do something about it: on this page, or in the cart when goods are gone."""
    told = f"{refusal.message}{refusal.way_out}"
    quote = checkout.quote_of(cart, attempt, buyer, now=clock.now())
    if isinstance(refusal, placing.JustSold) or not quote.is_buyable:
        messages.error(request, told)
        return redirect("shop:cart")
    return _confirm_page(request, attempt, quote, refusal=told, status=409)


def _on_to_payment(request: HttpRequest, attempt: CheckoutAttempt) -> HttpResponseBase:
    """To the provider's page where one is to be paid on, else to the thanks."""
    where = reverse("shop:checkout_done", args=[attempt.token])
    asked = _open_request(attempt)
    if asked is not None and asked.door:
        here = request.build_absolute_uri(where)
        try:
            return redirect(payments.open_page(asked, done_url=here, back_url=here))
        except DomainError as refusal:
            messages.error(
                request, f"ご注文は承りましたが、お支払いのページを開けませんでした。{refusal.message}"
            )
    return redirect(where)


def _open_request(attempt: CheckoutAttempt) -> Any:
    found = payment_queries.requests_of(attempt.order_id) if attempt.order_id else []
    return (
        payment_queries.request_by_number(found[0].number)
        if found and found[0].state == "requested"
        else None
    )


@require_safe
@leads_to_providers
@never_cache
def done(request: HttpRequest, token: uuid.UUID) -> HttpResponse:
    """完了: thanks, what to do next. Also the page to which a provider's page leads back, paid or not."""
    attempt = get_object_or_404(CheckoutAttempt.objects.filter(order__isnull=False), token=token)
    order = order_queries.with_lines([attempt.order_id or 0])[0]
    asked = _open_request(attempt)
    is_waiting = order.state in UNPAID and not order.payment_settled and not order.paid_yen
    company = party.company()
    context = _frame("done") | {
        "attempt": attempt, "order": order, "asked": asked, "bank_text": company.bank_text, "company": company,
        "is_unpaid": is_waiting and bool(asked and asked.door and not asked.provider_ref),
        "is_declined": asked is not None and asked.kind == PaymentKind.CARD and bool(asked.last_told),
        "is_lapsed": is_waiting and order.payment in paying.WITH_DOOR and asked is None,
        "paying": mails.paying_in_words(order), "order_url": links.path_of(order.number),
        "begun": list(order_queries.begun_by(order.pk)),
    }  # fmt: skip
    return render(request, "shop/checkout_done.html", context)


@require_POST
@leads_to_providers
def pay(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """お支払いに進む, once more."""
    return _on_to_payment(request, get_object_or_404(CheckoutAttempt, token=token, order__isnull=False))


@require_POST
def back(request: HttpRequest, token: uuid.UUID) -> HttpResponseBase:
    """支払わずにカートに戻る, or choose another way of paying: the order is cancelled, what was chosen and typed is kept."""
    attempt = get_object_or_404(CheckoutAttempt, token=token, order__isnull=False)
    mine = carts.open_cart(request)
    if attempt.cart_id is not None and attempt.cart_id != mine.pk:
        raise Http404
    if not shop_orders.back_to_cart(attempt, mine):
        messages.info(request, "このご注文は、すでにお支払いかお取り消しが済んでいます。")
        return redirect("shop:checkout_done", token)
    if request.POST.get("to") == "payment":
        messages.info(request, "ほかのお支払い方法をお選びください。前のご注文は取り消しました。")
        return kept(request, redirect("shop:checkout_delivery"), mine)
    messages.info(request, "ご注文を取り消し、商品をカートに戻しました。")
    return kept(request, redirect("shop:cart"), mine)
