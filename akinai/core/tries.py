"""回数の上限: how often somebody may try a password, look for an order, write to us. Only fingerprints are kept.

One statement counts and decides, so that many tries at one moment are counted one by one, over all processes.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from akinai.core import clock
from akinai.core.models import Try

QUARTER = timedelta(minutes=15)
WINDOW = timedelta(minutes=10)
HOUR = timedelta(hours=1)
KEPT = timedelta(days=1)

TAKE = """
INSERT INTO core_try AS t (key, since, count) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN t.since <= %(before)s THEN 1 ELSE t.count + 1 END,
  since = CASE WHEN t.since <= %(before)s THEN %(now)s ELSE t.since END
RETURNING count
"""


def count(what: str, *, window: timedelta = WINDOW) -> int:
    """数える: how often `what` was tried within the window that its first try opened, this time with it."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": _digest(what), "now": now, "before": now - window})
        found: int = cursor.fetchone()[0]
    if found == 1:  # somebody new: a good moment to forget the old ones
        Try.objects.filter(since__lt=now - KEPT).delete()
    return found


def may_try(what: str, *, limit: int, window: timedelta = QUARTER) -> bool:
    """Count this try. False when there were more than `limit` of them within the window."""
    return count(what, window=window) <= limit


def forget(what: str) -> None:
    """It went well: the next tries count from the beginning."""
    Try.objects.filter(key=_digest(what)).delete()


def address_of(request: HttpRequest) -> str:
    """The network address that asks; of visitors behind a proxy that we trust, their own (`core.proxies`)."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _digest(text: str) -> str:
    """Nobody reads an address back from it without the shop's key."""
    return hashlib.sha256(f"{settings.SECRET_KEY}{text}".encode()).hexdigest()
