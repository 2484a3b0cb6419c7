"""見つからないページと故障: in the shop's look for its visitors, in the office's for staff."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views import defaults

OFFICE = ("/office/", "/cms/", "/accounts/", "/api/")


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    """404."""
    if request.path_info.startswith(OFFICE):
        return defaults.page_not_found(request, exception)
    told = str(exception) if exception.args and isinstance(exception.args[0], str) else ""
    return render(request, "storefront/404.html", {"told": told}, status=404)


def failed(request: HttpRequest) -> HttpResponse:
    """500: asks nothing of the database, which may be what failed."""
    if request.path_info.startswith(OFFICE):
        return defaults.server_error(request)
    return defaults.server_error(request, "storefront/500.html")
