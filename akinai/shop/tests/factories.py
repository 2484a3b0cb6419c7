"""A guest at the shop: goods that the public sees, a cart, what he types."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from django.test import Client

from akinai.catalog.models import Sku
from akinai.core import clock
from akinai.shop.models import Cart, CheckoutAttempt
from akinai.shop.quotes import Quote
from akinai.shop.services import carts, checkout, placing
from tests import cast, fees

TYPED = {
    "name": "青木 美咲", "kana": "あおき みさき", "postal_code": "150-0001", "prefecture": "東京都", "city": "渋谷区神宮前",
    "line1": "4-12-3", "phone": "090-0000-1001", "email": "aoki@example.com", "email_again": "aoki@example.com",
}  # fmt: skip


def open_shop() -> None:
    """自社 and its fee table: 関東 880, free from 3,980, 代引 330."""
    cast.company()
    fees.publish()


def goods(code: str, *, pieces: int = 9, price: int = 1_080, rate: int = 8) -> int:
    """A SKU that the public may buy."""
    pk = cast.sku(code, pieces=pieces, price=price, rate=rate)
    Sku.objects.filter(pk=pk).update(needs_review=False)
    return pk


def attempt(cart: Cart, *, payment: str = "bank_transfer", **told: Any) -> CheckoutAttempt:
    """A checkout in which everything is told."""
    made = checkout.attempt_of(cart)
    checkout.keep(made, buyer=asdict(cast.AOKI), ship_to=None, payment=payment, **told)
    return made


def cart_with(*wanted: tuple[int, int]) -> Cart:
    """A guest's cart of (SKU, pieces)."""
    made = Cart.objects.create()
    for sku_id, pieces in wanted:
        carts.add(made, sku_id, pieces)
    return made


def quote(cart: Cart) -> Quote:
    """What the checkout of this cart says now."""
    return checkout.quote_of(cart, attempt(cart), None, now=clock.now())


def shown(cart: Cart, made: CheckoutAttempt) -> str:
    """What the last page shows now, signed."""
    return placing.sign(made, checkout.quote_of(cart, made, None, now=clock.now()))


def place(cart: Cart, made: CheckoutAttempt) -> CheckoutAttempt:
    return placing.place(made.token, shown=shown(cart, made), buyer=None, now=clock.now())


def walk(client: Client, sku_id: int, *, pieces: int = 1, payment: str = "bank_transfer") -> Any:
    """Through the pages up to the last one. Out: its answer."""
    client.post("/cart/add/", {"sku": sku_id, "quantity": pieces})
    client.post("/checkout/address/", TYPED)
    client.post(
        "/checkout/delivery/", {"payment": payment, "delivery_on": "", "delivery_slot": "", "note": ""}
    )
    return client.get("/checkout/confirm/")


def press(client: Client, page: Any) -> Any:
    """注文を確定する on that page."""
    return client.post(
        "/checkout/confirm/", {"token": page.context["attempt"].token, "shown": page.context["shown"]}
    )
