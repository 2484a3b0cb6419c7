"""Who may open a screen (画面の権限). Every office view wears one of these."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import Resolver404, resolve

if TYPE_CHECKING:
    from akinai.staff.models import Staff

type View = Callable[..., HttpResponseBase]


def refuse_stranger(request: HttpRequest, permission: str | None) -> HttpResponseBase | None:
    """The way to the login page for visitors, None for those who may enter. Raises PermissionDenied (403) else."""
    user = request.user
    if not user.is_authenticated:
        return _to_login(request)
    if permission and not user.has_perm(permission):
        raise PermissionDenied("この画面は、あなたの担当では開けません。")
    return None


def may_open(person: Any, url: str) -> bool:
    """May this person open the page at `url`? For links from a room that does not know who looks at them."""
    try:
        view = resolve(urlsplit(url).path).func
    except Resolver404:
        return False
    permission = getattr(getattr(view, "view_class", view), "permission", None)
    return permission is None or person.has_perm(permission)


def office(permission: str | None) -> Callable[[View], View]:
    """管理画面: log in first; without `permission` the person gets the 403 page. None = any logged-in staff."""

    def decorate(view: View) -> View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            return refuse_stranger(request, permission) or view(request, *args, **kwargs)

        guarded.permission = permission  # type: ignore[attr-defined]
        return guarded

    return decorate


def office_post(permission: str | None) -> Callable[[View], View]:
    """`office` for changes: answers POST only; a person who opens its address otherwise gets the 405 page."""

    def decorate(view: View) -> View:
        @wraps(view)
        def posted(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if request.method == "POST":
                return view(request, *args, **kwargs)
            refused = render(request, "405.html", status=405)
            refused.headers["Allow"] = "POST"
            return refused

        return office(permission)(posted)

    return decorate


def clerk(request: HttpRequest) -> Staff:
    """The person at the keyboard, for `by=`. Only inside guarded views, where nobody is anonymous."""
    return cast("Staff", request.user)


def _page(request: HttpRequest) -> str:
    """The page to come back to. What was posted is not sent again: there, the page with the button."""
    if request.method in ("GET", "HEAD"):
        return request.get_full_path()
    referer = urlsplit(request.headers.get("Referer", ""))
    if referer.netloc != request.get_host():
        return "/office/"
    return f"{referer.path}?{referer.query}" if referer.query else referer.path


def _to_login(request: HttpRequest) -> HttpResponseBase:
    """Login, then back. A lost session inside an htmx request reloads the whole page, not the part."""
    if request.headers.get("HX-Request") != "true":
        return redirect_to_login(_page(request))
    current = urlsplit(request.headers.get("HX-Current-URL", ""))
    response = redirect_to_login(f"{current.path}?{current.query}" if current.query else current.path or "/")
    target = response.url
    response = type(response)(target)
    response.status_code = 204
    response["HX-Redirect"] = target
    return response
