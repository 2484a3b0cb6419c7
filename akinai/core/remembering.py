"""一度だけ読む: what the shop has decided (its name, its fees, its days) is asked once for a page, however many parts need it.

Only while a page is read (GET): an act that writes asks each time.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, cast

from django.http import HttpRequest, HttpResponseBase

_memory: ContextVar[dict[Hashable, Any] | None] = ContextVar("remembered", default=None)


@contextmanager
def remembering() -> Iterator[None]:
    """Within it each `once` loads once."""
    token = _memory.set({})
    try:
        yield
    finally:
        _memory.reset(token)


def once[T](key: Hashable, load: Callable[[], T]) -> T:
    """What `load` says, asked once for a page; every time where nothing is remembered."""
    memory = _memory.get()
    if memory is None:
        return load()
    if key not in memory:
        memory[key] = load()
    return cast(T, memory[key])


class RememberingMiddleware:
    """Pages that are read remember; whatever posts does not."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return self.get_response(request)
        with remembering():
            return self.get_response(request)
