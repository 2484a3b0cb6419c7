"""Refusals become messages (業務上の拒否の見せ方), so that views need no `try`."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable

from django.contrib import messages
from django.core.exceptions import BadRequest
from django.db import DatabaseError, DataError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from psycopg import errors

from akinai.core.errors import ChangedMeanwhile, DomainError, spoken_by_database

log = logging.getLogger("akinai.refusals")


class RefusalMiddleware:
    """A DomainError from a view: htmx gets 409 with a toast, a plain form goes back with a message."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        # No paper has a number with a NUL in it, and the database would not even look.
        if "\0" in request.path_info:
            raise Http404("そのページはありません。")
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponseBase | None:
        if isinstance(error, OperationalError) and isinstance(error.__cause__, MET_OTHERS):
            log.warning("%s met other work: %s", request.path, type(error.__cause__).__name__)
            error = _met_others()
        if isinstance(error, (ValueError, DataError)) and _sent_nul(request):
            raise BadRequest("送られた内容に読めない文字があります。") from error
        if isinstance(error, DatabaseError):
            error = spoken_by_database(error) or error
        if not isinstance(error, DomainError):
            return None
        if request.headers.get("HX-Request") == "true":
            one = {"level": "error", "message": error.message, "way_out": error.way_out}
            trigger = json.dumps({"toast": {"messages": [one]}})
            return HttpResponse(status=409, headers={"HX-Trigger": trigger, "HX-Reswap": "none"})
        messages.error(request, f"{error.message}{error.way_out}")
        return HttpResponseRedirect(_back(request))


# Two acts waited for each other in a ring and the database ended one of them.
MET_OTHERS = (errors.DeadlockDetected, errors.SerializationFailure, errors.LockNotAvailable)


def _met_others() -> ChangedMeanwhile:
    return ChangedMeanwhile(
        "ほかの操作と同時になり、何も変わっていません。", way_out="もう一度操作してください。"
    )


def _sent_nul(request: HttpRequest) -> bool:
    """No keyboard writes a NUL, and no text in the database can hold one."""
    sent = (text for query in (request.GET, request.POST) for _, texts in query.lists() for text in texts)
    return any("\0" in text for text in sent)


def _back(request: HttpRequest) -> str:
    """The page the person came from when it is ours, else the first screen."""
    page = request.headers.get("Referer", "")
    is_ours = url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure())
    return page if is_ours else "/office/"
