"""決済会社からの知らせ: verified over the raw bytes, taken in once, handled afterwards and again until it is done.

The row is the receipt: it stands before the provider is told "200", and what it means is done in a transaction of its own.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from datetime import timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F

from akinai.core import activity, clock
from akinai.core.errors import DomainError
from akinai.payments.models import WebhookEvent
from akinai.payments.provider_ports import PROVIDERS, BadNotice, Notice
from akinai.payments.services import heard
from akinai.payments.services.doors import TWIN, in_use
from akinai.payments.states import EventState

if TYPE_CHECKING:
    from akinai.payments.models import PaymentRequest
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.payments")
WAIT_MINUTES = (1, 2, 5, 15, 30, 60, 180, 360)
MAX_TRIES = len(WAIT_MINUTES) + 1


class NoSuchDoor(Exception):
    """No provider listens at this address."""


def receive_webhook(code: str, body: bytes, headers: Mapping[str, str]) -> bool:
    """Take in one notice. Out: is it new. Raises NoSuchDoor, BadSignature, BadNotice; then nothing was written.

    The same notice again, a hundred times at once, is taken in once: the UNIQUE number decides.
    """
    door = PROVIDERS.get(code)
    if door is None or not door.is_ready or (code == TWIN and door not in in_use()):
        raise NoSuchDoor(code)
    event = door.safe(door.verify(body, headers, now=clock.now()))
    told = door.notice(event)
    with transaction.atomic():
        row = _row(code, told, event)
        is_new = not WebhookEvent.objects.filter(provider=code, event_id=told.event_id).exists()
        WebhookEvent.objects.bulk_create([row], ignore_conflicts=True)
        if is_new:
            transaction.on_commit(lambda: handle_named(code, told.event_id), robust=True)
    return is_new


def _row(code: str, told: Notice, event: Mapping[str, object]) -> WebhookEvent:
    return WebhookEvent(
        provider=code, event_id=told.event_id, type=told.type[:100], is_live=told.is_live, created_at=told.created,
        object_id=told.object_id, is_final=told.is_final, payload=dict(event),
    )  # fmt: skip


def handle_named(code: str, event_id: str) -> bool:
    """Handle the notice with this number."""
    pk = WebhookEvent.objects.filter(provider=code, event_id=event_id).values_list("pk", flat=True).first()
    return pk is not None and handle_webhook(pk)


def handle_webhook(pk: int) -> bool:
    """Do what the notice says, unless another process does. True when it needs nothing more by itself."""
    request: PaymentRequest | None = None
    try:
        with transaction.atomic():
            row = _locked(pk)
            if row is None:
                return False
            told = PROVIDERS[row.provider].notice(row.payload)
            try:
                request = heard.request_of(row.provider, told)
                said = heard.hear(row.provider, request, told)
                _close(pk, EventState.HANDLED, said, request)
            except heard.NotForUs as reason:
                _close(pk, EventState.IGNORED, str(reason), request)
    except (heard.NeedsPerson, DomainError, BadNotice, KeyError) as reason:
        log.warning("webhook %s needs a person", pk)
        _close(pk, EventState.FAILED, str(reason) or "読めない知らせです。", request)
    except Exception as error:
        log.exception("webhook %s failed", pk)
        _again(pk, error)
        return False
    return True


def _locked(pk: int) -> WebhookEvent | None:
    waiting = WebhookEvent.objects.select_for_update(skip_locked=True, of=("self",))
    return waiting.filter(pk=pk, state=EventState.RECEIVED).first()


def _close(pk: int, state: EventState, said: str, request: PaymentRequest | None) -> None:
    WebhookEvent.objects.filter(pk=pk, state=EventState.RECEIVED).update(
        state=state, error=said[:300], handled_at=clock.now(), tries=F("tries") + 1, request=request
    )


def _again(pk: int, error: Exception) -> None:
    """Something unexpected: once more after a while, and at last a person. Its words stay in the log."""
    tries = WebhookEvent.objects.filter(pk=pk).values_list("tries", flat=True).first() or 0
    over = tries + 1 >= MAX_TRIES
    WebhookEvent.objects.filter(pk=pk, state=EventState.RECEIVED).update(
        tries=F("tries") + 1, error=type(error).__name__[:300], state=EventState.FAILED if over else EventState.RECEIVED,
        next_at=clock.now() + timedelta(minutes=WAIT_MINUTES[min(tries, len(WAIT_MINUTES) - 1)]),
    )  # fmt: skip


def handle_webhooks(*, limit: int = 500) -> int:
    """知らせの続き: what was taken in and not handled. Oldest first; safe in several processes. Out: how many."""
    due = WebhookEvent.objects.filter(state=EventState.RECEIVED, next_at__lte=clock.now()).order_by(
        "created_at", "pk"
    )
    return sum(handle_webhook(pk) for pk in list(due.values_list("pk", flat=True)[:limit]))


@transaction.atomic
def retry_webhook(event: WebhookEvent, *, by: Staff | None) -> None:
    """もう一度処理する, after its cause was put right."""
    failed = WebhookEvent.objects.filter(pk=event.pk, state=EventState.FAILED)
    if not failed.update(state=EventState.RECEIVED, next_at=clock.now(), tries=0, error=""):
        raise DomainError("この知らせは、確認を待っていません。", way_out="画面を開き直してください。")
    activity.record(event, "retry_webhook", by=by, summary=event.type)
    transaction.on_commit(lambda: handle_webhook(event.pk), robust=True)


@transaction.atomic
def settle_webhook(event: WebhookEvent, *, note: str, by: Staff | None) -> None:
    """確認済みにする: a person has seen to it and says how."""
    if not note.strip():
        raise DomainError("どう対応したかがありません。", way_out="対応した内容を書いてください。")
    failed = WebhookEvent.objects.filter(pk=event.pk, state=EventState.FAILED)
    if not failed.update(
        state=EventState.IGNORED, error=f"確認済: {note.strip()}"[:300], handled_at=clock.now()
    ):
        raise DomainError("この知らせは、確認を待っていません。", way_out="画面を開き直してください。")
    activity.record(event, "settle_webhook", by=by, summary=note.strip()[:500])
