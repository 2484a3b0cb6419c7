"""回答者: who answers, so that each answers once. A member, the buyer of an order by the link in a mail, or a visitor by a signed cookie.

A member and the same customer's link have one key ("c" and the customer's id), so nobody answers twice by two ways.
"""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse

from akinai.content import ports
from akinai.orders import queries as orders

SALT = "akinai.content.link"
COOKIE, COOKIE_SALT = "s_voice", "akinai.content.visitor"
VALID = timedelta(days=120)
YEAR = 365 * 24 * 60 * 60


@dataclass(frozen=True, slots=True)
class Who:
    """`key` decides: c123 a customer, o45 an order without one, a… a visitor, t7 a trial of the staff, "" nobody yet."""

    key: str = ""
    customer_id: int | None = None
    order_id: int | None = None
    is_member: bool = False
    is_trial: bool = False


def token_for(order_id: int, about: str) -> str:
    """The secret part of a link in a mail. `about`: what it opens ("survey:7", "reviews")."""
    return signing.dumps([order_id, about], salt=SALT)


def by_token(token: str, about: str) -> Who | None:
    """The buyer a link was made for; None for another link, a broken one, or one whose days are over."""
    try:
        order_id, opens = signing.loads(token, salt=SALT, max_age=VALID)
    except (signing.BadSignature, ValueError):
        return None
    return of_order(int(order_id)) if opens == about else None


def of_order(order_id: int) -> Who:
    """The buyer of an order."""
    customer = next(iter(orders.customer_ids([order_id])), None)
    return Who(f"c{customer}" if customer else f"o{order_id}", customer, order_id)


def member(request: HttpRequest) -> Who | None:
    """The member who is logged in."""
    person = ports.person_of(request)
    return Who(person.key, person.customer_id, is_member=True) if person else None


def visitor(request: HttpRequest) -> Who:
    """Somebody of whom we know nothing: the key of the cookie, "" before anything was answered."""
    key = request.get_signed_cookie(COOKIE, default="", salt=COOKIE_SALT)
    return Who(key if isinstance(key, str) and key.startswith("a") else "")


def new_visitor() -> Who:
    return Who(f"a{secrets.token_urlsafe(18)}")


def remember(response: HttpResponse, who: Who) -> None:
    """Give a visitor the cookie that says it is the same one."""
    if who.key.startswith("a"):
        response.set_signed_cookie(
            COOKIE, who.key, salt=COOKIE_SALT, max_age=YEAR, httponly=True, samesite="Lax",
            secure=not settings.DEBUG and settings.SESSION_COOKIE_SECURE,
        )  # fmt: skip
