"""What comes to サポート from outside, as the doors tell it: the adapters read files and mailboxes, the room keeps them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol

from akinai.core.errors import DomainError


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
class Returned:
    """不達の宛先 1 件. `message_id` and `mail_no` are of our letter that came back, where the notice names it."""

    address: str
    why: str
    code: str = ""
    message_id: str = ""
    mail_no: int | None = None


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
    bounced: Sequence[Returned] = ()
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


Sniffer = Callable[[bytes], str]
_sniffers: list[Sniffer] = []


def fill_sniffer(sniff: Sniffer) -> None:
    """The door that tells what a file is by its bytes (called from its AppConfig.ready)."""
    _sniffers[:] = [sniff]


def sniffed(data: bytes) -> str:
    """中身による種類: a MIME type where the bytes are certain of it, "" elsewhere."""
    return _sniffers[0](data) if _sniffers else ""


@dataclass(frozen=True, slots=True)
class Box:
    """受信箱 as the door opens it. The password is not shown in any repr."""

    host: str
    port: int
    security: str
    user: str
    password: str = field(repr=False)
    folder: str = "INBOX"
    after: str = "leave"
    move_to: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where reading stands: UIDVALIDITY and the last UID."""

    uid_validity: int = 0
    last_uid: int = 0


@dataclass(frozen=True, slots=True)
class Looked:
    """接続の確認: how many mails there are, where the newest is, and the folders."""

    mails: int
    newest: Place
    folders: Sequence[str]


class Dropped(Protocol):
    """A file of the drop folder that is ours now."""

    @property
    def name(self) -> str: ...
    @property
    def raw(self) -> bytes: ...
    def done(self) -> Path: ...
    def refuse(self, reason: str) -> Path: ...


class Mailboxes(Protocol):
    """Where mails come from. Raises DomainError with the way out."""

    def look(self, box: Box) -> Looked: ...
    def fetch_new(self, box: Box, since: Place) -> Iterator[tuple[Place, bytes]]: ...
    def claim(self, folder: Path) -> Iterator[Dropped]: ...


_mailboxes: list[Mailboxes] = []


def fill_mailboxes(doors: Mailboxes) -> None:
    """The door to mailboxes and the drop folder (called from its AppConfig.ready)."""
    _mailboxes[:] = [doors]


def mailboxes() -> Mailboxes:
    """Raises DomainError when there is no such door."""
    if not _mailboxes:
        raise DomainError("メールを受信する部品がありません。", way_out="システム担当者に伝えてください。")
    return _mailboxes[0]


@dataclass(frozen=True, slots=True)
class Answered:
    """The words that are answered: what the customer wrote last. Message-IDs stand in angle brackets."""

    subject: str = ""
    message_id: str = ""
    references: Sequence[str] = ()
    sender_name: str = ""
    sender_address: str = ""
    at: datetime | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Composed:
    """返信 as it leaves: the body with signature and quotation, and the head's fields of the thread."""

    body: str
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class MallRule:
    """モールの隠しアドレス: what the mall asks of a letter to it. `refusal` is why it cannot leave from here, "" when it can."""

    title: str
    warning: str
    refusal: str = ""
    way_out: str = ""


class Letters(Protocol):
    """How letters are written so that the answer finds its thread, and where the malls let them go."""

    def compose(
        self, words: str, *, answered: Answered, ticket: str, signature: str, quotes: bool
    ) -> Composed: ...
    def subject(self, told: str, *, ticket: str) -> str: ...
    def mall_rule(self, address: str) -> MallRule | None: ...


_letters: list[Letters] = []


def fill_letters(door: Letters) -> None:
    """The door that composes letters (called from its AppConfig.ready)."""
    _letters[:] = [door]


def letters() -> Letters:
    """Raises DomainError when there is no such door."""
    if not _letters:
        raise DomainError("メールを書く部品がありません。", way_out="システム担当者に伝えてください。")
    return _letters[0]
