"""戻り道: a page that sent somebody to another room's page, offered on every page until he is back.

Rooms reach each other by addresses and know nothing of who sent whom; the way back stands in the session.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from django.http import HttpRequest

from akinai.core import clock

KEY = "trail"
LASTS = timedelta(hours=2)


@dataclass(frozen=True, slots=True)
class Trail:
    """戻る先."""

    label: str
    url: str


def begin(request: HttpRequest, *, label: str, url: str) -> None:
    """Somebody leaves `url` for an errand elsewhere; a later errand takes the place of the first."""
    request.session[KEY] = {"label": label[:80], "url": url, "until": (clock.now() + LASTS).timestamp()}


def end(request: HttpRequest) -> None:
    """He is back, or wants no way back."""
    if request.session.get(KEY):
        del request.session[KEY]


def of(request: HttpRequest) -> Trail | None:
    """The way back; None on the page itself, and hours later."""
    kept = getattr(request, "session", {}).get(KEY)
    if not kept or kept["until"] < clock.now().timestamp() or kept["url"] == request.path:
        return None
    return Trail(kept["label"], kept["url"])
