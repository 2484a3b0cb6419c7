"""A mail as the room of support takes it: `Mail` or `Refusal` of the mailbox → `Arrival`. The mailbox itself knows no room."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.conf import settings

from akinai.adapters.mailbox import compose, drop, imap, malls, sniff
from akinai.adapters.mailbox.mail import Attachment, Bounced, Mail, Refusal
from akinai.adapters.mailbox.parser import read_mail
from akinai.support import ports


def arrival(raw: bytes, came_from: str) -> ports.Arrival:
    """届いたメール, read. Never raises, whatever the bytes."""
    got = read_mail(raw, ours=ours())
    if isinstance(got, Refusal):
        return ports.Arrival(raw, came_from, refused=got.reason)
    return _arrival(got, raw, came_from)


def ours() -> set[str]:
    """The shop's own domain and address, by which our own letters are known when they come back."""
    address = os.environ.get("AKINAI_MAIL_FROM", "") or settings.DEFAULT_FROM_EMAIL
    bare = address.rpartition("<")[2].strip("> ").lower()
    return {bare} if bare else set()


def _arrival(mail: Mail, raw: bytes, came_from: str) -> ports.Arrival:
    answer = mail.answer_to
    return ports.Arrival(
        raw=raw, came_from=came_from, kind=ports.Kind(mail.kind.value), message_id=_bracketed(mail.message_id),
        in_reply_to=_bracketed(mail.in_reply_to), references=[_bracketed(one) for one in mail.references],
        sender_address=mail.sender.address if mail.sender else "", sender_name=mail.sender.name if mail.sender else "",
        reply_to=answer.address if answer else "", recipients=[one.address for one in (*mail.to, *mail.cc)],
        subject=mail.subject, sent_at=mail.sent_at, text=mail.text, html=mail.html, quoted_from=mail.quoted_from,
        ticket_numbers=mail.ticket_numbers, bounced=[_returned(one) for one in mail.bounced if one.is_final],
        doubts=mail.doubts, files=[_file(one) for one in mail.attachments], is_masked=bool(mail.mall),
        facts={
            "mall": mail.mall, "why": mail.why_kind,
            "late": "、".join(one.address for one in mail.bounced if one.address and not one.is_final),
        },
    )  # fmt: skip


def _file(one: Attachment) -> ports.ArrivedFile:
    return ports.ArrivedFile(one.name, one.mime, one.data)


def _returned(one: Bounced) -> ports.Returned:
    return ports.Returned(one.address, one.why or one.said, one.code, _bracketed(one.message_id), one.mail_no)


def _bracketed(message_id: str) -> str:
    return f"<{message_id}>" if message_id else ""


class Mailboxes:
    """受信箱 and 受け皿フォルダー as the room of support asks for them."""

    def look(self, box: ports.Box) -> ports.Looked:
        """Raises MailSourceError."""
        seen = imap.look(_account(box))
        place = ports.Place(seen.newest.uid_validity, seen.newest.last_uid)
        return ports.Looked(seen.mails, place, seen.folders)

    def fetch_new(self, box: ports.Box, since: ports.Place) -> Iterator[tuple[ports.Place, bytes]]:
        """Raises MailSourceError."""
        begin = imap.Position(since.uid_validity, since.last_uid)
        for reached, raw in imap.fetch_new(_account(box), begin):
            yield ports.Place(reached.uid_validity, reached.last_uid), raw

    def claim(self, folder: Path) -> Iterator[ports.Dropped]:
        return drop.claim(folder)


class Letters:
    """返信 as the mailbox composes it, and what the malls ask of letters to their addresses."""

    def compose(
        self, words: str, *, answered: ports.Answered, ticket: str, signature: str, quotes: bool
    ) -> ports.Composed:
        original = compose.Original(
            answered.subject, _bare(answered.message_id), tuple(_bare(one) for one in answered.references),
            answered.sender_name, answered.sender_address, answered.at, answered.text,
        )  # fmt: skip
        out = compose.compose(
            words, original=original, ticket=ticket, domain=_domain(), signature=signature, quotes=quotes
        )
        return ports.Composed(out.body, out.headers)

    def subject(self, told: str, *, ticket: str) -> str:
        return compose.subject(told, ticket=ticket)

    def mall_rule(self, address: str) -> ports.MallRule | None:
        mall = malls.mall_of(address)
        if not mall:
            return None
        title = f"{malls.TITLES[mall]}の隠しアドレスへの返信"
        warning, refusal, way_out = malls.RULES[mall]
        return ports.MallRule(title, warning, "" if not refusal or _may_leave(mall) else refusal, way_out)


def _may_leave(mall: str) -> bool:
    """Does our mail server go the way that the mall asks for? By its name, or because the operator says so."""
    told = os.environ.get("AKINAI_MALL_MAIL", "").replace(" ", "").split(",")
    options: Any = settings.MAILERS["default"].get("OPTIONS", {})
    return mall in told or malls.mall_of(f"x@{options.get('host', '')}") == mall


def _domain() -> str:
    return settings.DEFAULT_FROM_EMAIL.rpartition("@")[2].strip("> ") or "localhost"


def _bare(message_id: str) -> str:
    return message_id.strip("<> ")


def _account(box: ports.Box) -> imap.Account:
    return imap.Account(
        host=box.host, user=box.user, password=box.password, port=box.port, folder=box.folder,
        security=imap.Security(box.security), after=imap.After(box.after), move_to=box.move_to,
    )  # fmt: skip


def register_mailbox() -> None:
    """Support may read mails, fetch them and write letters."""
    ports.fill_reader(arrival)
    ports.fill_sniffer(sniff.mime)
    ports.fill_mailboxes(Mailboxes())
    ports.fill_letters(Letters())
