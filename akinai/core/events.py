"""Facts announced upward (出来事): a row in the outbox, written in the transaction, handled after commit.

A handler runs in its own transaction, in the process that committed; when that process died, the worker finds the
row later (`drain`). So a handler may run twice and must be safe to.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.db import models, transaction

from akinai.core import clock

log = logging.getLogger("akinai.events")
Handler = Callable[..., None]
_handlers: dict[str, list[Handler]] = defaultdict(list)

MAX_TRIES = 8


def on(name: str) -> Callable[[Handler], Handler]:
    """Decorator: call this function with the payload as keywords whenever `name` was announced."""

    def add(handler: Handler) -> Handler:
        _handlers[name].append(handler)
        return handler

    return add


def emit(name: str, **payload: Any) -> None:
    """Announce a fact (JSON values only). Nothing is written when nobody listens."""
    from akinai.core.models import Event

    if not _handlers.get(name):
        return
    event = Event.objects.create(name=name, payload=payload)
    transaction.on_commit(lambda: _handle(event.pk), robust=True)


def _handle(pk: int) -> bool:
    """Handle one event unless another process has it. True when it is done."""
    from akinai.core.models import Event

    try:
        with transaction.atomic():
            event = Event.objects.select_for_update(skip_locked=True).filter(pk=pk, handled_at=None).first()
            if event is None:
                return False
            for handler in _handlers.get(event.name, []):
                handler(**event.payload)
            Event.objects.filter(pk=pk).update(handled_at=clock.now())
    except Exception as error:
        log.exception("event %s failed", pk)
        tries = models.F("tries") + 1
        Event.objects.filter(pk=pk).update(tries=tries, last_error=type(error).__name__[:200])
        return False
    return True


def drain(*, older_than: timedelta = timedelta(0), limit: int = 1000) -> int:
    """Handle what is left over. Returns how many were handled. Safe to run in several processes."""
    from akinai.core.models import Event

    done = 0
    due = Event.objects.filter(handled_at=None, tries__lt=MAX_TRIES, created_at__lte=clock.now() - older_than)
    for pk in list(due.order_by("id").values_list("pk", flat=True)[:limit]):
        done += _handle(pk)
    return done
