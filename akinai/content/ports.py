"""What the storefront's frame asks of the rooms above it (店舗の枠): how many pieces lie in the cart, and who is logged in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.http import HttpRequest


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
