"""カートのクッキー: which cart is this browser's, and how many pieces lie in it. Signed; nothing personal stands in it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest, HttpResponseBase

NAME, SALT = "cart", "akinai.shop.cart"
DAYS = 60
AGE = timedelta(days=DAYS)


@dataclass(frozen=True, slots=True)
class Kept:
    """What the cookie says."""

    token: uuid.UUID
    pieces: int


def read(request: HttpRequest) -> Kept | None:
    """The cookie of this browser; None without one, after 60 days, and for one that is not ours."""
    text = request.get_signed_cookie(NAME, default="", salt=SALT, max_age=AGE)
    token, _, pieces = (text or "").partition(".")
    try:
        return Kept(uuid.UUID(token), int(pieces))
    except ValueError:
        return None


def keep(response: HttpResponseBase, token: uuid.UUID, pieces: int, *, secure: bool) -> None:
    """Set the cookie anew."""
    response.set_signed_cookie(
        NAME, f"{token.hex}.{pieces}", salt=SALT, max_age=AGE, httponly=True, samesite="Lax", secure=secure
    )
