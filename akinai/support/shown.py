"""答えを見せた来店: a browser that was shown answers keeps a number drawn by chance for a day, signed; it names nobody and only counts."""

from __future__ import annotations

import secrets
from collections.abc import Iterable

from django.http import HttpRequest, HttpResponse

from akinai.support.queries.knowledge import Answer
from akinai.support.services import deflection
from akinai.support.states import HitKind

NAME, SALT, AGE = "answers", "akinai.support.answers", 24 * 60 * 60


def visit_of(request: HttpRequest) -> str:
    """The number of this visit by its cookie, "" when there is none or it is not ours."""
    return str(request.get_signed_cookie(NAME, default="", salt=SALT, max_age=AGE) or "")[:32]


def keep_visit(request: HttpRequest, response: HttpResponse, visit: str) -> None:
    """The number lives a day from now."""
    response.set_signed_cookie(
        NAME, visit, salt=SALT, max_age=AGE, httponly=True, samesite="Lax", secure=request.is_secure()
    )


def new_visit() -> str:
    """A number drawn by chance."""
    return secrets.token_hex(16)


def is_counted(request: HttpRequest) -> bool:
    """Staff who look at their own shop, and who does not want to be counted, are not."""
    refuses = request.headers.get("DNT") == "1" or request.headers.get("Sec-GPC") == "1"
    return not refuses and not request.user.is_authenticated


def note_shown(request: HttpRequest, response: HttpResponse, found: Iterable[Answer]) -> None:
    """These answers were shown to this visit."""
    ids = [one.article_id for one in found if one.article_id]
    if ids and is_counted(request):
        visit = visit_of(request) or new_visit()
        deflection.note(ids, HitKind.SHOWN, place="form", visit=visit)
        keep_visit(request, response, visit)


def note_asked(request: HttpRequest) -> None:
    """He wrote to us all the same."""
    if visit := visit_of(request):
        deflection.note_asked(visit)
