"""販売の条件 as the promises of the shop tell them: the ways of paying that are offered, and the texts of the checkout."""

from __future__ import annotations

from dataclasses import dataclass

from akinai.orders.payment_methods import METHODS, PaymentKind, ShipsWhen
from akinai.payments import services as payments
from akinai.shop.paying import TITLES, WITH_DOOR, ways
from akinai.shop.services import checkout


@dataclass(frozen=True, slots=True)
class Conditions:
    """販売の条件. `payments`: (way, when and how, fee in yen) of each that is offered."""

    payments: tuple[tuple[str, str, int], ...] = ()
    delivery: str = ""
    cancel: str = ""
    returns: str = ""
    application: str = ""
    pay_within_days: int | None = None


def conditions() -> Conditions:
    """The conditions in force. A way whose provider is not in use is not told, as it is not offered."""
    doors = set(payments.kinds_in_use())
    offered = [one for one in ways() if one.kind not in WITH_DOOR or one.kind in doors]
    prepaid = [METHODS[PaymentKind(one.kind)] for one in offered if METHODS[PaymentKind(one.kind)].ships_when is ShipsWhen.PAID]  # fmt: skip
    terms = checkout.terms()
    return Conditions(
        payments=tuple((TITLES[PaymentKind(one.kind)], one.text, one.fee_yen) for one in offered),
        delivery=terms.delivery_text, cancel=terms.cancel_text, returns=terms.returns_text, application=terms.application_text,
        pay_within_days=min((one.pay_within_days for one in prepaid if one.pay_within_days), default=None),
    )  # fmt: skip
