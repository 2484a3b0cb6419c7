"""まだのお支払い: what a buyer reads and where he goes while his order waits for the money."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.urls import reverse

from akinai.orders.payment_methods import PaymentKind
from akinai.orders.states import UNPAID, OrderState
from akinai.party import queries as party
from akinai.payments import queries as payments
from akinai.payments.services import path_of
from akinai.shop import mails, paying
from akinai.shop.models import CheckoutAttempt
from akinai.shop.order_words import OURS

if TYPE_CHECKING:
    from akinai.orders.models import Order


@dataclass(frozen=True, slots=True)
class HowToPay:
    """お支払いのご案内. `url`: where the payment goes on, "" where there is no such page."""

    words: str
    bank_text: str = ""
    url: str = ""


def how_to_pay(order: Order) -> HowToPay | None:
    """None when nothing is to be paid now."""
    if (
        order.channel.kind not in OURS
        or order.state == OrderState.CANCELLED
        or not order.owed_yen
        or order.payment_settled
    ):
        return None
    if order.payment == PaymentKind.BANK_TRANSFER:
        return HowToPay(mails.paying_in_words(order), party.company().bank_text)
    if order.state not in UNPAID:
        return None
    url = _link(order) if order.payment in paying.WITH_DOOR else ""
    return HowToPay(mails.paying_in_words(order), url=url)


def _link(order: Order) -> str:
    """Back to the end of its checkout; of a turn of a 定期便 whose card did not give the money the page of its 決済."""
    if attempt := CheckoutAttempt.objects.filter(order=order).first():
        return reverse("shop:checkout_done", args=[attempt.token])
    open_one = next(
        (one for one in payments.requests_of(order.pk) if one.door and one.state == "requested"), None
    )
    return path_of(open_one.number) if open_one else ""
