"""ヘッダー: the block of a mail or part → fields, and what a field says as text. Raw 8-bit, RFC 2047 and broken forms of it.

Fields stay bytes until somebody asks, because one head may be written in several charsets.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from akinai.adapters.mailbox import charset, clean

FIELD = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
WORD = re.compile(rb"=\?([^?\s]{1,80})\?([bBqQ])\?([^?]*)\?=")
BETWEEN = re.compile(rb"[ \t\r\n]*")
MOST_VALUE = 100_000
KNOWN = {
    b"from", b"to", b"cc", b"bcc", b"subject", b"date", b"received", b"message-id", b"mime-version", b"content-type", b"reply-to",
    b"return-path", b"delivered-to", b"sender", b"in-reply-to", b"references", b"content-transfer-encoding", b"envelope-to",
    b"x-original-to", b"dkim-signature", b"content-disposition", b"x-mailer", b"list-id", b"resent-from", b"auto-submitted",
}  # fmt: skip


@dataclass(slots=True)
class Heads:
    """The fields of one head in their order, and the lines that are none."""

    fields: list[tuple[bytes, bytes]] = field(default_factory=list)
    strange: list[bytes] = field(default_factory=list)

    def all(self, name: str) -> list[bytes]:
        wanted = name.lower().encode()
        return [value for found, value in self.fields if found == wanted]

    def raw(self, name: str) -> bytes:
        """The first field of this name that says something."""
        return next((value for value in self.all(name) if value.strip()), b"")

    def text(self, name: str, doubts: list[str] | None = None) -> str:
        return clean.line(decode(self.raw(name), doubts))

    def is_of_mail(self) -> bool:
        return any(name in KNOWN for name, _ in self.fields)


def read(data: bytes, start: int = 0, end: int | None = None) -> tuple[Heads, int]:
    """The head that begins at `start` → (fields, where the body begins). A head ends at an empty line.

    A line that is neither field nor continuation is passed over when a field follows it; else the body begins there.
    """
    heads, at, stop = Heads(), start, len(data) if end is None else end
    while at < stop:
        following = _end_of_line(data, at, stop)
        row = data[at:following].rstrip(b"\r\n")
        if not row.strip(b" \t"):
            # An empty line ends the head; one of blanks only when no field follows (a fold that lost its text).
            if not row or not _goes_on(data, following, stop):
                return heads, following
        elif row[:1] in b" \t" and heads.fields:
            name, value = heads.fields[-1]
            if len(value) < MOST_VALUE:
                heads.fields[-1] = (name, value + b"\r\n" + row)
        elif found := FIELD.match(row):
            heads.fields.append((found[1].lower(), row[found.end() :].strip(b" \t")))
        elif _goes_on(data, following, stop):
            heads.strange.append(row[:200])
        else:
            return heads, at
        at = following
    return heads, stop


def _end_of_line(data: bytes, at: int, stop: int) -> int:
    found = data.find(b"\n", at, stop)
    return stop if found < 0 else found + 1


def _goes_on(data: bytes, at: int, stop: int) -> bool:
    row = data[at : min(_end_of_line(data, at, stop), at + 200)]
    return FIELD.match(row) is not None or (row[:1] in b" \t" and bool(row.strip()))


def decode(raw: bytes, doubts: list[str] | None = None) -> str:
    """What a field says. Encoded words side by side in one charset are joined first: many writers cut letters in two."""
    return "".join(text for text, _ in pieces(raw, doubts))


def pieces(raw: bytes, doubts: list[str] | None = None) -> Iterator[tuple[str, bool]]:
    """(text, was it an encoded word?) in order; the blanks between two encoded words are not text."""
    raw = raw[:MOST_VALUE].replace(b"\r\n", b"").replace(b"\n", b"")
    at = 0
    run: list[tuple[str, bytes]] = []
    for found in WORD.finditer(raw):
        gap = raw[at : found.start()]
        if gap.strip(b" \t\r\n") or not run:
            yield from _of_run(run, doubts)
            run = []
            if gap:
                yield _plain(gap, doubts), False
        run.append((_charset_of(found[1]), _bytes_of(found[2], found[3])))
        at = found.end()
    yield from _of_run(run, doubts)
    if raw[at:]:
        yield _plain(raw[at:], doubts), False


def _charset_of(name: bytes) -> str:
    return name.partition(b"*")[0].decode("ascii", errors="replace").lower()


def _bytes_of(encoding: bytes, body: bytes) -> bytes:
    if encoding in b"bB":
        return from_base64(body)[0]
    return binascii.a2b_qp(body.replace(b"_", b" "), header=False)


def _of_run(run: list[tuple[str, bytes]], doubts: list[str] | None) -> Iterator[tuple[str, bool]]:
    """Encoded words side by side, those of one charset joined."""
    at = 0
    while at < len(run):
        name, data = run[at]
        at += 1
        while at < len(run) and run[at][0] == name:
            data += run[at][1]
            at += 1
        yield _said(data, name, doubts), True


def _plain(raw: bytes, doubts: list[str] | None) -> str:
    return _said(raw, "", doubts)


def _said(data: bytes, name: str, doubts: list[str] | None) -> str:
    got = charset.decode(data, name)
    if doubts is not None and got.doubt:
        doubts.append(f"見出し: {got.doubt}")
    return got.text


LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
BLANKS = b" \t\r\n\x0b\x0c"
STRANGE = bytes(set(range(256)) - set(LETTERS))


def from_base64(data: bytes) -> tuple[bytes, int]:
    """Base64 as far as it goes → (bytes, how many letters were none). Several pieces with their own padding are joined."""
    dense = data.translate(None, BLANKS)
    plain = dense.translate(None, STRANGE)
    stray = len(dense) - len(plain)
    out = []
    for piece in plain.split(b"="):
        if len(piece) % 4 == 1:
            stray += 1
            piece = piece[:-1]
        if piece:
            out.append(binascii.a2b_base64(piece + b"=" * (-len(piece) % 4)))
    return b"".join(out), stray
