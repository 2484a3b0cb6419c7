"""Large exports (大きな書き出し): asked for, made by a worker, kept for some days, thrown away.

A worker that dies leaves the export open; the job is run again and writes the file anew. Two workers on one export
meet at an advisory lock, which goes with the connection of the one that held it.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, connection, models, transaction
from django.db.models.functions import Greatest
from django.utils import translation
from procrastinate.exceptions import AlreadyEnqueued

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.ui.exports import making, store
from akinai.ui.models import Export

if TYPE_CHECKING:
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.exports")
KEPT_DAYS = 7
_LOCK = 5_001  # first half of the advisory lock; the second is the export's key
UNEXPECTED = (
    "想定していない問題が起きました。「もう一度作る」を試し、続くときはシステム担当者に伝えてください。"
)


@dataclass(frozen=True, slots=True)
class Wish:
    """What the person sees on the screen: the list by its address, the columns, the kind of file."""

    title: str
    address: str
    columns: tuple[str, ...]
    kind: str
    rows: int
    note: str = ""


@transaction.atomic
def ask(wish: Wish, *, by: Staff) -> Export:
    """Note the wish and queue it. The same wish asked again while it is open gets the export that is there."""
    told = {"title": wish.title, "note": wish.note, "total": wish.rows, "columns": list(wish.columns)}
    same = {
        "owner": by,
        "kind": wish.kind,
        "digest": store.digest([wish.address, wish.kind, *wish.columns]),
    }
    try:
        with transaction.atomic():
            export = Export.objects.create(**same, **told, address=wish.address)
    except IntegrityError:
        return Export.objects.filter(**same).latest("pk")
    _queue(export)
    return export


def make_again(export: Export, *, by: Staff | None) -> None:
    """もう一度作る: the list as it is now. Raises DomainError while the file is being made or once asked for anew."""
    over = Export.objects.filter(pk=export.pk, state__in=[Export.State.FINISHED, Export.State.FAILED])
    anew = {"state": Export.State.WAITING, "done": 0, "reason": "", "finished_at": None, "expires_at": None}
    try:
        with transaction.atomic():
            if not over.update(**anew, created_at=clock.now()):
                raise DomainError("いま作っています。", way_out="できるまで待ってください。")
            _queue(export)
    except IntegrityError:
        raise DomainError(
            "同じ内容の書き出しを、いま作っています。", way_out="できるまで待ってください。"
        ) from None


def discard(export: Export, *, by: Staff | None) -> None:
    """削除: the row and its file. One that is being made stops at its next note of progress."""
    Export.objects.filter(pk=export.pk).delete()
    store.forget(export.pk)


def forget_expired(now: datetime) -> int:
    """Throw away what is past its days, and what never came to an end; returns how many."""
    old = models.Q(expires_at__lte=now) | models.Q(
        expires_at=None, created_at__lte=now - timedelta(days=KEPT_DAYS)
    )
    gone = list(Export.objects.filter(old).values_list("pk", flat=True))
    Export.objects.filter(pk__in=gone).delete()
    for pk in gone:
        store.forget(pk)
    return len(gone)


def make(pk: int) -> None:
    """Write the file of one export. Does nothing when it is over, gone, or in the hands of another worker."""
    with _alone(pk) as is_mine:
        export = _taken(pk) if is_mine else None
        if export is None:
            return
        try:
            with translation.override("ja"):
                size = making.write(export, note=lambda done: _note(pk, done))
        except making.Discarded:
            store.forget(pk)
        except Exception as error:
            _fail(pk, error)
        else:
            _finish(pk, size)


def _queue(export: Export) -> None:
    from akinai.ui.tasks import make_export

    # A job that is in the queue already will find the export open.
    with suppress(AlreadyEnqueued), transaction.atomic():
        make_export.configure(queueing_lock=f"export-{export.pk}").defer(pk=export.pk)


def _taken(pk: int) -> Export | None:
    open_one = Export.objects.filter(pk=pk, state__in=Export.OPEN)
    if not open_one.update(state=Export.State.RUNNING, done=0):
        return None
    return open_one.select_related("owner").first()


def _note(pk: int, done: int) -> None:
    """Raises Discarded when the owner has thrown it away meanwhile."""
    running = Export.objects.filter(pk=pk, state=Export.State.RUNNING)
    if not running.update(done=done, total=Greatest("total", done)):
        raise making.Discarded


def _finish(pk: int, size: int) -> None:
    now = clock.now()
    told: dict[str, Any] = {"size": size, "finished_at": now, "expires_at": now + timedelta(days=KEPT_DAYS)}
    running = Export.objects.filter(pk=pk, state=Export.State.RUNNING)
    if not running.update(state=Export.State.FINISHED, total=models.F("done"), **told):
        store.forget(pk)


def _fail(pk: int, error: Exception) -> None:
    store.forget(pk)
    if isinstance(error, DomainError):
        reason = f"{error.message}{error.way_out}"
    else:
        log.exception("export %s failed", pk)
        reason = UNEXPECTED
    running = Export.objects.filter(pk=pk, state=Export.State.RUNNING)
    running.update(state=Export.State.FAILED, reason=reason, finished_at=clock.now())


@contextmanager
def _alone(pk: int) -> Iterator[bool]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s, %s)", [_LOCK, pk])
        is_mine = bool(cursor.fetchone()[0])
    try:
        yield is_mine
    finally:
        if is_mine:
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_unlock(%s, %s)", [_LOCK, pk])
