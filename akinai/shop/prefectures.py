"""来店者のお届け先: for which prefecture delivery and charge are told. A cookie with its number, nothing else."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from akinai.core.postal import PREFECTURES

COOKIE = "to"
YEAR = 365 * 24 * 60 * 60


def prefecture_of(request: HttpRequest, own: str) -> str:
    """What was just chosen (`?to=`), else the cookie, else the shop's own prefecture."""
    chosen = request.GET.get("to", "")
    if chosen in PREFECTURES:
        return chosen
    kept = request.COOKIES.get(COOKIE, "")
    if kept.isascii() and kept.isdecimal() and 1 <= int(kept[:3]) <= len(PREFECTURES):
        return PREFECTURES[int(kept[:3]) - 1]
    return own if own in PREFECTURES else "東京都"


def remember_prefecture(request: HttpRequest, response: HttpResponse) -> None:
    """Keep what was chosen."""
    chosen = request.GET.get("to", "")
    if chosen in PREFECTURES:
        number = str(PREFECTURES.index(chosen) + 1)
        secure = bool(getattr(settings, "SESSION_COOKIE_SECURE", False))
        response.set_cookie(COOKIE, number, max_age=YEAR, samesite="Lax", httponly=True, secure=secure)
