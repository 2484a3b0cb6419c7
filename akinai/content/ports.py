"""What the storefront's frame asks of the rooms above it (店舗の枠): how many pieces lie in the cart, and who is logged in."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from akinai.core.errors import DomainError

log = logging.getLogger("akinai.content")


@dataclass(frozen=True, slots=True)
class Visitor:
    """来店者 as the header shows them: pieces in the cart, and the member's name ("" for a guest)."""

    cart_pieces: int = 0
    member_name: str = ""


type Visitors = Callable[[HttpRequest], Visitor]
_visitors: list[Visitors] = []


def keep_visitors(answer: Visitors) -> None:
    """The room of the shop says who is looking (called from its AppConfig.ready)."""
    _visitors[:] = [answer]


def visitor(request: HttpRequest) -> Visitor:
    """Who is looking; a guest with an empty cart where no room keeps carts."""
    return _visitors[0](request) if _visitors else Visitor()


@dataclass(frozen=True, slots=True)
class Person:
    """会員 who is logged in. `key` names the person wherever one may act once: "c" and the customer's id."""

    key: str
    customer_id: int | None
    name: str


type Persons = Callable[[HttpRequest], Person | None]
_persons: list[Persons] = []


def keep_persons(answer: Persons) -> None:
    """The room of the members says who is logged in (called from its AppConfig.ready)."""
    _persons[:] = [answer]


def person_of(request: HttpRequest) -> Person | None:
    """The member who looks; None for a guest, and where no room keeps members."""
    return _persons[0](request) if _persons else None


type Gifts = Callable[[str, str, int | None], str]
_gifts: list[Gifts] = []


def keep_gifts(give: Gifts) -> None:
    """Whoever keeps coupons gives a code of one for a fact: (coupon, key of the fact, customer) → the code."""
    _gifts[:] = [give]


def give_coupon(coupon: str, key: str, customer_id: int | None) -> str:
    """お礼のクーポン: its code; "" where none is named, none can be given (over, stopped), or no room keeps any.

    `key` names the fact ("survey:12:c345"): the same again gets the same code.
    """
    if not coupon or not _gifts:
        return ""
    try:
        return _gifts[0](coupon, key, customer_id)
    except DomainError:
        log.warning("a thank-you coupon could not be given")
        return ""


type GiftChoices = Callable[[], list[tuple[str, str]]]
_gift_choices: list[GiftChoices] = []


def keep_gift_choices(told: GiftChoices) -> None:
    """Whoever keeps coupons says which can be given now: (code, name and worth)."""
    _gift_choices[:] = [told]


def gift_choices() -> list[tuple[str, str]]:
    """Coupons that can be given to somebody now; none where no room keeps any."""
    return _gift_choices[0]() if _gift_choices else []


type Consents = Callable[[str], bool]
_consents: list[Consents] = []


def keep_consents(agrees: Consents) -> None:
    """The room of the members says whether this mail address wants to be asked (依頼メール)."""
    _consents[:] = [agrees]


def may_ask(mail: str) -> bool:
    """May we write to this address to ask for an answer or a review? A buyer who never said no may be asked."""
    return _consents[0](mail) if _consents else True


# カート → the key by which the pages seen before an order are told from others; "" without a cart. No query.
type CartKeys = Callable[[HttpRequest], str]
_cart_keys: list[CartKeys] = []


def keep_cart_keys(answer: CartKeys) -> None:
    """The room of the shop says which cart a browser has (called from its AppConfig.ready)."""
    _cart_keys[:] = [answer]


def cart_key(request: HttpRequest) -> str:
    return _cart_keys[0](request) if _cart_keys else ""


type Segments = Callable[[HttpRequest], frozenset[str]]
_segments: list[Segments] = []
GUEST = frozenset({"guest", "first"})


def keep_segments(answer: Segments) -> None:
    """The room of the members says of which kinds a visitor is: guest, member, first, repeat, valued."""
    _segments[:] = [answer]


def segments(request: HttpRequest) -> frozenset[str]:
    """The kinds of this visitor; by the member's name alone where no room knows more."""
    if _segments:
        return _segments[0](request)
    return frozenset({"member"}) if visitor(request).member_name else GUEST


# 宛先 → what stands below the letter to each of them: how to be left alone.
type Audience = Callable[[], Mapping[str, str]]
_audiences: dict[str, tuple[str, Audience, bool]] = {}


def keep_audience(key: str, title: str, addresses: Audience, *, has_link: bool = False) -> None:
    """宛先 of a release's mail: a room says who wants to hear of news (members who agreed), and the foot of each letter.

    `has_link`: the foot leads to a page of the shop, so nobody is written to while the shop has no public address.
    """
    _audiences[key] = (title, addresses, has_link)


def audiences() -> list[tuple[str, str]]:
    """(key, title) of every 宛先."""
    return [(key, title) for key, (title, _, _) in _audiences.items()]


def addresses_of(key: str) -> Mapping[str, str]:
    """Mail addresses of a 宛先, each with the foot of its letter; none for one that no room keeps any more."""
    return _audiences[key][1]() if key in _audiences else {}


def lacks_public_address(key: str) -> bool:
    """Is this 宛先 empty only because the shop has no public address yet?"""
    return key in _audiences and _audiences[key][2] and not settings.PUBLIC_URL
