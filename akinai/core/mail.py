"""Outgoing mail (送信メール): queued in the transaction that needs it, sent after commit, never twice by itself.

`key` names the business fact ("shipped:SH-2026-000123"), so asking twice queues once. A mail is claimed before the
server is asked (state 送信中); when the process dies in between, nobody can know whether it left, so it is not sent
again but shown to a person. What the server refuses for good fails at once, the rest is tried again for half a day.
"""

from __future__ import annotations

import logging
import smtplib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.errors import MessageError
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMessage, mailers
from django.core.mail.backends.base import BaseEmailBackend
from django.core.validators import validate_email
from django.db import connection, models, transaction

from akinai.core import activity, bounces, clock, events, transitions
from akinai.core.errors import DomainError

if TYPE_CHECKING:
    from akinai.core.models import OutgoingMail
    from akinai.staff.models import Staff

log = logging.getLogger("akinai.mail")
WAIT_MINUTES = (1, 5, 15, 60, 180, 360)  # before the second, third … try
MAX_TRIES = len(WAIT_MINUTES) + 1
THREAD = ("Message-ID", "In-Reply-To", "References")
INTERRUPTED_AFTER = timedelta(minutes=15)
INTERRUPTED = "送信の途中で止まりました。届いているかもしれないので、お客様に確かめてから再送してください。"


@dataclass(frozen=True, slots=True)
class Sort:
    """種類 of mails by the first word of their key: what they are, and where the document is that they tell of."""

    title: str
    url_of: Callable[[str], str]


_sorts: dict[str, Sort] = {}

# What only the receiver may read (a link that opens an account): it stands in no table and is put in when the mail leaves.
SECRET = "［お客様だけに届くリンク］"  # noqa: S105  (what stands in its place)
_secrets: dict[str, Callable[[str], str]] = {}


def register_secret(word: str, tell: Callable[[str], str]) -> None:
    """A room says what takes the place of SECRET in its mails; `tell` gets the rest of the key when the mail leaves."""
    _secrets[word] = tell


def _told_in_secret(mail: OutgoingMail) -> str:
    """The body as it is sent."""
    word, _, rest = mail.key.partition(":")
    if SECRET not in mail.body or word not in _secrets:
        return mail.body
    return mail.body.replace(SECRET, _secrets[word](rest))


def register_sort(word: str, title: str, url_of: Callable[[str], str]) -> None:
    """A room says what its mails are (called from AppConfig.ready); `url_of` gets the rest of the key."""
    _sorts[word] = Sort(title, url_of)


def sorts() -> dict[str, str]:
    """word → title, for filters."""
    return {word: sort.title for word, sort in _sorts.items()}


def sort_of(key: str) -> tuple[str, str]:
    """(種類, address of the document) of a mail; ("そのほか", "") when no room knows it."""
    word, _, rest = key.partition("#")[0].partition(":")
    sort = _sorts.get(word)
    return (sort.title, sort.url_of(rest)) if sort else ("そのほか", "")


def is_address(text: str) -> bool:
    """Can mail be sent to this text?"""
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


def enqueue(
    *,
    to: str,
    subject: str,
    body: str,
    key: str,
    reply_to: str = "",
    attachments: Sequence[tuple[str, Path]] = (),
    unsubscribe_url: str = "",
    headers: Mapping[str, str] | None = None,
    not_before: datetime | None = None,
) -> OutgoingMail:
    """Queue one mail; the same `key` again returns the first one, or queues it anew when it failed or was cancelled.

    `unsubscribe_url`: where one press of the mail program stops mails of this kind (RFC 8058). `headers`: those of
    THREAD that make it a part of a conversation. `not_before`: it waits until then, and can be taken back.

    Raises DomainError for an address that cannot be one and for line breaks in the head (header injection).
    """
    from akinai.core.models import OutgoingMail

    told = {name: value for name, value in (headers or {}).items() if name in THREAD and value}
    _check(to, subject, reply_to, *told.values())
    content = {
        "to": to,
        "subject": subject,
        "body": body,
        "reply_to": reply_to,
        "attachments": [[name, str(path)] for name, path in attachments],
        "unsubscribe_url": unsubscribe_url,
        "headers": told,
        "not_before": not_before or clock.now(),
    }
    mail, is_new = OutgoingMail.objects.get_or_create(key=key, defaults=content)
    given_up = [OutgoingMail.State.FAILED, OutgoingMail.State.CANCELLED]
    if not is_new:
        anew = {"state": OutgoingMail.State.QUEUED, "tries": 0, "last_error": ""}
        OutgoingMail.objects.filter(pk=mail.pk, state__in=given_up).update(**content, **anew)
        mail.refresh_from_db()
    return mail


