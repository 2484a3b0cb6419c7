"""見積もる: a cart as it would be bought this moment. Prices of the catalogue, free pieces of stock, charges of the fee table.

A constant number of queries for any cart. Called when a page is shown and again inside the transaction that places.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.utils import timezone

from akinai.catalog import public
from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.tax import Rounding, rates_on
from akinai.orders import charging, content, outlook, quoting
from akinai.orders.delivery_ports import DeliveryAsk
from akinai.orders.fee_ports import ShippingCharge
from akinai.orders.gift_forms import offered_now
from akinai.orders.gifts import Gift
from akinai.orders.payment_methods import PaymentKind
from akinai.orders.ports import Address
from akinai.party import queries as party
from akinai.shop import paying, plans
from akinai.shop.models import Cart, CartLine, PlanOffer
from akinai.shop.plans import Plan
from akinai.shop.ports import Asked, Bought, Cut, perks
from akinai.shop.quotes import Line, Quote, Trouble
from akinai.stock import queries as stock
from akinai.ui.formats import jdate

CHANNEL = ("own", "自社サイト", "own")
NOWHERE = Address()


@dataclass(frozen=True, slots=True)
class Wish:
    """What the buyer has told so far; everything may be missing on the page of the cart."""

    to: Address = NOWHERE
    email: str = ""
    payment: str = ""
    delivery_on: date | None = None
    delivery_slot: str = ""
    points_yen: int = 0
    member_id: int | None = None
    customer_id: int | None = None


def lines_of(cart: Cart | None) -> list[Line]:
    """カートの明細 as they stand now, sold out ones too."""
    rows = list(cart.lines.all()) if cart else []
    if not rows:
        return []
    wares = public.wares(row.sku_id for row in rows)
    free = stock.at_hand(row.sku_id for row in rows)
    offered = {one.name: one.yen for one in offered_now()} if any(row.gift for row in rows) else {}
    offers = plans.offers_of(ware.row.product_id for ware in wares.values())
    found = []
    for row in rows:
        ware = wares[row.sku_id]
        line = _line(row, gift_now(row.chosen, offered), ware, free[row.sku_id])
        found.append(_planned(line, row.plan, offers.get(ware.row.product_id)))
    return found


def _planned(line: Line, plan: str, offer: PlanOffer | None) -> Line:
    """The line as 定期便 where it was chosen and is still offered; else bought once, at the usual price."""
    if offer is None:
        return line
    told = replace(line, plans=tuple(offer.choices), plan_percent=offer.percent)
    if plan not in offer.plans:
        return told
    return replace(
        told, plan=plan, unit_yen=plans.price_of(line.unit_yen, offer.percent), least_turns=offer.least_turns
    )


def gift_now(gift: Gift, offered: Mapping[str, int]) -> Gift:
    """のし・ラッピング at the prices of now, without what is not offered any more."""
    options = [replace(one, yen=offered[one.name]) for one in gift.options if one.name in offered]
    return replace(gift, options=tuple(options))


def _line(row: CartLine, gift: Gift, ware: public.Ware, free: int) -> Line:
    sku, terms = ware.row, ware.terms
    today = clock.today()
    is_early = terms.is_preorder(today)
    may_wait = terms.may_backorder or is_early
    if not ware.is_sold or (is_early and terms.preorder_until and terms.preorder_until < today):
        trouble = Trouble.GONE
    elif may_wait or free >= row.quantity:
        trouble = Trouble.NONE
    else:
        trouble = Trouble.SHORT if free else Trouble.SOLD_OUT
    coming = ""
    if trouble == Trouble.NONE and is_early and terms.release_on:
        coming = f"予約商品です。{jdate(terms.release_on)} 発売、発売日以降のお届けです。"
    elif trouble == Trouble.NONE and free < row.quantity:
        coming = "お取り寄せの商品です。入荷してからの発送になります。"
    return Line(
        row.pk, sku.id, sku.code, sku.name, sku.variant, sku.product_id, ware.key, ware.thumb, ware.alt,
        row.quantity, sku.price_yen, sku.tax_rate, row.seen_yen,
        gift, None if may_wait else free, trouble, coming, once_yen=sku.price_yen,
        is_at_hand=free >= row.quantity and not is_early, temperature=sku.temperature,
    )  # fmt: skip


def reckon(cart: Cart | None, wish: Wish, *, now: datetime) -> Quote:
    """The whole quote: goods, cuts, charges, fee of the way of paying, tax per rate, delivery."""
    lines = lines_of(cart)
    bought = [line for line in lines if line.is_bought]
    goods = sum(line.subtotal_yen for line in bought)
    wrapping = sum(line.gift.yen for line in bought)
    asked = asked_of(bought, wish, now)
    cut = perks().cut(cart.coupon, asked) if cart and cart.coupon else Cut()
    discount = min(cut.yen, goods)
    on = timezone.localdate(now)
    charge = _charge(wish, bought, besides_yen=wrapping - discount, on=on) if bought else None
    shipping = 0 if charge and cut.free_shipping else charge.yen if charge else None
    points = _points(wish, asked, goods + (shipping or 0) + wrapping - discount)
    if charge and (points or cut.free_shipping):  # the driver collects that much less
        less = points + ((charge.yen or 0) if cut.free_shipping else 0)
        charge = _charge(wish, bought, besides_yen=wrapping - discount - less, on=on)
    base = Quote(
        lines=tuple(lines), goods_yen=goods, shipping_yen=shipping, shipping_why=charge.told if charge else "",
        wrapping_yen=wrapping, discount_yen=discount, points_yen=points, coupon=cut.code, coupon_title=cut.title,
        coupon_refusal=cut.refusal, until_free_yen=charge.until_free_yen if charge and not cut.free_shipping else None,
        payment=wish.payment, delivery_on=wish.delivery_on, delivery_slot=wish.delivery_slot, to=_place(wish.to),
        cod_offer_yen=charge.cod_yen if charge else None,
        shipping_saved_yen=(charge.yen or 0) if charge and cut.free_shipping else 0,
    )  # fmt: skip
    return _taxed(_repeated(_delivered(_paid(base), wish, now), wish, now), now)


def asked_of(lines: Sequence[Line], wish: Wish, now: datetime) -> Asked:
    """The goods as coupons and points judge them."""
    bought = tuple(
        Bought(one.sku_id, one.product_id, one.quantity, one.subtotal_yen, one.tax_rate) for one in lines
    )
    return Asked(bought, wish.member_id, wish.customer_id, wish.email, timezone.localdate(now))


def _charge(wish: Wish, bought: Sequence[Line], *, besides_yen: int, on: date) -> ShippingCharge | None:
    if not wish.to.prefecture:
        return None
    return charging.of_goods(
        wish.to, sum(line.subtotal_yen for line in bought), channel=CHANNEL[0], on=on, is_cod=True, besides_yen=besides_yen,
        temperature=catalog.coldest(line.temperature for line in bought),
    )  # fmt: skip


def _points(wish: Wish, asked: Asked, most_yen: int) -> int:
    if not wish.points_yen:
        return 0
    return max(0, min(wish.points_yen, perks().balance(asked), most_yen))


def _paid(quote: Quote) -> Quote:
    """With the fee of the chosen way of paying, and the total."""
    before = (
        quote.goods_yen
        + (quote.shipping_yen or 0)
        + quote.wrapping_yen
        - quote.discount_yen
        - quote.points_yen
    )
    way = chosen_way(quote, before) if quote.payment else None
    problems = []
    if quote.payment and (way is None or way.refusal):
        problems.append(way.refusal if way else "選ばれたお支払い方法は、いまご利用いただけません。")
    fee = way.fee_yen if way and not way.refusal else 0
    is_cod = bool(way) and quote.payment == PaymentKind.COD
    return replace(
        quote, cod_fee_yen=fee if is_cod else 0, payment_fee_yen=0 if is_cod else fee, total_yen=before + fee,
        payment=way.kind if way else quote.payment, payment_title=way.title if way else "", problems=tuple(problems),
    )  # fmt: skip


def chosen_way(quote: Quote, before_yen: int) -> paying.Offer | None:
    """The offer of the chosen way; nothing to pay is a way of its own."""
    if before_yen == 0 and quote.bought:
        return paying.FREE
    found = paying.offers(paying.ways(), before_yen, quote.cod_offer_yen)
    return next((one for one in found if one.kind == quote.payment), None)


def _delivered(quote: Quote, wish: Wish, now: datetime) -> Quote:
    """With the day on which it can arrive, where that is known."""
    if not wish.to.prefecture or not quote.bought:
        return quote
    told = outlook.of_goods(ask_of(wish, now), quote.wanted, is_at_hand=quote.is_at_hand)
    problems = list(quote.problems)
    if quote.shipping_yen is None:
        problems.append("このお届け先への送料が決まっていません。お手数ですが、お問い合わせください。")
    if wish.delivery_on and (told.promise is None or told.promise.misses):
        problems.append("ご希望のお届け日に間に合わなくなりました。別の日をお選びください。")
    elif wish.delivery_slot and told.promise and told.promise.no_slot:
        problems.append("このお届け先では、時間帯をご指定いただけません。")
    return replace(
        quote, arrives_on=told.promise.arrives_on if told.promise else None, problems=tuple(problems)
    )


def _repeated(quote: Quote, wish: Wish, now: datetime) -> Quote:
    """With what comes after this order, where some of it is 定期便: the same goods again, at the charges of now."""
    again = [line for line in quote.bought if line.plan]
    if not again:
        return quote
    today = timezone.localdate(now)
    goods = tuple((line.title, line.quantity, line.unit_yen) for line in again)
    plan = Plan(
        again[0].plan, quote.delivery_on or quote.arrives_on or today, goods, least_turns=max(line.least_turns for line in again)
    )  # fmt: skip
    charge = _charge(wish, again, besides_yen=0, on=today)
    if charge is not None:
        is_cod = quote.payment == PaymentKind.COD
        plan = replace(plan, shipping_yen=charge.yen or 0, cod_fee_yen=(charge.cod_yen or 0) if is_cod else 0)
    return replace(quote, plan=plan, problems=(*quote.problems, *_plan_problems(quote, wish)))


def _plan_problems(quote: Quote, wish: Wish) -> list[str]:
    """What keeps 定期便 from being begun."""
    found = []
    if len({line.plan for line in quote.bought if line.plan}) > 1:
        found.append("定期便の間隔が 2 種類あります。カートで同じ間隔にそろえてください。")
    if wish.member_id is None:
        found.append("定期便のお申し込みには、会員としてのログインが必要です。")
    if quote.payment == paying.FREE.kind:
        found.append(
            "定期便では、初回のお支払いを 0 円にはできません。お使いになるポイントを減らしてください。"
        )
    elif quote.payment and quote.payment not in plans.RECURRING:
        found.append(f"{quote.payment_title or 'このお支払い方法'}は、{plans.NOT_THIS_WAY}")
    return found


def ask_of(wish: Wish, now: datetime) -> DeliveryAsk:
    """お届けの問い of this buyer."""
    to = wish.to
    return DeliveryAsk(
        now, to.prefecture, to.postal_code, content.is_island(to), "", wish.delivery_on, wish.delivery_slot
    )  # fmt: skip


def _taxed(quote: Quote, now: datetime) -> Quote:
    """With the tax within the total, rounded once per rate."""
    fees = (quote.shipping_yen or 0) + quote.cod_fee_yen + quote.payment_fee_yen + quote.wrapping_yen
    found = quoting.quote(
        [(line.tax_rate, line.subtotal_yen) for line in quote.bought], fees_yen=fees,
        discount_yen=quote.discount_yen + quote.points_yen, standard_rate=rates_on(timezone.localdate(now)).standard,
        rounding=Rounding(party.company().tax_rounding),
    )  # fmt: skip
    return replace(quote, taxes=found.taxes)


def _place(to: Address) -> str:
    parts = (to.name, to.company, to.postal_code, to.prefecture, to.city, to.line1, to.line2, to.phone)
    return "|".join(parts) if to.name else ""
