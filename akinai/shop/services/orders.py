"""お客様の操作: what a buyer does to his own order afterwards: find it, call it off, come back from a payment he left."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction

from akinai.core import clock, postal
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.orders.gifts import Gift
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.recipients import buyer_of, recipient
from akinai.orders.states import UNPAID, WAITING, OrderState
from akinai.payments import queries as payments
from akinai.shop import mails
from akinai.shop.models import Cart, CheckoutAttempt, Inquiry
from akinai.shop.ports import perks
from akinai.shop.services import carts, checkout, inquiries

if TYPE_CHECKING:
    from akinai.orders.models import Order

REASON = "お客様のお申し出（ご注文のページ）"
ASKED = "お客様からキャンセルのお申し出があります。返金の方法を決めてください。"
LEFT = "お支払いの手続きが行われなかったため"


@dataclass(frozen=True, slots=True)
class CalledOff:
    """キャンセルの結果. `is_done`: it is cancelled; else somebody will answer, and the goods wait meanwhile."""

    is_done: bool


def may_call_off(order: Order) -> bool:
    """Is it still possible? Nothing of it has begun to leave."""
    return order.state in WAITING and not any(line.instructed for line in order.lines.all())


@transaction.atomic
def call_off(number: str) -> CalledOff:
    """キャンセルのお申し出 by the buyer. Unpaid, or only held by a card company, it is cancelled at once; money that has come
    must go back by hand, so the order is held and somebody answers. Refused once the goods are being packed."""
    order = orders.lock_all([order_queries.ids_by_number([number])[number]])[0]
    if order.state == OrderState.CANCELLED:
        return CalledOff(is_done=True)
    if not may_call_off(order):
        raise DomainError(
            "出荷の準備が始まっているため、このページではキャンセルできません。",
            way_out="お手数ですが、お問い合わせください。",
        )
    if order.paid_yen == 0 and (not order.payment_settled or _is_only_held(order)):
        orders.cancel(order.pk, reason=REASON, by=None, refunded_by_channel=True)
        mails.tell_cancelled(order, reason=REASON.split("（")[0])
        return CalledOff(is_done=True)
    with suppress(ChangedMeanwhile), transaction.atomic():  # somebody holds it already
        orders.hold(order, reason=ASKED, by=None)
    inquiries.receive(
        kind=Inquiry.Kind.CANCEL, name=order.buyer_name, email=order.buyer_email, order_number=order.channel_order_no,
        text="ご注文のページから、キャンセルのお申し出がありました。", key=f"cancel:{order.number}",
    )  # fmt: skip
    return CalledOff(is_done=False)


def _is_only_held(order: Order) -> bool:
    """Has a provider behind a door of ours authorised the money and taken nothing? It lets go when the order is cancelled."""
    return any(one.door and one.state == "authorised" for one in payments.requests_of(order.pk))


@transaction.atomic
def back_to_cart(attempt: CheckoutAttempt, cart: Cart) -> bool:
    """支払わずに戻る: the unpaid order is cancelled, its goods are free, and what was chosen and typed is there again: lines with
    their のし・ラッピング, coupon, addresses and words to the shop.

    False when the money has come meanwhile, or the order is over already; then nothing is changed.
    """
    if attempt.order_id is None:
        return False
    code = perks().code_of(attempt.order_id)
    if not orders.cancel_unpaid(attempt.order_id, reason=REASON, by=None, even_held=True):
        return False
    order = order_queries.with_lines([attempt.order_id])[0]
    for line in order.lines.all():
        with suppress(DomainError):  # not sold any more
            if line.sku_id:
                carts.add(cart, line.sku_id, min(line.quantity, 999))
                if line.gift:
                    carts.give(cart, line.sku_id, Gift.of(line.gift))
    if code and not cart.coupon:
        carts.set_coupon(cart, code)
    checkout.keep(checkout.attempt_of(cart), **_typed(order))
    return True


def _typed(order: Order) -> dict[str, Any]:
    """What the buyer of this order had typed, but for the way of paying."""
    to = recipient(order, None)
    prefecture, city, rest = postal.split(order.buyer_address, order.buyer_postal_code)
    buyer = replace(buyer_of(order), prefecture=prefecture, city=city, line1=rest)
    is_same = (to.name, to.postal_code, to.phone) == (buyer.name, buyer.postal_code, buyer.phone)
    return {
        "buyer": checkout.kept_address(replace(to if is_same else buyer, email=order.buyer_email)),
        "ship_to": None if is_same else checkout.kept_address(to), "note": order.customer_note,
    }  # fmt: skip


def free_left(limit: int = 200) -> int:
    """カードの手続きがないまま過ぎたご注文: cancelled, their goods go to others. Safe to run twice. Out: how many."""
    before = clock.now() - timedelta(hours=checkout.terms().card_hours)
    late = CheckoutAttempt.objects.filter(
        order__payment=PaymentKind.CARD,
        order__state__in=UNPAID,
        order__payment_settled=False,
        placed_at__lt=before,
    )
    done = 0
    for attempt in late.select_related("order").order_by("pk")[:limit]:
        done += _free(attempt)
    return done


@transaction.atomic
def _free(attempt: CheckoutAttempt) -> bool:
    assert attempt.order is not None  # noqa: S101  (the filter asks for its state)
    if not orders.cancel_unpaid(attempt.order.pk, reason=LEFT, by=None, even_held=True):
        return False
    mails.tell_cancelled(attempt.order, reason=LEFT)
    return True