def _check(to: str, subject: str, reply_to: str, *more: str) -> None:
    if any(ord(char) < 32 or ord(char) == 127 for text in (to, subject, reply_to, *more) for char in text):
        raise DomainError(
            "メールの宛先または件名に改行などの見えない文字が入っています。",
            way_out="改行を取り除いてください。",
        )
    for address in (to, *([reply_to] if reply_to else [])):
        if not is_address(address):
            raise DomainError(
                f"メールアドレス「{address[:60]}」の形が正しくありません。",
                way_out="アドレスを確かめてください。",
            )


def tried(prefix: str) -> int:
    """How many mails whose key begins with `prefix` have left."""
    from akinai.core.models import OutgoingMail

    return OutgoingMail.objects.filter(key__startswith=prefix, state=OutgoingMail.State.SENT).count()


def is_waiting(key: str) -> bool:
    """Will the mail of `key` still be sent, or is it being sent now?"""
    from akinai.core.models import OutgoingMail

    state = OutgoingMail.State
    return OutgoingMail.objects.filter(key=key, state__in=[state.QUEUED, state.SENDING]).exists()


def cancelled(keys: Iterable[str]) -> set[str]:
    """Those of these keys whose mail was taken back before it left. One query."""
    from akinai.core.models import OutgoingMail

    rows = OutgoingMail.objects.filter(key__in=list(keys), state=OutgoingMail.State.CANCELLED)
    return set(rows.values_list("key", flat=True))


def waiting_keys(prefix: str) -> list[str]:
    """Keys beginning with `prefix` of the mails that have not left yet."""
    from akinai.core.models import OutgoingMail

    rows = OutgoingMail.objects.filter(state=OutgoingMail.State.QUEUED, key__startswith=prefix)
    return list(rows.values_list("key", flat=True))


def cancel(key: str, *, reason: str) -> bool:
    """送信の取消 by the fact that no longer holds. True when a mail was still waiting."""
    from akinai.core.models import OutgoingMail

    waiting = OutgoingMail.objects.filter(key=key, state=OutgoingMail.State.QUEUED)
    return bool(waiting.update(state=OutgoingMail.State.CANCELLED, last_error=reason[:300]))


@transaction.atomic
def cancel_one(mail: OutgoingMail, *, by: Staff | None) -> None:
    """送信の取消 by a person. Raises ImpossibleMove when it is being sent or has left."""
    transitions.apply(mail, "cancel", by=by)
    events.emit("mail.given_up", key=mail.key)


@transaction.atomic
def send_again(mail: OutgoingMail, *, by: Staff | None, to: str = "") -> OutgoingMail:
    """再送: what failed or was cancelled waits again; of what has left a copy is queued, so the first stays as it was.

    `to` is another address. Raises DomainError for a wrong one and for a mail that waits already.
    """
    from akinai.core.models import OutgoingMail

    if not mail.body:
        raise DomainError(
            "このメールの内容は、個人情報の消去か保存期間で消えています。",
            way_out="必要なら、受注や請求書の画面から送り直してください。",
        )
    address = to.strip() or mail.to
    _check(address, mail.subject, mail.reply_to)
    note = "再送" if address == mail.to else "宛先を変えて再送"
    mail = OutgoingMail.objects.select_for_update().get(pk=mail.pk)
    if mail.state != OutgoingMail.State.SENT:
        fields = {"to": address, "tries": 0, "last_error": "", "not_before": clock.now()}
        return transitions.apply(mail, "again", by=by, note=note, set_fields=fields)
    copies = OutgoingMail.objects.filter(key__startswith=f"{mail.key}#").count()
    copy = OutgoingMail.objects.create(
        key=f"{mail.key}#{copies + 2}", to=address, reply_to=mail.reply_to, subject=mail.subject, body=mail.body,
        attachments=mail.attachments, unsubscribe_url=mail.unsubscribe_url,
        headers={name: value for name, value in mail.headers.items() if name != "Message-ID"},
    )  # fmt: skip
    activity.record(mail, "again", by=by, summary=note)
    return copy


def send_due(*, limit: int = 1000, by_way_of: BaseEmailBackend | None = None) -> int:
    """Send what is queued, oldest first. Returns how many left. Several processes may run it.

    `by_way_of` is another way than the settings' (the demo company's letters must reach nobody).
    """
    _give_up_interrupted()
    sent = 0
    with _Line(by_way_of) as line:
        for _ in range(limit):
            pk = _claim()
            if pk is None:
                break
            sent += _send(pk, line)
    return sent


