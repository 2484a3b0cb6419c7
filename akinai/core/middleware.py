"""Refusals become messages (業務上の拒否の見せ方), so that views need no `try`."""

from __future__ import annotations

import json
from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme

from akinai.core.errors import DomainError


class RefusalMiddleware:
    """A DomainError from a view: htmx gets 409 with a toast, a plain form goes back with a message."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if not isinstance(error, DomainError):
            return None
        if request.headers.get("HX-Request") == "true":
            one = {"level": "error", "message": error.message, "way_out": error.way_out}
            trigger = json.dumps({"toast": {"messages": [one]}})
            return HttpResponse(status=409, headers={"HX-Trigger": trigger, "HX-Reswap": "none"})
        messages.error(request, f"{error.message}{error.way_out}")
        return HttpResponseRedirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page the person came from when it is ours, else the first screen."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "/office/"
