"""見た人を知らせる: who opened a mail, or took a list of people out. The room of customers listens; the cellar knows no customers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol

from django.db.models import QuerySet
from django.http import HttpRequest

from akinai.core.models import OutgoingMail


class Watcher(Protocol):
    """Told before the page is drawn or the file is made."""

    def mail_opened(self, request: HttpRequest, mail: OutgoingMail) -> None: ...

    def exported(self, request: HttpRequest, title: str, rows: QuerySet[Any]) -> None: ...


_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Called from an AppConfig.ready."""
    _watchers.append(watcher)


def tell(act: Callable[[Watcher], None]) -> None:
    for watcher in _watchers:
        act(watcher)
