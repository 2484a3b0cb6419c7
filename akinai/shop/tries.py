"""回数の上限: how often somebody may try a password or have a mail sent. Only fingerprints are kept.

One statement counts and decides, so that many tries at one moment are counted one by one.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from akinai.core import clock
from akinai.shop.models import MemberTry

WINDOW = timedelta(minutes=15)
HOUR = timedelta(hours=1)

TAKE = """
INSERT INTO shop_membertry AS t (key, since, count) VALUES (%(key)s, %(now)s, 1)
ON CONFLICT (key) DO UPDATE SET
  count = CASE WHEN t.since <= %(before)s THEN 1 ELSE t.count + 1 END,
  since = CASE WHEN t.since <= %(before)s THEN %(now)s ELSE t.since END
RETURNING count
"""


def may_try(what: str, *, limit: int, window: timedelta = WINDOW) -> bool:
    """Count this try. False when there were more than `limit` of them within the window."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(TAKE, {"key": _digest(what), "now": now, "before": now - window})
        count: int = cursor.fetchone()[0]
    return count <= limit


def forget(what: str) -> None:
    """It went well: the next tries count from the beginning."""
    MemberTry.objects.filter(key=_digest(what)).delete()


def forget_old() -> int:
    """Counters of yesterday."""
    return MemberTry.objects.filter(since__lt=clock.now() - timedelta(days=1)).delete()[0]


def address_of(request: HttpRequest) -> str:
    """The network address that asks."""
    return str(request.META.get("REMOTE_ADDR", ""))


def _digest(text: str) -> str:
    return hashlib.sha256(f"{settings.SECRET_KEY}{text}".encode()).hexdigest()
