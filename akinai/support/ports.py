"""What comes to サポート from outside, as the doors tell it: the adapters read files and mailboxes, the room keeps them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class Kind(StrEnum):
    """届いたメールの性質."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    LIST = "mailing_list"
    LOOP = "loop"


@dataclass(frozen=True, slots=True)
class ArrivedFile:
    """添付 of an arrived mail. `refused` is why it is not kept, "" when it is."""

    name: str
    mime: str
    data: bytes
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Arrival:
    """届いたメール, read. `raw` is the mail as it came; `refused` says why it could not be read, and then the rest is empty."""

    raw: bytes
    came_from: str  # name of the mailbox, or of the file
    kind: Kind = Kind.PERSON
    refused: str = ""
    message_id: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    sender_address: str = ""
    sender_name: str = ""
    reply_to: str = ""
    recipients: Sequence[str] = ()
    subject: str = ""
    sent_at: datetime | None = None
    text: str = ""
    html: str = ""
    quoted_from: int | None = None
    ticket_numbers: Sequence[str] = ()
    bounced: Sequence[tuple[str, str]] = ()  # (address, what the server said)
    doubts: Sequence[str] = ()
    files: Sequence[ArrivedFile] = ()
    channel_id: int | None = None
    is_masked: bool = False  # the address is the mall's stand-in for the customer's
    facts: Mapping[str, str] = field(default_factory=dict)


Reader = Callable[[bytes, str], Arrival]
_readers: list[Reader] = []


def fill_reader(read: Reader) -> None:
    """The door that reads mails (called from its AppConfig.ready)."""
    _readers[:] = [read]


def read(raw: bytes, came_from: str) -> Arrival:
    """届いたメールを読む: never raises, whatever the bytes; what cannot be read says why in `refused`."""
    if not _readers:
        return Arrival(raw, came_from, refused="メールを読む部品がありません。")
    return _readers[0](raw, came_from)
