"""受信: new mails of the mailboxes and of the drop folder. The place in the box is written with the mail, in one transaction."""

from __future__ import annotations

import hashlib
import logging
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import InterfaceError, OperationalError, transaction
from django.db.models import F, Q

from akinai.core import clock
from akinai.core.errors import DomainError
from akinai.support import ports
from akinai.support.models import MailReceipt, MailSource
from akinai.support.services import mailboxes, receiving
from akinai.support.states import ReceiptOutcome

if TYPE_CHECKING:
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.mail")
DROP = "mail-in"  # below the home
FROM_FOLDER = "受け皿フォルダー"
FROM_UPLOAD = "アップロード"
FAULT = "受け取りの途中で失敗しました。内容を確かめて、問い合わせにしてください。"
WORTH_A_WARNING = 3  # failures one after another


def poll() -> int:
    """受信する: all mailboxes in use, then the drop folder. Out: how many mails came. A box that fails stops no other."""
    came = 0
    for source in MailSource.objects.filter(is_active=True).order_by("pk"):
        came += poll_one(source)
    return came + poll_folder()


def poll_one(source: MailSource) -> int:
    """One mailbox. What goes wrong stands on the box, in Japanese; what came before stays."""
    came, begin = 0, ports.Place(source.uid_validity, source.last_uid)
    try:
        for place, raw in ports.mailboxes().fetch_new(mailboxes.box_of(source), begin):
            if not _take(source, place, raw):
                return came  # the box was changed or stopped meanwhile
            came += 1
    except DomainError as error:
        _note(source, error=str(error))
        return came
    _note(source)
    return came


def _take(source: MailSource, place: ports.Place, raw: bytes) -> bool:
    """The mail and the place behind it, both or neither. False when the box is not the same any more."""
    own = MailSource.objects.filter(
        pk=source.pk, is_active=True, host=source.host, user=source.user, folder=source.folder
    )
    with transaction.atomic():
        if not own.select_for_update(no_key=True).exists():
            return False
        take_in(raw, source.name, channel_id=source.channel_id)
        # Another poll may be ahead of us: the place never goes back.
        own.filter(~Q(uid_validity=place.uid_validity) | Q(last_uid__lt=place.last_uid)).update(
            uid_validity=place.uid_validity, last_uid=place.last_uid, taken_at=clock.now()
        )
    return True


def _note(source: MailSource, *, error: str = "") -> None:
    failures = F("failures") + 1 if error else 0
    MailSource.objects.filter(pk=source.pk).update(
        checked_at=clock.now(), last_error=error[:300], failures=failures
    )


def drop_folder() -> Path:
    """受け皿フォルダー of this home, for nobody else to read."""
    folder = Path(settings.AKINAI_HOME) / DROP
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def poll_folder() -> int:
    """The .eml files somebody put into the home: each is put away when its mail is in the database, never before."""
    came = 0
    for file in ports.mailboxes().claim(drop_folder()):
        receipt = take_in(file.raw, FROM_FOLDER)
        if receipt.outcome == ReceiptOutcome.REFUSED:
            file.refuse(receipt.why)
        else:
            file.done()
        came += 1
    return came


def take_in(
    raw: bytes, came_from: str, *, channel_id: int | None = None, by: Staff | None = None
) -> MailReceipt:
    """One mail, whatever it is. A mail that our own fault cannot take stands in the list with its bytes, and stops no other."""
    try:
        with transaction.atomic():
            return receiving.receive(replace(ports.read(raw, came_from), channel_id=channel_id), by=by)
    except (OperationalError, InterfaceError):
        raise  # the database is away: the mail stays where it is and comes again
    except Exception as error:
        # Its words could tell of the customer, so only its kind goes into the log.
        log.error("mail %s was not taken in: %s", hashlib.sha256(raw).hexdigest()[:12], type(error).__name__)
        return receiving.set_aside(raw, came_from, why=FAULT)
