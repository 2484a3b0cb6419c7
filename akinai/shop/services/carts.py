"""カートの操作: put in, change, take out, and bring a guest's cart along when he logs in."""

from __future__ import annotations

import uuid

from django.db import connection, transaction
from django.db.models import QuerySet, Sum
from django.http import HttpRequest, HttpResponseBase

from akinai.catalog import public
from akinai.catalog import queries as catalog
from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.orders.gifts import Gift
from akinai.shop import cookies, plans
from akinai.shop.models import Cart, CartLine, CheckoutAttempt
from akinai.shop.models.cart import MOST_LINES, MOST_PIECES
from akinai.shop.models.plans import PLANS
from akinai.shop.ports import buyer_of

ADD = """
INSERT INTO shop_cartline (cart_id, sku_id, quantity, seen_yen, gift, added_at, plan) VALUES (%s, %s, %s, %s, '{}', %s, %s)
ON CONFLICT (cart_id, sku_id) DO UPDATE SET
  quantity = LEAST(%s, EXCLUDED.quantity + CASE WHEN shop_cartline.plan = EXCLUDED.plan THEN shop_cartline.quantity ELSE 0 END),
  seen_yen = EXCLUDED.seen_yen, plan = EXCLUDED.plan
RETURNING quantity
"""
# One statement: two tabs that log in at once move each line once.
MERGE = """
WITH gone AS (DELETE FROM shop_cartline WHERE cart_id = %s RETURNING sku_id, quantity, seen_yen, gift, added_at, plan)
INSERT INTO shop_cartline (cart_id, sku_id, quantity, seen_yen, gift, added_at, plan)
SELECT %s, sku_id, quantity, seen_yen, gift, added_at, plan FROM gone
ON CONFLICT (cart_id, sku_id) DO UPDATE SET quantity = LEAST(%s, shop_cartline.quantity + EXCLUDED.quantity)
"""


def cart_of(request: HttpRequest) -> Cart | None:
    """このブラウザーのカート: the member's, else the one of the cookie. None while nothing was put in."""
    buyer = buyer_of(request)
    if buyer is not None:
        return Cart.objects.filter(member_id=buyer.member_id).first()
    kept = cookies.read(request)
    return Cart.objects.filter(token=kept.token, member_id=None).first() if kept else None


def open_cart(request: HttpRequest) -> Cart:
    """The cart of this browser, made when there is none."""
    found = cart_of(request)
    if found is not None:
        return found
    buyer = buyer_of(request)
    if buyer is None:
        return Cart.objects.create()
    return Cart.objects.get_or_create(member_id=buyer.member_id)[0]


@transaction.atomic
def add(cart: Cart, sku_id: int, quantity: int = 1, *, plan: str = "") -> int:
    """カートに入れる: on top of what lies there, at most 999. Out: pieces of this line now.

    `plan`: as 定期便 of this interval; goods that lay there to be bought once become it. Refused for goods that the shop does
    not sell, for a plan that is not offered, and beyond 100 lines.
    """
    sku = sold([sku_id]).get(sku_id)
    if sku is None:
        raise DomainError("この商品は、いまは販売していません。", way_out="ほかの商品をご覧ください。")
    if not 1 <= quantity <= MOST_PIECES:
        raise DomainError(f"数量は 1 から {MOST_PIECES} までです。", way_out="数量を入れ直してください。")
    _touch(cart)
    others = cart.lines.exclude(sku_id=sku_id).count()
    if others >= MOST_LINES:
        raise DomainError(
            f"カートに入る商品は {MOST_LINES} 種類までです。",
            way_out="先にご注文いただくか、商品を取り除いてください。",
        )
    with connection.cursor() as cursor:
        price = _plan_price(cart, sku, plan)
        cursor.execute(ADD, [cart.pk, sku_id, quantity, price, clock.now(), plan, MOST_PIECES])
        return int(cursor.fetchone()[0])


def _plan_price(cart: Cart, sku: catalog.SkuRow, plan: str) -> int:
    """What one piece costs bought this way. Refused for a plan that is not offered, and for a second interval in one cart."""
    if not plan:
        return sku.price_yen
    offer = plans.offers_of([sku.product_id]).get(sku.product_id)
    if offer is None or plan not in offer.plans:
        raise DomainError(
            f"「{sku.title}」は、この間隔の定期便を受け付けていません。",
            way_out="お届けの間隔を選び直してください。",
        )
    other = (
        cart.lines.exclude(sku_id=sku.id).exclude(plan__in=["", plan]).values_list("plan", flat=True).first()
    )
    if other:
        raise DomainError(
            f"カートには「{PLANS[other]}」の定期便が入っています。1 回のご注文の定期便は、同じ間隔になります。",
            way_out="間隔をそろえるか、ご注文を分けてください。",
        )
    return plans.price_of(sku.price_yen, offer.percent)


