"""購入手続きの進み方: the open attempt of a cart, and what was typed in its steps."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Any

from django.db import transaction

from akinai.core.gathering import gather, put
from akinai.orders.ports import Address
from akinai.shop import paying
from akinai.shop.models import Cart, CartLine, CheckoutAttempt, CheckoutTerms
from akinai.shop.ports import Buyer
from akinai.shop.quotes import Quote
from akinai.shop.reckoning import Wish, reckon


def attempt_of(cart: Cart) -> CheckoutAttempt:
    """The open attempt of a cart; two tabs share one."""
    found, _ = CheckoutAttempt.objects.get_or_create(cart=cart, order=None)
    return found


def read(cart: Cart) -> list[CheckoutAttempt]:
    """The cart with its lines, and its open attempt where there is one: one query."""
    lines, attempts = gather(
        CartLine.objects.filter(cart=cart), CheckoutAttempt.objects.filter(cart=cart, order=None)
    )
    put(cart, "lines", lines)
    return attempts


@transaction.atomic
def keep(attempt: CheckoutAttempt, **told: Any) -> None:
    """入力を残す: what one step has told, beside what the others have. An attempt that is over takes nothing."""
    row = CheckoutAttempt.objects.select_for_update().filter(pk=attempt.pk, order=None).first()
    if row is not None:
        row.data = {**row.data, **told}
        row.save(update_fields=["data"])
        attempt.data = row.data


def buyer_address(attempt: CheckoutAttempt) -> Address:
    return Address(**attempt.data.get("buyer", {}))


def ship_to(attempt: CheckoutAttempt) -> Address:
    """お届け先: the buyer's own address unless another was told."""
    return Address(**(attempt.data.get("ship_to") or attempt.data.get("buyer", {})))


def kept_address(address: Address) -> dict[str, str]:
    return asdict(address)


def wish_of(attempt: CheckoutAttempt, buyer: Buyer | None) -> Wish:
    """What was told so far, as the quote asks for it."""
    data = attempt.data
    day = data.get("delivery_on") or ""
    return Wish(
        to=ship_to(attempt), email=buyer_address(attempt).email, payment=data.get("payment", ""),
        delivery_on=date.fromisoformat(day) if day else None, delivery_slot=data.get("delivery_slot", ""),
        points_yen=int(data.get("points_yen") or 0), member_id=buyer.member_id if buyer else None,
        customer_id=buyer.customer_id if buyer else None,
    )  # fmt: skip


def quote_of(cart: Cart, attempt: CheckoutAttempt, buyer: Buyer | None, *, now: datetime) -> Quote:
    """見積 of the cart with what was told so far."""
    return reckon(cart, wish_of(attempt, buyer), now=now)


def next_step(attempt: CheckoutAttempt) -> str:
    """The URL name of the first step that is not told yet."""
    if not attempt.data.get("buyer"):
        return "shop:checkout_address"
    if not attempt.data.get("payment"):
        return "shop:checkout_delivery"
    return "shop:checkout_confirm"


def terms() -> CheckoutTerms:
    """購入手続きの文, as delivered while nobody has written the shop's own."""
    from akinai.shop.usual import TERMS

    return paying.decided()[1] or CheckoutTerms(pk=1, **TERMS)