def _claim() -> int | None:
    """The next mail that is due, for this process alone: one statement takes it out of the queue."""
    now = clock.now()
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE core_outgoingmail SET state = 'sending', tries = tries + 1, not_before = %s
            WHERE id = (SELECT id FROM core_outgoingmail WHERE state = 'queued' AND not_before <= %s
                        ORDER BY not_before, id FOR UPDATE SKIP LOCKED LIMIT 1)
            RETURNING id
            """,
            [now, now],
        )
        row = cursor.fetchone()
    return row[0] if row else None


def _give_up_interrupted() -> None:
    """Mails whose process died while the server was asked."""
    from akinai.core.models import OutgoingMail

    since = clock.now() - INTERRUPTED_AFTER
    stuck = OutgoingMail.objects.filter(state=OutgoingMail.State.SENDING, not_before__lt=since)
    for mail in stuck:
        _fail(mail, INTERRUPTED)


class _Line:
    """One connection to the mail server for many mails; opened with the first, closed with the last or on trouble."""

    def __init__(self, backend: BaseEmailBackend | None = None) -> None:
        self.backend = backend

    def __enter__(self) -> _Line:
        return self

    def send(self, message: EmailMessage) -> None:
        if self.backend is None:
            self.backend = mailers.default
            self.backend.open()
        self.backend.send_messages([message])

    def close(self) -> None:
        backend, self.backend = self.backend, None
        if backend is not None:
            backend.close()

    def __exit__(self, *_: object) -> None:
        self.close()


def _send(pk: int, line: _Line) -> bool:
    """Ask the server for one claimed mail and write down how it ended."""
    from akinai.core.models import OutgoingMail

    mail = OutgoingMail.objects.get(pk=pk)
    try:
        line.send(_message(mail))
    except Exception as error:
        log.warning("mail %s failed: %s", pk, type(error).__name__)
        line.close()
        reason = _reason(error)
        if _is_final(error) or mail.tries >= MAX_TRIES:
            _fail(mail, reason)
        else:
            _wait(mail, reason)
        return False
    _sent(mail)
    return True


def _message(mail: OutgoingMail) -> EmailMessage:
    headers = {bounces.HEADER: str(mail.pk), **mail.headers}
    if mail.unsubscribe_url:
        headers["List-Unsubscribe"] = f"<{mail.unsubscribe_url}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message = EmailMessage(
        subject=mail.subject,
        body=_told_in_secret(mail),
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.to],
        reply_to=[mail.reply_to] if mail.reply_to else None,
        headers=headers,
    )
    for name, path in mail.attachments:
        message.attach(name, Path(path).read_bytes())
    return message


def _is_final(error: Exception) -> bool:
    """Trying again would not help: the server said no for good, a file is gone, or the mail itself is wrong."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _ in error.recipients.values())
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return False  # the settings will be put right, and the mails shall leave then
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code >= 500
    return isinstance(error, FileNotFoundError | MessageError | ValueError)


def _reason(error: Exception) -> str:
    """Why it failed, for the person who has to do something about it."""
    said = str(error)
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        said = " ".join(f"{code} {_text(text)}" for code, text in error.recipients.values())
        return f"宛先をメールサーバーが受け付けませんでした（{said}）。アドレスを確かめてください。"[:300]
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "メールサーバーにログインできません。送信の設定を確かめてください。"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"メールサーバーが受け付けませんでした（{error.smtp_code} {_text(error.smtp_error)}）。"[:300]
    if isinstance(error, FileNotFoundError):
        return "添付のファイルが見つかりません。書類の画面で確かめてください。"
    if isinstance(error, OSError | smtplib.SMTPException):
        return f"メールサーバーにつながりません（{said or type(error).__name__}）。"[:300]
    return f"メールを作れませんでした（{said or type(error).__name__}）。"[:300]


def _text(said: bytes | str) -> str:
    return said.decode(errors="replace") if isinstance(said, bytes) else said


def _sent(mail: OutgoingMail) -> None:
    now = clock.now()
    with transaction.atomic():
        type(mail)._default_manager.filter(pk=mail.pk).update(
            state=mail.State.SENT, sent_at=now, last_error=""
        )
        events.emit("mail.sent", key=mail.key, to=mail.to, at=now.isoformat())


def _wait(mail: OutgoingMail, reason: str) -> None:
    later = clock.now() + timedelta(minutes=WAIT_MINUTES[mail.tries - 1])
    type(mail)._default_manager.filter(pk=mail.pk).update(
        state=mail.State.QUEUED, not_before=later, last_error=reason
    )


def _fail(mail: OutgoingMail, reason: str) -> None:
    with transaction.atomic():
        failed: models.QuerySet[OutgoingMail] = type(mail)._default_manager.filter(
            pk=mail.pk, state=mail.State.SENDING
        )
        if failed.update(state=mail.State.FAILED, last_error=reason[:300]):
            events.emit("mail.given_up", key=mail.key)
