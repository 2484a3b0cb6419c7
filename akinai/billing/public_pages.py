"""公開ページの入口: who may open a page by its link. Several rooms have such pages; all of them are guarded here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from akinai.billing import links
from akinai.core import tries
from akinai.party import queries as party


class Closed(Exception):
    """開けない: what the page says instead, what to do about it, and the HTTP status."""

    def __init__(self, title: str, text: str, status: int) -> None:
        super().__init__(title)
        self.title, self.text, self.status = title, text, status


BROKEN = ("このリンクは使えません。", "メールのリンクが途中で切れていないか、お確かめください。", 404)


def by_link[T](
    find: Callable[[str], T | None], *, closed_page: str = "billing/public_closed.html"
) -> Callable[[Callable[[HttpRequest, str, T], HttpResponse]], Callable[[HttpRequest, str], HttpResponse]]:
    """Let in who has a link, so many times in ten minutes; nothing of it is cached, indexed or told to other sites.

    `find`: token → what the link is for, None where it is no link of ours; it may raise Closed, and so may the page.
    `closed_page`: the template that says so, in the look of the room whose page it is.
    """

    def guard(
        page: Callable[[HttpRequest, str, T], HttpResponse],
    ) -> Callable[[HttpRequest, str], HttpResponse]:
        @wraps(page)
        def guarded(request: HttpRequest, token: str) -> HttpResponse:
            try:
                response = page(request, token, _found(request, token))
            except Closed as closed:
                response = _shown(request, closed, closed_page)
            response.headers["Cache-Control"] = "no-store"
            response.headers["Referrer-Policy"] = "same-origin"
            response.headers["X-Robots-Tag"] = "noindex"
            return response

        return guarded

    def _found(request: HttpRequest, token: str) -> T:
        if not links.may_enter(token, tries.address_of(request)):
            raise Closed("しばらくしてから開いてください。", "短い時間に何度も開かれました。", 429)
        found = find(token)
        if found is None:
            raise Closed(*BROKEN)
        return found

    return guard


def _shown(request: HttpRequest, closed: Closed, template: str) -> HttpResponse:
    context = {
        "closed_title": closed.title, "closed_text": closed.text, "shop": party.issuer_of(party.company()),
    }  # fmt: skip
    return render(request, template, context, status=closed.status)
