"""返信を組み立てる: what an answer carries so that every mail program, and our own door, puts it into the same thread.

    out = compose(words, original=Original.of(mail), ticket="TK-2026-000123", domain="shop.example.jp", signature=…)
    out.subject, out.body, out.headers        → the outbox; a `Message-ID` is made once and kept with the message

Pure text: sending is `core.mail`'s. Our Message-IDs begin with the ticket, so that an answer finds its ticket
also where the customer's program lost the mark in the subject, and a mail of ours that comes back is known as a loop.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from akinai.adapters.mailbox import clean, numbers
from akinai.adapters.mailbox.envelope import TOKYO
from akinai.adapters.mailbox.mail import Kind, Mail

ANSWERS = re.compile(
    r"\s*(?:re|ＲＥ|Ｒｅ|aw|sv|antw|返信|回答)\s*(?:[\[(^]?\d{1,3}[\])]?)?\s*[:：]", re.IGNORECASE
)
ID = re.compile(r"[^\s<>()\[\],;:\"\\@]{1,200}@[^\s<>()\[\],;:\"\\@]{1,100}")
DAYS = "月火水木金土日"
MOST_REFERENCES = 20  # the first, which began the thread, and the newest
MOST_SUBJECT = 150
MOST_QUOTED = 200  # lines
NOBODY = re.compile(r"(?:no-?_?reply|do-?not-?reply|mailer-daemon|postmaster|bounces?)(?:[+.-].*)?@", re.IGNORECASE)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Original:
    """The message that is answered."""

    subject: str
    message_id: str = ""
    references: tuple[str, ...] = ()
    sender_name: str = ""
    sender_address: str = ""
    sent_at: datetime | None = None
    text: str = ""

    @classmethod
    def of(cls, mail: Mail) -> Original:
        name, address = (mail.sender.name, mail.sender.address) if mail.sender else ("", "")
        known = mail.references or ((mail.in_reply_to,) if mail.in_reply_to else ())
        return cls(mail.subject, mail.message_id, known, name, address, mail.sent_at, mail.text)


@dataclass(frozen=True, slots=True)
class Composed:
    """Subject, body and the head's fields (Message-ID, In-Reply-To, References, Auto-Submitted) of an answer."""

    message_id: str
    in_reply_to: str
    references: tuple[str, ...]
    subject: str
    body: str
    is_automatic: bool = False

    @property
    def headers(self) -> dict[str, str]:
        told = {"Message-ID": f"<{self.message_id}>"}
        if self.in_reply_to:
            told["In-Reply-To"] = f"<{self.in_reply_to}>"
        if self.references:
            told["References"] = " ".join(f"<{each}>" for each in self.references)
        if self.is_automatic:
            told |= {"Auto-Submitted": "auto-replied", "X-Auto-Response-Suppress": "All"}
        return told


def compose(
    words: str,
    *,
    original: Original,
    ticket: str,
    domain: str,
    signature: str = "",
    quotes: bool = True,
    is_automatic: bool = False,
    message_id: str = "",
) -> Composed:
    """An answer to `original` (of a ticket that began otherwise: an Original with its subject alone)."""
    parent = original.message_id if ID.fullmatch(original.message_id) else ""
    body = "\n\n".join(piece for piece in (clean.text(words).strip(), _sign(signature), quoted(original) if quotes else "") if piece)  # fmt: skip
    return Composed(
        message_id=message_id or new_message_id(ticket, domain),
        in_reply_to=parent,
        references=chain(original.references, parent),
        subject=subject(original.subject, ticket=ticket, is_answer=bool(parent or original.text)),
        body=f"{body}\n",
        is_automatic=is_automatic,
    )


def new_message_id(ticket: str, domain: str) -> str:
    """Never used before, at our domain, with the ticket in it; without angle brackets."""
    return f"{ticket.lower()}.{secrets.token_hex(12)}@{domain.lower()}"


def chain(references: Sequence[str], parent: str) -> tuple[str, ...]:
    """The thread's Message-IDs with the parent last; of a long thread the first and the newest."""
    known = [each for each in dict.fromkeys(references) if ID.fullmatch(each) and each != parent]
    ids = [*known, *([parent] if parent else [])]
    return tuple(ids if len(ids) <= MOST_REFERENCES else [ids[0], *ids[1 - MOST_REFERENCES :]])


def subject(told: str, *, ticket: str, is_answer: bool = True) -> str:
    """「Re: 件名 [TK-…]」: one Re:, however many languages piled up theirs; one mark."""
    base = numbers.without_mark(clean.line(told))
    while found := ANSWERS.match(base):
        base = base[found.end() :].strip()
    base = numbers.without_mark(base)[:MOST_SUBJECT].strip() or "お問い合わせ"
    return f"{'Re: ' if is_answer else ''}{base} [{ticket}]"


def quoted(original: Original) -> str:
    """The original below the answer, with the line that mail programs in Japan put above it; "" when it holds no words."""
    rows = clean.text(original.text).strip("\n").split("\n")
    if not any(row.strip() for row in rows):
        return ""
    kept = [f"> {row}".rstrip() for row in rows[:MOST_QUOTED]]
    if len(rows) > MOST_QUOTED:
        kept.append(f"> （以下 {len(rows) - MOST_QUOTED} 行を省略）")
    return "\n".join([_headline(original), *kept])


def _headline(original: Original) -> str:
    name = clean.line(original.sender_name).replace("<", "").replace(">", "")
    who = " ".join(piece for piece in (name, f"<{original.sender_address}>" if original.sender_address else "") if piece)  # fmt: skip
    if original.sent_at is None:
        return f"{who or 'お客様'} さんは書きました:"
    at = original.sent_at.astimezone(TOKYO)
    return f"{at.year}年{at.month}月{at.day}日({DAYS[at.weekday()]}) {at:%H:%M} {who or 'お客様'}:"


def _sign(signature: str) -> str:
    """The shop's signature under the line that programs know it by."""
    text = clean.text(signature).strip()
    return text if not text or text.startswith("-- \n") else f"-- \n{text}"


def may_answer_by_itself(mail: Mail) -> bool:
    """Is an automatic answer (受付のお知らせ) safe? Only to a person, and to an address that somebody reads."""
    to = mail.answer_to
    return mail.kind == Kind.PERSON and to is not None and not NOBODY.match(to.address)
