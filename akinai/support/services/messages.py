"""やり取りを書く: rows that stay, with their files."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from django.conf import settings

from akinai.core import clock, paper_store
from akinai.support import ports
from akinai.support.models import Message, MessageFile, Ticket
from akinai.support.ports import ArrivedFile
from akinai.support.states import Direction, FileState

if TYPE_CHECKING:
    from akinai.staff.models import Staff

MOST_BYTES = 25 * 1024 * 1024
SUFFIX = ".bin"
# What can be opened without danger to the reader; anything else is listed with the reason and not kept.
KEPT = (
    "image/", "text/plain", "text/csv", "application/pdf", "video/", "audio/", "message/rfc822", "application/zip",
    "application/vnd.openxmlformats-officedocument", "application/msword", "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint", "application/json", "text/calendar", "text/vcard", "text/x-vcard", "application/pgp-signature",
    "application/pkcs7-signature", "application/x-pkcs7-signature",
)  # fmt: skip
DANGEROUS = (
    ".exe", ".scr", ".com", ".bat", ".cmd", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".wsh", ".ps1", ".msi", ".lnk", ".hta",
    ".jar", ".iso", ".img", ".html", ".htm", ".svg", ".docm", ".xlsm", ".pptm", ".one", ".chm", ".cpl", ".reg", ".apk",
)  # fmt: skip
# By the bytes: what runs when it is opened, under whatever name it comes.
RUNS = frozenset(
    {"application/vnd.microsoft.portable-executable", "application/x-elf", "application/java-vm", "text/x-script",
     "application/x-ms-shortcut", "application/vnd.ms-htmlhelp", "application/vnd.ms-cab-compressed", "text/html", "image/svg+xml"}
)  # fmt: skip
CONTAINERS = frozenset(
    {"application/zip", "application/x-ole-storage", "application/pgp", "application/ogg"}
)  # the label may say more of these
SHOWN_BY_BROWSERS = ("image/", "application/pdf")
SOME = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class NewMessage:
    """新しいやり取り."""

    direction: Direction
    text: str
    sender: str = ""
    recipient: str = ""
    subject: str = ""
    quoted_from: int | None = None
    html: str = ""
    raw_digest: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: str = ""
    doubts: Sequence[str] = ()
    mail_key: str = ""
    files: Sequence[ArrivedFile] = ()
    at: datetime | None = None
    data: Mapping[str, Any] = field(default_factory=dict)
    act_key: str = ""


def add(ticket: Ticket, new: NewMessage, *, by: Staff | None) -> Message:
    """One row of the thread and its files. Runs in the caller's transaction."""
    message = Message.objects.create(
        ticket=ticket, direction=new.direction, at=new.at or clock.now(), by=by, sender=new.sender[:300],
        recipient=new.recipient[:300], subject=new.subject[:300], text=new.text, quoted_from=new.quoted_from,
        html_digest=paper_store.keep(new.html.encode(), ".html") if new.html else "", raw_digest=new.raw_digest,
        message_id=new.message_id[:998], in_reply_to=new.in_reply_to[:998], references=new.references,
        doubts=list(new.doubts), mail_key=new.mail_key, data=dict(new.data), act_key=new.act_key,
    )  # fmt: skip
    MessageFile.objects.bulk_create([_file(message, one) for one in new.files])
    return message


def hear(ticket: Ticket, text: str, *, sender: str, files: Sequence[ArrivedFile] = ()) -> Message:
    """What a customer told by another way than mail. It bears a Message-ID of ours: an answer to our thanks for it finds it."""
    told = NewMessage(
        Direction.IN, text.strip(), sender=sender, message_id=new_message_id(ticket.number), files=files
    )
    message = add(ticket, told, by=None)
    Ticket.objects.filter(pk=ticket.pk).update(last_in_at=message.at)
    return message


def new_message_id(number: str) -> str:
    """A Message-ID of our own domain, which nobody can guess."""
    domain = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"
    return f"<{number.lower()}.{uuid4().hex}@{domain}>"


def mime_of(file: ArrivedFile) -> str:
    """種類 by the bytes, whatever the label says. A picture or PDF that is none by its bytes is only some file."""
    found, told = ports.sniffed(file.data), file.mime.lower()
    if found and not (found in CONTAINERS and told.startswith(KEPT)):
        return found
    return SOME if not found and told.startswith(SHOWN_BY_BROWSERS) else told


def why_refused(file: ArrivedFile) -> str:
    """Why this attachment is not kept, in Japanese; "" when it is. The bytes decide, not the name or the label."""
    if file.refused:
        return file.refused
    if len(file.data) > MOST_BYTES:
        return "大きすぎます（25MB まで）。"
    if why := why_not_opened(file):
        return f"{why}元のメールには残っています。"
    return ""


def why_not_opened(file: ArrivedFile) -> str:
    """Why nobody ought to open it, whichever way it came; "" when there is no reason."""
    found = mime_of(file)
    if file.name.lower().endswith(DANGEROUS) or found in RUNS:
        return "開くと危ない形式です（プログラムやスクリプト）。"
    if found != SOME and not found.startswith(KEPT):
        return f"受け取らない形式です（{found[:60]}）。"
    return ""


def _file(message: Message, file: ArrivedFile) -> MessageFile:
    why = why_refused(file)
    digest = hashlib.sha256(file.data).hexdigest() if why else paper_store.keep(file.data, SUFFIX)
    return MessageFile(
        message=message, name=file.name[:255] or "名前なし", mime=mime_of(file)[:100], size=len(file.data), digest=digest,
        state=FileState.REFUSED if why else FileState.KEPT, why=why[:200],
    )  # fmt: skip
