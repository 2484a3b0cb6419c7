"""見つからないページと故障: in the shop's look for its visitors, in the office's for staff."""

from __future__ import annotations

from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults
from wagtail.models import Page

from akinai.content.surroundings import public

OFFICE = ("/office/", "/cms/", "/accounts/", "/api/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if request.path_info.startswith(OFFICE):
        return defaults.page_not_found(request, exception)
    told = str(exception) if exception.args and isinstance(exception.args[0], str) else ""
    ended = _ended(request)
    context = {"told": ended.told if ended else told, "onward": ended.onward if ended else None}
    return render(request, "storefront/404.html", context, status=410 if ended and ended.is_for_good else 404)


@dataclass(frozen=True, slots=True)
class Ended:
    """公開を終えたページ. `onward`: the list it stood in; `is_for_good`: it left at the end that was set for it."""

    told: str
    onward: Page | None
    is_for_good: bool


def _ended(request: HttpRequest) -> Ended | None:
    """What stood at this address of the tree and was public once; a draft that nobody has read is not spoken of."""
    match = request.resolver_match
    home = Page.objects.filter(depth=2).first() if match and match.view_name == "wagtail_serve" else None
    if home is None:
        return None
    path = f"{home.url_path.rstrip('/')}/{request.path_info.strip('/')}/"
    page = Page.objects.filter(url_path=path, live=False, first_published_at__isnull=False).first()
    if page is None:
        return None
    above = public(Page.objects.filter(path=page.path[: -Page.steplen], live=True, depth__gt=2)).first()
    return Ended("このページの掲載は終わりました。", above, page.expired)


def failed(request: HttpRequest) -> HttpResponse:
    """500: asks nothing of the database, which may be what failed."""
    if request.path_info.startswith(OFFICE):
        return defaults.server_error(request)
    return defaults.server_error(request, "storefront/500.html")
