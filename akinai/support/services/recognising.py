"""お客様の判定: clues from the address, phones and order numbers of a letter, and the orders it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from akinai.core.kana import search_key
from akinai.orders import queries as orders
from akinai.party import queries as party
from akinai.support.rules.numbers import order_numbers, phone_digits, phones
from akinai.support.rules.recognition import Clue, Guess, guesses

if TYPE_CHECKING:
    from akinai.orders.models import Order
    from akinai.party.models import Customer


@dataclass(frozen=True, slots=True)
class Recognised:
    """判定: candidates, the best first, and the orders whose numbers were written."""

    guesses: tuple[Guess, ...]
    orders: tuple[Order, ...]

    @property
    def customer_id(self) -> int | None:
        """The customer, when it is certain."""
        return self.guesses[0].customer_id if self.guesses and self.guesses[0].is_certain else None

    @property
    def reason(self) -> str:
        """Why, in words."""
        return "・".join(self.guesses[0].reasons) if self.guesses else ""

    @property
    def own_orders(self) -> list[Order]:
        """Those of the named orders that are the recognised customer's: nobody is shown another one's order."""
        return [order for order in self.orders if order.customer_id and order.customer_id == self.customer_id]


def recognise(*, mail: str = "", phone: str = "", name: str = "", text: str = "") -> Recognised:
    """Who wrote, and about what. A constant number of queries."""
    named = orders.named(order_numbers(text)) if text else []
    clues = [*_by_mail(mail), *_by_phone([phone, *phones(text)], name), *_by_orders(named, mail, name)]
    return Recognised(tuple(guesses(clues)), tuple(named))


def _by_mail(mail: str) -> list[Clue]:
    found = party.customer_id_by_mail(mail) if mail else None
    return [Clue(found, "mail")] if found else []


def _by_phone(told: Sequence[str], name: str) -> list[Clue]:
    clues = []
    for digits in dict.fromkeys(phone_digits(one) for one in told if one):
        if len(digits) < 10:
            continue
        for customer in with_phone(digits):
            clues.append(Clue(customer.pk, "phone"))
            if name and _same(name, customer.name, customer.kana):
                clues.append(Clue(customer.pk, "name"))
    return clues


def with_phone(digits: str) -> list[Customer]:
    """Customers whose own number this is, however it was written. `digits` as `phone_digits` gives them."""
    return [one for one in party.find_customers(digits, limit=3) if phone_digits(one.phone) == digits]


def _by_orders(named: Sequence[Order], mail: str, name: str) -> list[Clue]:
    clues = []
    for order in named:
        if not order.customer_id:
            continue
        same_mail = bool(mail) and order.buyer_email.casefold() == mail.casefold()
        clues.append(Clue(order.customer_id, "order_mail" if same_mail else "order"))
        if name and _same(name, order.buyer_name, order.buyer_kana):
            clues.append(Clue(order.customer_id, "name"))
    return clues


def _same(name: str, *known: str) -> bool:
    key = search_key(name)
    return bool(key) and key in {search_key(one) for one in known if one}
