"""注文を確定する: what was shown and agreed to becomes one order, or nothing does.

In one transaction the cart is taken, the quote is computed again and compared with the one that was shown, the order is
placed with its reservation, and the money is asked for. Whoever presses twice finds the first order.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.core import signing
from django.db import transaction
from django.utils import timezone

from akinai.channels import services as channels
from akinai.core import events, numbering
from akinai.core.errors import ChangedMeanwhile, DomainError
from akinai.orders import queries as order_queries
from akinai.orders import services as orders
from akinai.orders.payment_methods import METHODS, PaymentKind
from akinai.orders.ports import LineDraft, OrderDraft, TaxDraft
from akinai.orders.services import subscriptions
from akinai.payments import services as payments
from akinai.shop import mails, paying, plans
from akinai.shop.models import Cart, CartLine, CheckoutAttempt
from akinai.shop.ports import Buyer, Cut, perks
from akinai.shop.quotes import Quote, differences
from akinai.shop.reckoning import CHANNEL, asked_of, reckon
from akinai.shop.services import checkout
from akinai.stock import queries as stock

if TYPE_CHECKING:
    from akinai.orders.models import Order, Subscription

SALT = "akinai.shop.shown"
# 取り寄せ・予約 that the SKU does not allow: an order of our own shop is refused instead of held.
NOT_PROMISED = ("backorder_limit", "preorder_closed", "no_backorder")


class QuoteDiffers(ChangedMeanwhile):
    """見せた内容と違う: nothing was placed. `quote` is how it stands now, `changes` what is other than shown."""

    def __init__(self, quote: Quote, changes: Sequence[str]) -> None:
        super().__init__(
            "確認の画面を開いたあとに、ご注文の内容が変わりました。",
            way_out="新しい内容をお確かめのうえ、よろしければもう一度「注文を確定する」を押してください。",
        )
        self.quote, self.changes = quote, list(changes)


class JustSold(ChangedMeanwhile):
    """一足違い: somebody else got the last pieces. Nothing was placed, the cart is as it was."""


def sign(attempt: CheckoutAttempt, quote: Quote) -> str:
    """確認の画面に入れるしるし: what is shown to this buyer, signed, so that nobody agrees to anything else."""
    return signing.dumps({"token": attempt.token.hex, "facts": quote.facts}, salt=SALT, compress=True)


def shown_facts(signed: str, token: uuid.UUID) -> Mapping[str, Any]:
    """The facts of a form. {} for a form that is none of ours: everything differs from it."""
    try:
        told = signing.loads(signed, salt=SALT)
    except signing.BadSignature:
        return {}
    return told["facts"] if told.get("token") == token.hex else {}


@transaction.atomic
def place(token: uuid.UUID, *, shown: str, buyer: Buyer | None, now: datetime) -> CheckoutAttempt:
    """注文を確定する. Out: the attempt with its order; the same one however often it is called.

    Raises QuoteDiffers and JustSold, with nothing written, and DomainError for a checkout that is not there any more.
    """
    attempt = CheckoutAttempt.objects.select_for_update(of=("self",)).filter(token=token).first()
    if attempt is None or (attempt.order_id is None and attempt.cart_id is None):
        raise DomainError("この購入手続きは終わっています。", way_out="カートからもう一度お進みください。")
    if attempt.order_id is not None:
        return attempt
    cart = Cart.objects.select_for_update().get(attempts=attempt)
    quote = reckon(cart, checkout.wish_of(attempt, buyer), now=now)
    _refuse_other(quote, shown_facts(shown, token))
    order = _order(attempt, quote, now)
    _refuse_short(order, quote)
    orders.give_priced(order.pk, {no: line.gift for no, line in enumerate(quote.bought, 1)})
    _use_perks(order, quote, attempt, buyer, now)
    _ask_money(order, quote, now)
    begun = _begin_plan(order, quote, attempt)
    CartLine.objects.filter(pk__in=[line.line_id for line in quote.bought]).delete()
    Cart.objects.filter(pk=cart.pk).update(coupon="")
    attempt.order, attempt.shown_yen, attempt.placed_at, attempt.data = order, quote.total_yen, now, {}
    attempt.save()
    mails.thank(order, quote, begun)
    events.emit("shop.order_placed", order_id=order.pk)
    return attempt


def _refuse_other(quote: Quote, shown: Mapping[str, Any]) -> None:
    """Only what was shown is placed, and only what can be bought."""
    changes = differences(shown, quote) if shown else ["確認の画面が古くなっていました。"]
    if changes or shown != quote.facts or quote.problems or not quote.is_buyable or not quote.payment:
        raise QuoteDiffers(quote, [*changes, *quote.problems])


def _order(attempt: CheckoutAttempt, quote: Quote, now: datetime) -> Order:
    """The order, placed as those of every channel are, with its goods reserved."""
    placed = orders.place(_draft(attempt, quote, now), channel=channels.ensure(*CHANNEL), by=None, now=now)
    (pk,) = placed.created
    order = order_queries.with_lines([pk])[0]
    if order.total_yen != quote.total_yen or order.issues.exists():
        raise DomainError(
            "ご注文の金額を確かめられませんでした。何も注文されていません。",
            way_out="お手数ですが、お問い合わせください。",
        )
    return order


def _draft(attempt: CheckoutAttempt, quote: Quote, now: datetime) -> OrderDraft:
    lines = tuple(
        LineDraft(no, line.code, line.title, line.quantity, line.unit_yen, line.tax_rate)
        for no, line in enumerate(quote.bought, 1)
    )
    return OrderDraft(
        channel_order_no=numbering.take("shop_order")[0], ordered_at=now, buyer=checkout.buyer_address(attempt),
        ship_to=checkout.ship_to(attempt), lines=lines, payment=quote.payment, payment_label=quote.payment_title,
        total_yen=quote.total_yen, goods_yen=quote.goods_yen, shipping_yen=quote.shipping_yen or 0,
        cod_fee_yen=quote.cod_fee_yen, payment_fee_yen=quote.payment_fee_yen, wrapping_yen=quote.wrapping_yen,
        discount_yen=quote.discount_yen, points_yen=quote.points_yen, delivery_on=quote.delivery_on,
        delivery_slot=quote.delivery_slot, customer_note=attempt.data.get("note", ""),
        taxes=tuple(TaxDraft(one.rate, one.gross_yen, one.tax_yen) for one in quote.taxes),
    )  # fmt: skip


def _refuse_short(order: Order, quote: Quote) -> None:
    """予約か、お断り: every line has its pieces, or its SKU may wait for them within its limit."""
    held = stock.reserved([f"{order.number}/{no}" for no in range(1, len(quote.bought) + 1)])
    for no, line in enumerate(quote.bought, 1):
        mine = held.get(f"{order.number}/{no}")
        if line.free is not None and (mine is None or not mine.is_full):
            raise JustSold(
                f"「{line.title}」は、たった今ほかのお客様のご注文で売り切れました。何も注文されていません。",
                way_out="カートの中身はそのまま残っています。",
            )
    if beyond := order.holds.filter(released_at=None, rule__in=NOT_PROMISED).first():
        raise JustSold(
            f"お取り寄せ・ご予約の受付数を超えました（{beyond.reason}）。何も注文されていません。",
            way_out="数量を減らすか、別の商品をお選びください。カートの中身はそのまま残っています。",
        )


def _use_perks(
    order: Order, quote: Quote, attempt: CheckoutAttempt, buyer: Buyer | None, now: datetime
) -> None:
    if not quote.coupon and not quote.points_yen:
        return
    asked = asked_of(quote.bought, checkout.wish_of(attempt, buyer), now)
    cut = Cut(quote.coupon, quote.coupon_title, quote.discount_yen + quote.shipping_saved_yen)
    perks().use(order.pk, cut=cut, points_yen=quote.points_yen, asked=asked)


def _begin_plan(order: Order, quote: Quote, attempt: CheckoutAttempt) -> Subscription | None:
    """定期便: the order is its first turn; the later ones are made of it, at the prices that were shown."""
    plan = quote.plan
    if plan is None:
        return None
    terms = subscriptions.Terms(
        buyer=checkout.buyer_address(attempt), ship_to=checkout.ship_to(attempt),
        lines=[subscriptions.EntryLine(one.sku_id, one.quantity, one.unit_yen) for one in quote.bought if one.plan],
        payment=quote.payment, interval=plan.interval, first_on=plan.next_on, delivery_slot=quote.delivery_slot,
        shipping_yen=plan.shipping_yen, cod_fee_yen=plan.cod_fee_yen, days_before=plans.DAYS_BEFORE,
        price_is=subscriptions.FIXED, least_turns=plan.least_turns, shop_note=f"自社サイト {order.channel_order_no}",
    )  # fmt: skip
    return subscriptions.subscribe_from(order, terms, delivered_on=plan.first_on, by=None)


def _ask_money(order: Order, quote: Quote, now: datetime) -> None:
    """決済の申込 of exactly the total, where a provider stands behind the way of paying."""
    kind = PaymentKind(quote.payment)
    if not METHODS[kind].has_request or not quote.total_yen:
        return
    if kind in paying.WITH_DOOR:
        door = payments.door_for(kind.value)
        provider, code, is_live = door.title, door.code, door.is_live
    else:
        provider, code, is_live = _provider(kind), "", True
    pay_by = None
    if kind == PaymentKind.CARD:
        hours = checkout.terms().card_hours
        pay_by = timezone.localdate(now) + timedelta(days=math.ceil(hours / 24))
    payments.request_payment(
        order.pk, kind=kind.value, provider=provider, amount_yen=quote.total_yen, pay_by=pay_by, door=code,
        is_live=is_live, by=None,
    )  # fmt: skip


def _provider(kind: PaymentKind) -> str:
    way = next((one for one in paying.ways() if one.kind == kind), None)
    return (way.provider if way else "") or str(kind.label)