@transaction.atomic
def choose_plan(cart: Cart, sku_id: int, plan: str) -> None:
    """定期便にする・1 回だけにする ("") of what lies in the cart."""
    _touch(cart)
    sku = sold([sku_id]).get(sku_id)
    if sku is not None:
        cart.lines.filter(sku_id=sku_id).update(plan=plan, seen_yen=_plan_price(cart, sku, plan))


def sold(sku_ids: list[int]) -> dict[int, catalog.SkuRow]:
    """Those of these SKUs that the public may buy."""
    rows = catalog.sku_rows(sku_ids)
    shown = public.shown(public.products().filter(pk__in={row.product_id for row in rows.values()}))
    allowed = {pk for one in shown for pk in one.sku_ids}
    return {pk: row for pk, row in rows.items() if pk in allowed}


def sku_id_of(code: str) -> int | None:
    """SKU コードか番号 of a form → SKU."""
    if code.isascii() and code.isdigit() and len(code) < 13:
        return int(code)
    return catalog.ids_by_code([code]).get(code) if 0 < len(code) <= 120 else None


@transaction.atomic
def change(cart: Cart, sku_id: int, quantity: int) -> None:
    """数量を変える. 0 takes the line out; a line that is gone already stays gone."""
    if quantity == 0:
        remove(cart, sku_id)
        return
    if not 1 <= quantity <= MOST_PIECES:
        raise DomainError(f"数量は 0 から {MOST_PIECES} までです。", way_out="数量を入れ直してください。")
    _touch(cart)
    cart.lines.filter(sku_id=sku_id).update(quantity=quantity)


@transaction.atomic
def remove(cart: Cart, sku_id: int) -> CartLine | None:
    """取り除く. Out: the line as it was, so that it can be put back."""
    _touch(cart)
    line = cart.lines.filter(sku_id=sku_id).first()
    if line is not None:
        CartLine.objects.filter(pk=line.pk).delete()
    return line


@transaction.atomic
def give(cart: Cart, sku_id: int, gift: Gift) -> None:
    """のし・ラッピング of a line."""
    _touch(cart)
    cart.lines.filter(sku_id=sku_id).update(gift=gift.to_json())


@transaction.atomic
def merge(cart: Cart, member_id: int) -> Cart:
    """ログイン: the guest's cart goes into the member's; pieces of the same goods add up, at most 999. Out: the member's."""
    if cart.member_id == member_id:
        return cart
    mine, _ = Cart.objects.get_or_create(member_id=member_id)
    if cart.member_id is not None:  # another member's: nobody takes it along
        return mine
    first, second = sorted([cart.pk, mine.pk])
    list(Cart.objects.select_for_update().filter(pk__in=[first, second]).order_by("pk"))
    with connection.cursor() as cursor:
        cursor.execute(MERGE, [cart.pk, mine.pk, MOST_PIECES])
    _one_interval(mine)
    coupon = mine.coupon or Cart.objects.filter(pk=cart.pk).values_list("coupon", flat=True).first() or ""
    Cart.objects.filter(pk=mine.pk).update(touched_at=clock.now(), coupon=coupon)
    return mine


def _one_interval(cart: Cart) -> None:
    """定期便 of two intervals met in one cart: those of the older one stay, the others are bought once."""
    kept = cart.lines.exclude(plan="").values_list("plan", flat=True).first()
    if kept:
        cart.lines.exclude(plan__in=["", kept]).update(plan="")


def bring_along(request: HttpRequest, response: HttpResponseBase, member_id: int) -> None:
    """ログインのとき: what lies in this browser's cart goes into the member's, and the cookie knows it."""
    kept = cookies.read(request)
    mine = Cart.objects.filter(member_id=member_id).first()
    if kept is not None and (guest := Cart.objects.filter(token=kept.token).first()):
        mine = merge(guest, member_id)
    if mine is not None:
        cookies.keep(response, mine.token, pieces_of(mine.token), secure=request.is_secure())


def set_coupon(cart: Cart, code: str) -> None:
    """クーポンを使う; "" takes it off. Whether it counts is judged with the goods, each time."""
    Cart.objects.filter(pk=cart.pk).update(coupon=code.strip()[:40], touched_at=clock.now())


def pieces_of(token: uuid.UUID) -> int:
    """点数 for the header."""
    return CartLine.objects.filter(cart__token=token).aggregate(all=Sum("quantity"))["all"] or 0


def forget_of(member_id: int) -> None:
    """退会: the cart of a member, with what he typed at the checkout."""
    forget(Cart.objects.filter(member_id=member_id))


def forget(old: QuerySet[Cart]) -> int:
    """These carts, with what was typed at their checkout; orders stay. Out: how many."""
    CheckoutAttempt.objects.filter(cart__in=old, order=None).delete()
    return old.delete()[1].get("shop.Cart", 0)


def _touch(cart: Cart) -> None:
    """Used now. Takes the row, so that nothing is put in while the cart is being ordered."""
    Cart.objects.filter(pk=cart.pk).update(touched_at=clock.now())
