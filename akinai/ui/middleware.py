"""What every answer of the office goes through: its language, and messages into toasts (通知)."""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest, HttpResponseBase
from django.utils import translation

from akinai.ui.toast import toast


class LanguageMiddleware:
    """Japanese, unless the person chose otherwise.

    Not what the browser asks for: an English browser in a Japanese shop would show half a page in each language.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        chosen = request.COOKIES.get("lang", "")
        with translation.override(chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE):
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
        return response


class ToastMiddleware:
    """Takes the pending messages of an htmx request into its answer, unless that answer leads to another page."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if request.headers.get("HX-Request") != "true" or _leads_away(response):
            return response
        for message in get_messages(request):
            toast(response, str(message), level=message.level_tag or "info")
        return response


def _leads_away(response: HttpResponseBase) -> bool:
    return 300 <= response.status_code < 400 or any(
        name in response.headers for name in ("HX-Redirect", "HX-Refresh", "HX-Location")
    )
