"""操作のあと: what was done or why not is said on the page the person comes back to."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from akinai.core.errors import DomainError

type Done = Callable[[HttpRequest, str, Callable[[], Any], str], HttpResponse]


def done_at(page: str) -> Done:
    """How a plain act of this page is done: (request, number, act, what is said when it is done) → back to the page."""

    def done(request: HttpRequest, number: str, act: Callable[[], Any], word: str) -> HttpResponse:
        try:
            act()
        except DomainError as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, word)
        return redirect(page, number)

    return done
