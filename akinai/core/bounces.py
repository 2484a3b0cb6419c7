"""不達メール: a mail that had left and came back. By hand with what the server said, or read from the notice itself (.eml).

A notice comes from outside: it counts only for a mail that did leave for that very address.
"""

from __future__ import annotations

import email
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q

from akinai.core import clock, events, transitions
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.core.models import OutgoingMail
    from akinai.staff.models import Staff

HEADER = "X-Akinai-Mail"  # our own number, which the notice gives back with the headers of the mail
DAYS = 30  # a notice without it is believed of the newest mail to that address in so many days
MOST_BYTES = 5 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Bounce:
    """不達 1 件 as the notice says it."""

    to: str
    reason: str
    mail_no: int | None = None


def read(data: bytes) -> list[Bounce]:
    """What a notice (multipart/report) says of each address that failed for good. Raises DomainError for anything else."""
    if len(data) > MOST_BYTES:
        raise DomainError(
            "ファイルが大きすぎます（5MBまで）。", way_out="不達の通知メールだけを選んでください。"
        )
    try:
        notice = email.message_from_bytes(data, policy=policy.default)
        parts = list(notice.walk())
        mail_no = _mail_no(parts)
        found = [
            Bounce(to, reason, mail_no) for part in parts if part.get_content_type() == "message/delivery-status"
            for to, reason in _failed(part)
        ]  # fmt: skip
    except (MessageError, ValueError, LookupError, AttributeError) as error:
        raise DomainError(
            "メールのファイル（.eml）として読めません。",
            way_out="メールソフトから .eml で保存し直してください。",
        ) from error
    if not found:
        raise DomainError(
            "不達の通知ではないメールです。",
            way_out="「配信不能」などの通知メールを、そのまま保存して選んでください。",
        )
    return found


def _failed(part: EmailMessage | email.message.Message) -> Iterator[tuple[str, str]]:
    """(address, what the server said) of the delivery status; delays are no failure."""
    blocks = part.get_payload()
    for block in blocks if isinstance(blocks, list) else []:
        if not isinstance(block, email.message.Message):
            continue
        # Some servers write their reason behind it: "failed (Bad destination mailbox)".
        if str(block.get("Action", "")).partition("(")[0].strip().lower() != "failed":
            continue
        # Where a mail is passed on, the original address is the one that we wrote to.
        to = (
            str(block.get("Original-Recipient") or block.get("Final-Recipient") or "")
            .rpartition(";")[2]
            .strip()
        )
        said = str(block.get("Diagnostic-Code") or block.get("Status") or "").rpartition(";")[2]
        yield to, " ".join(said.split())[:200]


def _mail_no(parts: Sequence[email.message.Message]) -> int | None:
    """Our number out of the headers that came back."""
    for part in parts:
        text = str(part.get(HEADER, ""))
        if part.get_content_type() == "text/rfc822-headers":
            returned = email.message_from_string(str(part.get_payload()), policy=policy.default)
            text = text or str(returned.get(HEADER, ""))
        if text.isascii() and text.isdigit() and len(text) < 15:
            return int(text)
    return None


def mail_of(bounce: Bounce) -> OutgoingMail | None:
    """The mail that came back: by our number and the address, else the newest that left for it."""
    from akinai.core.models import OutgoingMail

    left = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT)
    gone = left.filter(to__iexact=bounce.to)
    if bounce.mail_no is not None:
        # Of a letter whose address was erased when it had left, the number is all that is known.
        return left.filter(Q(to__iexact=bounce.to) | Q(to=""), pk=bounce.mail_no).first()
    return gone.filter(sent_at__gte=clock.now() - timedelta(days=DAYS)).order_by("-sent_at", "-pk").first()


@transaction.atomic
def note_bounced(mail: OutgoingMail, *, reason: str, by: Staff | None) -> OutgoingMail:
    """不達にする: it had left and came back. Raises ImpossibleMove for a mail that has not left."""
    said = f"相手に届かずに戻りました。{reason.strip()}"[:300]
    done = transitions.apply(
        mail, "bounce", by=by, note=reason.strip()[:200], set_fields={"last_error": said}
    )
    events.emit("mail.given_up", key=mail.key)
    return done


def take_in(data: bytes, *, by: Staff | None) -> tuple[list[OutgoingMail], list[str]]:
    """通知の読み込み. Out: the mails that are 不達 now, and the addresses of which no mail had left."""
    done, unknown = [], []
    for bounce in read(data):
        mail = mail_of(bounce)
        if mail is None:
            unknown.append(bounce.to or "宛先なし")
        else:
            done.append(note_bounced(mail, reason=bounce.reason, by=by))
    return done, unknown
