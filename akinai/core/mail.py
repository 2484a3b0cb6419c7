"""Outgoing mail (送信メール): queued in the transaction that needs it, sent after commit, never twice.

`key` names the business fact ("shipped:SH-2026-000123"), so asking twice queues once.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import models, transaction

from akinai.core import clock, events
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.core.models import OutgoingMail

log = logging.getLogger("akinai.mail")
MAX_TRIES = 6


def enqueue(
    *,
    to: str,
    subject: str,
    body: str,
    key: str,
    reply_to: str = "",
    attachments: Sequence[tuple[str, Path]] = (),
) -> OutgoingMail:
    """Queue one mail; the same `key` again returns the first one. Raises DomainError for header injection."""
    from akinai.core.models import OutgoingMail

    if any("\n" in text or "\r" in text for text in (to, subject, reply_to)):
        raise DomainError(
            "メールの宛先または件名に改行が入っています。", way_out="改行を取り除いてください。"
        )
    mail, _ = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "to": to,
            "subject": subject,
            "body": body,
            "reply_to": reply_to,
            "attachments": [[name, str(path)] for name, path in attachments],
        },
    )
    return mail


def tried(prefix: str) -> int:
    """How many mails whose key begins with `prefix` have left or were given up."""
    from akinai.core.models import OutgoingMail

    return (
        OutgoingMail.objects.filter(key__startswith=prefix).exclude(state=OutgoingMail.State.QUEUED).count()
    )


def send_due(*, limit: int = 200) -> int:
    """Send what is queued, oldest first. Returns how many left. Several processes may run it."""
    from akinai.core.models import OutgoingMail

    sent = 0
    now = clock.now()
    due = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, not_before__lte=now)
    for pk in list(due.order_by("id").values_list("pk", flat=True)[:limit]):
        sent += _send_one(pk)
    return sent


def _send_one(pk: int) -> bool:
    """The row stays locked while the mail server is asked, so two senders never send one mail twice."""
    from akinai.core.models import OutgoingMail

    with transaction.atomic():
        mail = (
            OutgoingMail.objects.select_for_update(skip_locked=True)
            .filter(pk=pk, state=OutgoingMail.State.QUEUED)
            .first()
        )
        if mail is None:
            return False
        try:
            message = EmailMessage(
                subject=mail.subject,
                body=mail.body,
                from_email=settings.DEFAULT_FROM_EMAIL,
                to=[mail.to],
                reply_to=[mail.reply_to] if mail.reply_to else None,
            )
            for name, path in mail.attachments:
                message.attach(name, Path(path).read_bytes())
            message.send()
        except Exception as error:
            log.warning("mail %s failed: %s", pk, type(error).__name__)
            failed = mail.tries + 1 >= MAX_TRIES
            OutgoingMail.objects.filter(pk=pk).update(
                tries=models.F("tries") + 1,
                last_error=str(error)[:300],
                state=OutgoingMail.State.FAILED if failed else OutgoingMail.State.QUEUED,
                not_before=clock.now() + timedelta(minutes=2**mail.tries),
            )
            return False
        now = clock.now()
        OutgoingMail.objects.filter(pk=pk).update(state=OutgoingMail.State.SENT, sent_at=now)
        events.emit("mail.sent", key=mail.key, to=mail.to, at=now.isoformat())
    return True
