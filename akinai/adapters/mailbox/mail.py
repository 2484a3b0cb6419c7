"""What the door hands over (届いたメール): frozen values, no database. Offsets count characters of `Mail.text`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

MOST_BYTES = 25 * 1024 * 1024
MOST_DEPTH = 20
MOST_PARTS = 200
MOST_HEAD = 1024 * 1024
MOST_FIELDS = 5000
MOST_TEXT = 500_000  # characters shown; all of a longer text is kept as an attachment
MOST_HTML = 2_000_000


class Kind(StrEnum):
    """種類: who wrote it. Only PERSON waits for an answer; to none of the others may anything be answered by itself."""

    PERSON = "person"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    MAILING_LIST = "mailing_list"
    LOOP = "loop"

    @property
    def label(self) -> str:
        return KIND_LABELS[self]


KIND_LABELS = {
    Kind.PERSON: "人からのメール",
    Kind.AUTO_REPLY: "自動応答",
    Kind.BOUNCE: "不達の知らせ",
    Kind.MAILING_LIST: "メーリングリスト・配信",
    Kind.LOOP: "自分のメールの戻り",
}


class Code(StrEnum):
    """Why a mail is refused."""

    EMPTY = "empty"
    NOT_A_MAIL = "not_a_mail"
    OTHER_FORM = "other_form"  # a mail, but kept in a way that is not .eml
    TOO_LARGE = "too_large"
    TOO_DEEP = "too_deep"
    TOO_MANY_PARTS = "too_many_parts"
    UNREADABLE = (
        "unreadable"  # a fault of ours; the bytes are kept, and the tests know no mail that comes to this
    )


@dataclass(frozen=True, slots=True)
class Address:
    """One mailbox: `address` as written, `name` decoded ("" when there is none)."""

    address: str
    name: str = ""

    @property
    def folded(self) -> str:
        """For comparing: addresses differ in case without meaning it."""
        return self.address.lower()


@dataclass(frozen=True, slots=True)
class Attachment:
    """添付 1 件. `declared` is what the mail calls it, `sniffed` what the bytes are ("" when they tell nothing)."""

    name: str
    declared: str
    sniffed: str
    data: bytes
    digest: str
    is_inline: bool = False
    content_id: str = ""

    @property
    def size(self) -> int:
        return len(self.data)

    @property
    def mime(self) -> str:
        """What to believe: the bytes before the label."""
        return self.sniffed or self.declared


@dataclass(frozen=True, slots=True)
class Bounced:
    """不達の宛先 1 件. `why` is for people, `said` the server's own words; a delay (`is_final` False) may still arrive.

    `message_id` and `mail_no` are of the mail that came back: its Message-ID and the number in X-Akinai-Mail.
    """

    address: str
    code: str
    why: str
    said: str = ""
    is_final: bool = True
    message_id: str = ""
    mail_no: int | None = None


@dataclass(frozen=True, slots=True)
class Mail:
    """届いたメール 1 通. All text is clean Unicode: LF line ends, no NUL, no control characters, no lone surrogates.

    `ticket_numbers`: those of our own Message-IDs in the thread first, then subject and text. Anybody can write a number, so
    a ticket is joined only when the sender is one of its people too.
    """

    digest: str
    size: int
    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    sender: Address | None
    reply_to: tuple[Address, ...]
    to: tuple[Address, ...]
    cc: tuple[Address, ...]
    subject: str
    ticket_numbers: tuple[str, ...]
    order_numbers: tuple[str, ...]
    sent_at: datetime | None
    text: str
    html: str
    quoted_from: int | None
    signature_from: int | None
    attachments: tuple[Attachment, ...]
    kind: Kind
    why_kind: str
    bounced: tuple[Bounced, ...]
    mall: str
    doubts: tuple[str, ...]

    @property
    def own_text(self) -> str:
        """What the writer wrote now: without the quoted part and the signature."""
        ends = [at for at in (self.quoted_from, self.signature_from) if at is not None]
        return self.text[: min(ends)].rstrip() if ends else self.text.rstrip()

    @property
    def answer_to(self) -> Address | None:
        """Whom an answer goes to: Reply-To before From."""
        return self.reply_to[0] if self.reply_to else self.sender


@dataclass(frozen=True, slots=True)
class Refusal:
    """読めないメール: kept as a file under its digest, and shown to a person with the reason."""

    digest: str
    size: int
    code: Code
    reason: str
