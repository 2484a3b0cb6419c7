"""マイページの定期購入: what comes next, お休み・休止・再開・解約, and the card that its turns are charged to."""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.orders import queries as orders
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.services import subscriptions, turns
from akinai.orders.states import SubscriptionState
from akinai.payments import queries as money
from akinai.payments import services as payments
from akinai.shop.services import my_cards
from akinai.shop.sessions import members_only
from akinai.shop.views.checkout import leads_to_providers
from akinai.ui.forms import once

if TYPE_CHECKING:
    from akinai.orders.models import Subscription
    from akinai.shop.models import Member

PAGE = require_http_methods(["GET", "HEAD", "POST"])


@require_safe
@members_only
def subscription_list(request: HttpRequest, member: Member) -> HttpResponse:
    """定期購入の一覧."""
    found = list(orders.subscriptions_of_customer(member.customer_id))
    due = turns.next_amounts(one for one in found if one.state == SubscriptionState.ACTIVE)
    cards, waiting = (
        money.cards_of(one.pk for one in found),
        money.waiting_charges_of(one.pk for one in found),
    )
    for one in found:
        one.next_yen = due.get(one.pk, 0)  # type: ignore[attr-defined]
        one.card, one.unpaid = cards.get(one.pk), waiting.get(one.pk)  # type: ignore[attr-defined]
        if one.unpaid is not None:  # type: ignore[attr-defined]
            one.unpaid.pay_path = payments.path_of(one.unpaid.request.number)  # type: ignore[attr-defined]
        one.card_is_old = one.card is not None and one.card.is_over_on(one.order_on)  # type: ignore[attr-defined]
    context = {"member": member, "subscriptions": found, "here": "subscriptions", "title": "定期購入"}
    return render(request, "shop/member/subscriptions.html", context)


def _own(member: Member, number: str) -> Subscription:
    found = orders.subscriptions_of_customer(member.customer_id).filter(number=number).first()
    if found is None:
        raise Http404("定期購入が見つかりません。")
    return found


ACTS = {"skip": "次回をお休み", "pause": "お届けの休止", "resume": "お届けの再開", "end": "定期購入の解約"}


@PAGE
@members_only
@once
def subscription_act(request: HttpRequest, member: Member, number: str, act: str) -> HttpResponse:
    """お休み・休止・再開・解約: asks, then does what the rules of the subscription allow."""
    one = _own(member, number)
    if act not in ACTS:
        raise Http404
    if act == "resume" and my_cards.lacks_card(one):
        messages.info(request, "再開の前に、お支払いに使うカードをご登録ください。")
        return redirect("shop:my_card", one.number)
    if request.method == "POST":
        try:
            messages.success(request, _act(request, one, act))
        except DomainError as refusal:
            messages.error(request, _for_customers(refusal, one))
        return redirect("shop:my_subscriptions")
    context = {
        "member": member, "one": one, "act": act, "act_title": ACTS[act], "here": "subscriptions", "title": ACTS[act],
        "soonest": _soonest(one), "short_of": max(one.least_turns - one.made, 0),  # type: ignore[attr-defined]
    }  # fmt: skip
    return render(request, "shop/member/subscription_act.html", context)


def _act(request: HttpRequest, one: Subscription, act: str) -> str:
    said = "マイページ"
    if act == "skip":
        turn = int(request.POST.get("turn") or 0)
        after = subscriptions.skip_next(one.pk, turn=turn, reason=said, by=None)
        return f"次回をお休みにしました。そのあとのお届けは {after.next_on:%Y/%m/%d} です。"
    if act == "pause":
        subscriptions.pause(one.pk, reason=said, by=None)
        return "お届けを休止しました。再開するまで、お届けはありません。"
    if act == "resume":
        after = subscriptions.resume(one.pk, next_on=_soonest(one), by=None)
        return f"再開しました。次のお届けは {after.next_on:%Y/%m/%d} です。"
    words = request.POST.get("reason", "").strip()[:150]
    subscriptions.end(one.pk, reason=f"{said}: {words}" if words else said, by=None)
    return "定期購入を解約しました。これまでのご利用、ありがとうございました。"


def _for_customers(refusal: DomainError, one: Subscription) -> str:
    """What the service says to clerks, said to the customer."""
    if "最低" in refusal.message:
        return f"最低 {one.least_turns} 回のお約束のため、まだ解約できません。ご事情のあるときは、店舗までご連絡ください。"
    return f"{refusal.message}画面を開き直して、いまの内容をお確かめください。"


def _soonest(one: Subscription) -> date:
    """再開のお届け日: the planned one, else as soon as an order can be made for it."""
    return max(one.next_on, clock.today() + timedelta(days=one.days_before + 7))


# ---- カード


@leads_to_providers
@PAGE
@members_only
def card(request: HttpRequest, member: Member, number: str) -> HttpResponseBase:
    """カード: the one in use; by POST on to the provider's page where another one is given."""
    one = _own(member, number)
    if one.payment != PaymentKind.CARD or one.state == SubscriptionState.ENDED:
        raise Http404("この定期購入にカードはありません。")
    refusal = ""
    if request.method == "POST":
        back = request.build_absolute_uri(reverse("shop:my_card", args=[number]))
        try:
            done = request.build_absolute_uri(reverse("shop:my_card_done", args=[number]))
            return redirect(payments.open_card_page(one, done_url=done, back_url=back))
        except DomainError as refused:
            refusal = f"カードの登録のページを開けませんでした。{refused.message}"
    context = {
        "member": member, "one": one, "card": payments.live_card(one.pk), "refusal": refusal, "consent": payments.CONSENT,
        "here": "subscriptions", "title": "お支払いのカード",
    }  # fmt: skip
    return render(request, "shop/member/card.html", context, status=503 if refusal else 200)


@require_safe
@members_only
def card_done(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """登録のあと. What counts is the provider's notice, which may be a moment behind."""
    one = _own(member, number)
    found = payments.live_card(one.pk)
    if found is not None and my_cards.is_new(found):
        words = "止まっていた回は、このカードに請求します。" if money.waiting_charges_of([one.pk]) else ""
        messages.success(request, f"カード（{found}）を登録しました。{words}")
    else:
        messages.info(request, "カードの登録を確かめています。しばらくして、もう一度この画面をご覧ください。")
    return redirect("shop:my_subscriptions")


@require_POST
@members_only
def card_remove(request: HttpRequest, member: Member, number: str) -> HttpResponse:
    """カードを削除する: the provider forgets it, and the deliveries rest until there is another one."""
    one = _own(member, number)
    if request.POST.get("sure") != "on":
        messages.error(request, "「カードを削除し、お届けを休止します」にチェックを入れてください。")
        return redirect("shop:my_card", number)
    if my_cards.take_off(one, why="マイページ"):
        messages.success(
            request, "カードを削除し、お届けを休止しました。再開するときは、カードをご登録ください。"
        )
    return redirect("shop:my_subscriptions")
