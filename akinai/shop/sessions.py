"""会員のログイン: a cookie of its own, so that a member's login never opens a screen of the office nor a clerk's the my page.

The cookie holds a secret and the database its fingerprint; each login makes a new one.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.csrf import rotate_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from akinai.core import clock
from akinai.shop.models import Member, MemberSession

COOKIE = "member"
AGE = timedelta(days=30)
type AtLogin = Callable[[HttpRequest, HttpResponseBase, Member], None]
_at_login: list[AtLogin] = []


def at_login(act: AtLogin) -> None:
    """Something else happens when a member logs in: his cart takes in what he chose as a guest (called from AppConfig.ready)."""
    if act not in _at_login:
        _at_login.append(act)


def member_of(request: HttpRequest) -> Member | None:
    """会員 at this browser; None for a guest. One query, asked once per request, none without the cookie."""
    if not hasattr(request, "_member"):
        request._member = _found(request.COOKIES.get(COOKIE, ""))  # type: ignore[attr-defined]
    found: Member | None = request._member  # type: ignore[attr-defined]
    return found


def _found(secret: str) -> Member | None:
    if not secret:
        return None
    rows = MemberSession.objects.filter(
        digest=_digest(secret), ends_at__gt=clock.now(), member__withdrawn_at=None
    )
    session = rows.select_related("member__joined").first()
    return (session.member.joined or session.member) if session else None


def begin(request: HttpRequest, response: HttpResponseBase, member: Member) -> None:
    """ログインする: a new secret, the old one of this browser is worth nothing any more."""
    _end(request)
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    MemberSession.objects.create(digest=_digest(secret), member=member, began_at=now, ends_at=now + AGE)
    Member.objects.filter(pk=member.pk).update(last_login_at=now)
    response.set_cookie(
        COOKIE, secret, max_age=AGE, httponly=True, samesite="Lax", secure=request.is_secure()
    )
    rotate_token(request)
    request._member = member.joined or member  # type: ignore[attr-defined]
    for act in _at_login:
        act(request, response, member.joined or member)


def end(request: HttpRequest, response: HttpResponseBase) -> None:
    """ログアウト of this browser."""
    _end(request)
    response.delete_cookie(COOKIE, samesite="Lax")
    rotate_token(request)
    request._member = None  # type: ignore[attr-defined]


def end_others(request: HttpRequest, member: Member) -> None:
    """Log the member out everywhere but here."""
    own = _digest(request.COOKIES.get(COOKIE, ""))
    MemberSession.objects.filter(member=member).exclude(digest=own).delete()


def forget_old() -> int:
    """Logins that are over."""
    return MemberSession.objects.filter(ends_at__lt=clock.now()).delete()[0]


def _end(request: HttpRequest) -> None:
    if secret := request.COOKIES.get(COOKIE, ""):
        MemberSession.objects.filter(digest=_digest(secret)).delete()


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def safe_next(request: HttpRequest, wanted: str) -> str:
    """Where to go after logging in: a page of the shop, else my page."""
    is_ours = url_has_allowed_host_and_scheme(wanted, None, request.is_secure())
    return wanted[:300] if is_ours and wanted.startswith("/") else reverse("shop:mypage")


type MemberView = Callable[..., HttpResponseBase]


def members_only(view: MemberView) -> Callable[..., HttpResponseBase]:
    """マイページ: a guest logs in first and comes back. The view gets the member; nothing of it is cached or indexed."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        member = member_of(request)
        if member is None:
            return _to_login(request)
        return private(view(request, member, *args, **kwargs))

    return guarded


def private[R: HttpResponseBase](response: R) -> R:
    """Nobody keeps a copy of this page."""
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers["X-Robots-Tag"] = "noindex"
    return response


def _to_login(request: HttpRequest) -> HttpResponse:
    """Login, then the page. What was posted is not sent again: there, the page with the button."""
    page = request.get_full_path()
    if request.method not in ("GET", "HEAD"):
        came_from = urlsplit(request.headers.get("Referer", ""))
        page = came_from.path if came_from.netloc == request.get_host() else reverse("shop:mypage")
    return redirect(f"{reverse('shop:login')}?{urlencode({'next': page})}")
